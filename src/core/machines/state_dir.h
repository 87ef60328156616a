/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_STATE_DIR_H
#define CORE_MACHINES_STATE_DIR_H

struct store;
struct vm_config;

/* The state directory of a saved VM, and the other profiles that use it. The caller frees what is returned. */

/* Absolute and clean, or NULL if neither it nor an image is set. */
char *state_dir_of(const struct vm_config *);
/* The UUID that is set or else kept in the state directory, or NULL. */
char *state_dir_uuid_of(const struct vm_config *, const char *state);
/* Another profile with the same state directory, or NULL. Reads every profile. */
char *state_dir_owner(struct store *, const struct vm_config *);
/* The same for a directory, absolute and clean, that the profile own_name has or will have. */
char *state_dir_owner_of(struct store *, const char *own_name, const char *state);

#endif
