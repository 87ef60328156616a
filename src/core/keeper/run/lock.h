/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LOCK_H
#define CORE_KEEPER_RUN_LOCK_H

#include <stdbool.h>

/*
 * A lock is a file with flock on it: it falls with the last process that
 * has the descriptor. Whoever holds it may remove the file, so a name and
 * a descriptor are checked to be of the same one.
 */

/* The file, made if missing (0600), open and locked; -1 and errno, EWOULDBLOCK where another has it. Never waits. */
int lock_take(const char *path);
/* Whether fd still is the file of that name. */
bool lock_is_there(int fd, const char *path);
/* By anybody; false where there is no such file. */
bool lock_is_held(const char *path);

#endif
