/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/lock.h"

#include "core/base/own_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool lock_is_there(int fd, const char *path)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
	       held.st_dev == named.st_dev;
}

int lock_take(const char *path)
{
	for (;;) {
		int fd = own_file_open(path, O_RDWR | O_CREAT);

		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
			int reason = errno;

			close(fd);
			errno = reason;
			return -1;
		}
		/* The previous holder may have removed the file between open and flock. */
		if (lock_is_there(fd, path))
			return fd;
		close(fd);
	}
}

/*
 * Opens the file read-only, so that closing it is a different inotify event
 * from the end of a keeper; otherwise each check would trigger the next.
 */
bool lock_is_held(const char *path)
{
	int fd = own_file_open(path, O_RDONLY);
	bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	return held;
}
