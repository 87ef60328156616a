/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_STATE_LOCK_H
#define CORE_KEEPER_RUN_STATE_LOCK_H

#include <stdbool.h>

/* The lock of a state directory, as others than its keeper see it. */
#define STATE_LOCK "lock"	/* the file in it */

/* Returns true if any process holds the lock of a state directory; false also if there is no lock. */
bool state_is_locked(const char *state_dir);
/* Returns the holder for a message, "'web' (pid 4711)", or NULL. The caller frees it. */
char *state_holder(const char *state_dir);
/* The same from what is written in the file, whether the lock is held or not; NULL if that says nothing. */
char *state_lock_text(const char *state_dir);

#endif
