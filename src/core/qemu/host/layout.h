/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_LAYOUT_H
#define CORE_QEMU_PLAN_LAYOUT_H

#include "core/qemu/host/facts.h"

/*
 * How the files of a VM are called and what a path boots as. host_gather
 * and plan_build both ask here, so that what was looked at is what the
 * plan uses. Pure; results are the caller's.
 */

/* The guest's architecture: as given, else the host's. */
enum vm_arch layout_arch(const struct vm_spec *, const struct host_facts *);
/* What the image boots as, from facts alone; BOOT_AUTO: nothing there to boot. */
enum boot_mode layout_boot(const struct vm_spec *, const struct host_facts *);
/* The state directory as it was written, for mkdir (facts->state is the same, cleaned). */
char *layout_state_written(const struct vm_spec *, const struct host_facts *);
/* NAME in the state directory. */
char *layout_in_state(const struct host_facts *, const char *name);
/* Of disk number i, the file as QEMU's working directory sees it. */
char *layout_disk(const struct vm_spec *, const struct host_facts *, size_t i);
/* Of share number i, absolute: a daemon changes its directory before it looks. */
char *layout_share(const struct vm_spec *, const struct host_facts *, size_t i);
/* In the state directory: the variables, and a combined image with its variables in it. */
#define LAYOUT_UEFI_VARS "uefi-vars.fd"
#define LAYOUT_UEFI_COMBINED "uefi.fd"
/* Where the variables' template of a firmware named ..CODE.. is; NULL when the name has no CODE. */
char *layout_vars_beside(const char *code);

/* What image builders put behind a name, NULL at the end: who leaves it out is told. */
const char *const *layout_endings(void);

/* "x" for "x-", "x-kernel" and the like, as a shell completes it; NULL: it ends in none of these. The caller's. */
char *layout_stem(const char *image);

/* As QEMU's block layer must see a path: "a:b" would be a protocol. */
char *layout_block_path(const char *path);
/* As qemu-img must see it: there, and only there, "-x" would be an option. */
char *layout_img_path(const char *path);
/* For option lists: every comma doubled. */
char *layout_commas(const char *text);
/* Both. */
char *layout_block_value(const char *path);

/* Is there something a guest can read: a regular file or a block device? */
bool file_is_image(const struct file_fact *);
/* Why a file can't be used, for people: "No such file or directory", "is a directory"; NULL: it can. */
const char *file_trouble(const struct file_fact *);

#endif
