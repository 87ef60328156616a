/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_DISK_USE_H
#define CORE_MACHINES_DISK_USE_H

#include <stddef.h>
#include <stdint.h>

struct vm_spec;

/* How much of the host's storage the disks of a VM take, and how large the guest sees them. */
struct disk_use {
	char *path;		/* absolute */
	uint64_t used;		/* bytes; DISK_USE_UNKNOWN: it cannot be read, or is a device */
	uint64_t size;		/* bytes, from the header of the image or of a raw one the file's; 0: unknown */
};

#define DISK_USE_UNKNOWN UINT64_MAX

struct disk_uses {
	struct disk_use *items;
	size_t count;
};

/* The disk that it boots from, if it does, then its further disks in order. CDs and files behind an image do not count. */
void disk_uses_of(const struct vm_spec *, const char *state, struct disk_uses *out);
/* Reads the figures of all of them again. */
void disk_uses_read(struct disk_uses *);
void disk_uses_finish(struct disk_uses *);	/* accepts a zeroed struct and leaves it zeroed */

#endif
