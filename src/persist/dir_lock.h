/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_DIR_LOCK_H
#define PERSIST_DIR_LOCK_H

#include <stdbool.h>

struct error;

/* The lock of a directory, which keeps other paddocks from changing it. It is held until the descriptor is closed. */

/*
 * Opens and locks a directory of `what`, for messages. If another paddock holds the lock, waits up to two seconds for it. *locked is false, without
 * an error, on file systems without locks. Returns -1 on error.
 */
int dir_lock(const char *path, const char *what, bool *locked, struct error *err);
/* The same without waiting: returns -1 if another paddock holds the lock, or on error. */
int dir_lock_try(const char *path);

#endif
