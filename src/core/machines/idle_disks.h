/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_IDLE_DISKS_H
#define CORE_MACHINES_IDLE_DISKS_H

#include "core/qemu/host/facts.h"
#include "core/qemu/plan/plan_drive.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stddef.h>

struct error;
struct vm_config;

/* The disks of a VM that is off, for work on their files: the one that it boots, if it does, and those of `disk`. */
struct idle_disk {
	int index;			/* of the value of `disk`; DRIVE_IMAGE_INDEX for the boot image */
	struct drive_plan drive;
};

struct idle_disks {
	char *state;			/* the state directory, absolute; it need not exist */
	struct vm_spec spec;
	struct host_facts facts;
	struct problems problems;
	struct idle_disk *items;
	size_t count;
};

/*
 * Fails while the VM runs or a job holds its state directory, where a start would be refused because of one of the
 * disks, and if somebody else writes to one. The caller finishes `out` in any case.
 */
bool idle_disks_open(const struct vm_config *, struct idle_disks *out, struct error *);
void idle_disks_finish(struct idle_disks *);

#endif
