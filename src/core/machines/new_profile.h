/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_NEW_PROFILE_H
#define CORE_MACHINES_NEW_PROFILE_H

#include "core/vm/config.h"

#include <stdbool.h>

struct error;
struct store;

/*
 * Completes a configuration that becomes a profile, or a copy of one, with the
 * settings that the user does not enter.
 */

/* Returns a valid, unused profile name for this image. The caller frees it. */
char *new_profile_name(struct store *, const char *image);
/* Returns true if the name is valid and unused. */
bool new_profile_name_check(struct store *, const char *name, struct error *);

/*
 * Called before a save. Sets a UUID if there is none, absolute paths, the state directory (IMAGE-state, or
 * IMAGE-NAME-state if another profile has that), and the format of each existing disk.
 */
void new_profile_complete(struct store *, struct vm_config *);

/* Copies all settings into `to`, which must be initialised, but with a new name, UUID, MAC address and state directory. */
void new_profile_clone(struct store *, const struct vm_config *from, const char *name, struct vm_config *to);
/* Returns true if two VMs with these settings would write to the same files: the boot image or a disk. */
bool new_profile_shares_disks(const struct vm_config *);

#endif
