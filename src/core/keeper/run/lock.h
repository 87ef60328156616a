/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LOCK_H
#define CORE_KEEPER_RUN_LOCK_H

#include <stdbool.h>

/*
 * A lock is a file with flock on it. It is released when the last process
 * that has the descriptor exits. The holder may remove the file, so after
 * locking, the name must be checked to refer to the locked file.
 */

/* Opens the file, created if missing (0600), and locks it. Returns -1 and errno on failure: EWOULDBLOCK if it is locked. Never waits. */
int lock_take(const char *path);
/* Returns true if the name still refers to the file of fd. */
bool lock_is_there(int fd, const char *path);
/* Returns true if any process holds the lock; false also if there is no such file. */
bool lock_is_held(const char *path);

#endif
