/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_OWN_DIR_H
#define CORE_BASE_OWN_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

/*
 * Directories with files that paddock writes and later trusts. Another user who
 * can write there could redirect paddock to any file with a symbolic link, or
 * block it with a FIFO.
 */

/*
 * Checks that a directory belongs to this user or root, that no other user can
 * write to it, and that a symbolic link to it was created by this user or root.
 * It may be writable for a group without other users. If it returns false, err
 * names the owner and says what to do.
 */
bool own_dir_check(const char *path, struct error *err);
/*
 * Checks that path is not in the home directory of another user. Under sudo, HOME is often still that of the caller,
 * who could not change files that root creates there. A home that does not contain path does not matter, nor does /,
 * the home of some system users.
 */
bool own_dir_check_home(const char *path, struct error *err);
/*
 * Checks that the files whose names is_ours accepts are regular files. If it returns false, err names the first one
 * that is not. The caller must have checked the directory, so that no other user can change it after this check.
 */
bool own_dir_check_files(const char *path, bool (*is_ours)(const char *name), struct error *err);
/*
 * Opens a regular file in such a directory as open(2) does, but does not follow a symbolic
 * link or wait for a FIFO. Returns -1 and errno: ELOOP for a link, EINVAL for another file type.
 */
int own_file_open(const char *path, int flags);
/* Reads at most size - 1 bytes from the beginning of such a file, and adds a NUL. Returns their number, or -1 and errno
 * with buf "". */
ssize_t own_file_head(const char *path, char *buf, size_t size);

#endif
