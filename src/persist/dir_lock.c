/* SPDX-License-Identifier: MIT */
#include "persist/dir_lock.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

/* Timeout for another paddock, which holds the lock while it writes a file. */
#define LOCK_MS 2000
#define LOCK_LOOK_MS 10

/* Returns false if another paddock keeps the lock. On file systems without locks, *locked is false. */
static bool wait_for_lock(int fd, int timeout, bool *locked)
{
	for (int waited = 0; !(*locked = flock(fd, LOCK_EX | LOCK_NB) == 0) && (errno == EWOULDBLOCK || errno == EINTR);
	     waited += LOCK_LOOK_MS) {
		if (waited >= timeout)
			return false;
		poll(NULL, 0, LOCK_LOOK_MS);
	}
	return true;
}

int dir_lock(const char *path, const char *what, bool *locked, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		error_errno(err, "cannot open %s", path);
	} else if (!wait_for_lock(fd, LOCK_MS, locked)) {
		error_set(err, "another paddock is changing %s; try again", what);
		close(fd);
		fd = -1;
	}
	return fd;
}

int dir_lock_try(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool locked;

	if (fd >= 0 && !wait_for_lock(fd, 0, &locked)) {
		close(fd);
		fd = -1;
	}
	return fd;
}
