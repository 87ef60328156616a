/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_SNAPSHOT_H
#define CORE_MACHINES_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct error;
struct vm_config;

/*
 * Snapshots of a VM that is off: of all of its disks together, in the qcow2 images themselves, and of its UEFI variables,
 * as a file in the state directory. They are under one tag. A disk of another format is an error, since a snapshot
 * without it would be of half a VM. All functions wait for qemu-img, so they are not for the screen, and hold the lock
 * of the state directory, so that the VM does not start meanwhile.
 */
struct snapshot {
	char *tag;
	time_t when;
	size_t disks;		/* how many have it; fewer than all: it was interrupted, or a disk was added since */
};

struct snapshots {
	struct snapshot *items;	/* oldest first */
	size_t count;
	size_t disks;		/* of the VM */
};

/* The caller finishes `out` in any case. */
bool snapshot_list(const struct vm_config *, struct snapshots *out, struct error *);
void snapshots_finish(struct snapshots *);

/* Fails if there is one of this tag. If one disk fails, those before it lose the snapshot again. */
bool snapshot_take(const struct vm_config *, const char *tag, struct error *);
/* Fails, before anything is changed, unless every disk has it. What is not in a snapshot is lost. */
bool snapshot_revert(const struct vm_config *, const char *tag, struct error *);
/* Of every disk that has it. */
bool snapshot_delete(const struct vm_config *, const char *tag, struct error *);

/* A tag is 1..64 letters, digits, '.', '_', '+' and '-', does not begin with '.' or '-', and has a letter, because QEMU also
 * takes numbers of snapshots for tags. */
bool snapshot_tag_check(const char *tag, struct error *);
/*
 * Adds the snapshots in the answer of `qemu-img info --output=json` of one disk to the list, by their tags. Pure. Returns
 * false if it is not one. At most SNAPSHOTS_MAX are read.
 */
#define SNAPSHOTS_MAX 1000
bool snapshots_read(const char *json, struct snapshots *);

#endif
