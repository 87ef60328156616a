/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_TREE_H
#define CORE_BASE_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct error;

/*
 * A file or a directory with everything in it. Symbolic links are not followed,
 * and other file systems that are mounted in it are left alone.
 */

/* The bytes that it takes on disk. Looks at 100,000 files at most, and ignores what cannot be read. */
uint64_t tree_size(const char *path);
/*
 * Removes up to *entries files and directories of it, and subtracts their number. Returns true if it succeeded as far as
 * that goes: *gone says whether all of it is removed now. A path that does not exist is gone. On failure err names the path.
 */
bool tree_remove_some(const char *path, unsigned *entries, bool *gone, struct error *err);

#endif
