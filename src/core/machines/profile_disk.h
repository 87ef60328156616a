/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_PROFILE_DISK_H
#define CORE_MACHINES_PROFILE_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct store;

/*
 * Changes of a disk of a saved profile, after the same change of what runs. file: absolute, since the disk may have
 * another number than in the running VM; a profile without it stays as it is. state: the state directory.
 */
bool profile_disk_grow(struct store *, const char *name, const char *state, const char *file, uint64_t mib, struct error *);
bool profile_disk_remove(struct store *, const char *name, const char *state, const char *file, struct error *);

#endif
