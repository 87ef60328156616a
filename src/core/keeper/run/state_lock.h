/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_STATE_LOCK_H
#define CORE_KEEPER_RUN_STATE_LOCK_H

#include <stdbool.h>

struct error;

/*
 * The lock of a state directory. A keeper and its QEMU hold it while a VM
 * runs, and a job while it reads the disks of one or makes those of another.
 */
#define STATE_LOCK "lock"	/* its name there */

enum state_lock_outcome { STATE_LOCK_TAKEN, STATE_LOCK_HELD, STATE_LOCK_FAILED };

/*
 * Takes the lock of a state directory, which must exist, and removes what a killed start left there. who: for the messages
 * of others. *lock is the caller's to close, -1 unless it was taken. Sets err only for STATE_LOCK_FAILED.
 */
enum state_lock_outcome state_lock(const char *state_dir, const char *who, int *lock, struct error *err);
/* Checks that the directory belongs to this user and that none of paddock's files in it is a link, a FIFO or a device. */
bool state_dir_trusts(const char *state_dir, struct error *err);
/* Returns true if any process holds the lock of a state directory; false also if there is no lock. */
bool state_is_locked(const char *state_dir);
/* Returns the holder for a message, "'web' (pid 4711)", or NULL. The caller frees it. */
char *state_holder(const char *state_dir);

#endif
