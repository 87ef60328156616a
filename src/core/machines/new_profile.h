/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_NEW_PROFILE_H
#define CORE_MACHINES_NEW_PROFILE_H

#include "core/vm/config.h"

#include <stdbool.h>

struct error;
struct store;

/*
 * What becomes of a configuration when it is made into a profile or copied
 * to another one: the parts that nobody types.
 */

/* A name for a profile of this image that is valid and not taken; the caller's. */
char *profile_name_for(struct store *, const char *image);
/* Valid and not taken. */
bool profile_name_free(struct store *, const char *name, struct error *);

/*
 * Before a save: a UUID if there is none, absolute paths, the state directory (IMAGE-state, or
 * IMAGE-NAME-state when another profile has that), and the format of each disk that is there already.
 */
void profile_complete(struct store *, struct vm_config *);

/* The state directory of a VM, absolute and clean; NULL when neither one nor an image is set. The caller's. */
char *profile_state_of(const struct vm_config *);
/* The UUID it has or, where none is written, the one that its state directory keeps; NULL: none yet. The caller's. */
char *profile_uuid_of(const struct vm_config *, const char *state);
/* Another profile that has it too; NULL: none. Every profile is read. The caller's. */
char *profile_state_owner(struct store *, const struct vm_config *);
/* to: initialised. Everything but the name, the UUID, the MAC address and the state directory, which nobody had yet. */
void profile_clone(struct store *, const struct vm_config *from, const char *name, struct vm_config *to);
/* Whether two machines with these settings would write to the same files: the image they boot, or a disk. */
bool profile_shares_disks(const struct vm_config *);

#endif
