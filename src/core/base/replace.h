/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_REPLACE_H
#define CORE_BASE_REPLACE_H

#include <stdbool.h>

/*
 * Replaces a file as a whole: it is written next to it under the name of
 * path_temporary and then renamed, so that a reader, or a start after a crash,
 * finds the old file or the new one. The callers hold a lock, so a temporary
 * file that exists was left by a writer that was killed.
 */

/* Returns the descriptor of the temporary file, or -1 with errno set. */
int replace_begin(const char *path, unsigned mode);
/* Syncs and renames it if `good`, and otherwise removes it. Closes fd in any case. Returns false with errno set on failure. */
bool replace_end(int fd, const char *path, bool good);
/* The same without syncing: after a crash of the host the file may be empty. */
bool replace_end_unsynced(int fd, const char *path, bool good);

#endif
