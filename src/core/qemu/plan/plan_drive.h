/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_DRIVE_H
#define CORE_QEMU_PLAN_PLAN_DRIVE_H

#include "core/qemu/plan/plan_data.h"

#include <stdint.h>

struct host_facts;
struct problems;
struct vm_spec;

/*
 * Plans for one drive of a VM that runs already, or that is off and will not be
 * started now. The rules about files are those of a start. Pure.
 */
struct drive_plan {
	struct plan plan;	/* only its steps: what must be done before QEMU gets the file */
	char *path;
	char *format;		/* in which QEMU must open it; never NULL if there is no problem */
	bool is_device;		/* a block device of this host */
	bool creates;		/* there is no file yet */
};

/* Disk i of the spec. Appends what a start would report about it to `problems`; the caller finishes `out`. */
void plan_disk(const struct vm_spec *, const struct host_facts *, size_t i, struct drive_plan *out, struct problems *);
/* The boot image, if it boots as a disk; anything else is a problem. `creates` is never set. */
void plan_boot_disk(const struct vm_spec *, const struct host_facts *, struct drive_plan *out, struct problems *);
/*
 * A file for a CD drive, which must have been probed with PROBE_CONTENT: raw, and only read. Problems are of the setting
 * `image`.
 */
void plan_cd(const struct vm_spec *, const struct host_facts *, const char *path, struct problems *);
/* Arguments of qemu-img that set a disk image to this size. The caller finishes them. */
void plan_resize_args(const struct host_facts *, const char *path, const char *format, uint64_t bytes, struct strv *argv);
void drive_plan_finish(struct drive_plan *);

#endif
