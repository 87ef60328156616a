/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_DISCARD_H
#define CORE_MACHINES_DISCARD_H

#include <stdbool.h>

struct error;
struct record_io;
struct store;

/* What may be deleted: rules about profiles and state directories before they are moved to the trash (struct store). */

/*
 * Returns true if a profile does not run. One that cannot be read may be deleted too. *state is its state directory, if
 * that is known; the caller frees it.
 */
bool discard_profile_check(struct store *, const struct record_io *, const char *name, char **state, struct error *);
/*
 * Returns true if this is a state directory that no VM uses and in which no other profile than own_name (NULL: none) has
 * its state, its image or a disk. Reads every profile.
 */
bool discard_state_check(struct store *, const char *own_name, const char *state, struct error *);
/* "1.2 G, 2 disks": what a state directory takes, and the disk images in it. The caller frees it. */
char *discard_state_text(const char *state);

#endif
