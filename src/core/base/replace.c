/* SPDX-License-Identifier: MIT */
#include "core/base/replace.h"

#include "core/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int replace_begin(const char *path, unsigned mode)
{
	char *temporary = path_temporary(path);
	int fd, reason;

	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && fchmod(fd, mode) < 0) {
		reason = errno;
		close(fd);
		unlink(temporary);
		errno = reason;
		fd = -1;
	}
	free(temporary);
	return fd;
}

bool replace_end(int fd, const char *path, bool good)
{
	return replace_end_unsynced(fd, path, good && fsync(fd) == 0);
}

bool replace_end_unsynced(int fd, const char *path, bool good)
{
	char *temporary = path_temporary(path);
	int reason = errno;

	/* NFS reports a full disk here. */
	if (close(fd) < 0 && good)
		good = false;
	else
		errno = reason;
	good = good && rename(temporary, path) == 0;
	if (!good) {
		reason = errno;
		unlink(temporary);
		errno = reason;
	}
	free(temporary);
	return good;
}
