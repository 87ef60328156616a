/* SPDX-License-Identifier: MIT */
#include "core/base/rename_new.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Not every file system supports links, and none does for directories. */
static bool with_link(const char *from, const char *to)
{
	struct stat st;

	if (link(from, to) == 0)
		return unlink(from) == 0;
	if (errno == EEXIST || lstat(to, &st) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(from, to) == 0;
}

bool rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return true;
	return (errno == EINVAL || errno == ENOSYS) && with_link(from, to);
}
