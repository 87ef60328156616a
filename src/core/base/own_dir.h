/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_OWN_DIR_H
#define CORE_BASE_OWN_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

/*
 * Directories that hold what we write and later trust. Whoever else may write
 * there could lead us to any file by a symbolic link, or hang us on a FIFO.
 */

/*
 * Checks that a directory is ours (or root's), that nobody else may write to
 * it, and that a symbolic link to it was made by us or root. Writable for a group is
 * fine where no other user is in that group.
 * false: err says whose it is and what to do.
 */
bool own_dir_check(const char *path, struct error *err);
/*
 * Checks that what is made below path is not made in the home of another user: under sudo HOME is often still the
 * caller's, who could not change what root makes there. A home that path is not in does not matter, nor does one that
 * is /, as that of a user without a home.
 */
bool own_dir_check_home(const char *path, struct error *err);
/*
 * Checks that what stands there under names that is_ours accepts are regular files. false: err names the first that
 * is not. The caller has checked the directory, so that nothing changes behind the check.
 */
bool own_dir_check_files(const char *path, bool (*is_ours)(const char *name), struct error *err);
/*
 * open(2) for a regular file in such a directory: does not follow a symbolic link,
 * and does not wait for a FIFO. -1 and errno; ELOOP: a link, EINVAL: another kind of file.
 */
int own_file_open(const char *path, int flags);
/* The beginning of such a file as text: at most size - 1 bytes, then a NUL. How many; -1 and errno, buf is "". */
ssize_t own_file_head(const char *path, char *buf, size_t size);

#endif
