/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/uefi.h"

#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/qemu/host/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Returns -1 if the lock is held, or if the directory is missing or cannot be written. */
static int lock(const char *state_dir, struct error *err)
{
	char *path = path_join(state_dir, "lock");
	int fd = own_file_open(path, O_RDWR | O_CREAT);

	if (fd < 0) {
		error_errno(err, "%s", path);
	} else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			error_set(err, "a VM is running in %s; stop it first", state_dir);
		else
			error_errno(err, "cannot lock %s", path);
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

bool uefi_reset(const char *state_dir, bool *removed, struct error *err)
{
	static const char *const names[] = { LAYOUT_UEFI_VARS, LAYOUT_UEFI_COMBINED };
	struct stat st;
	bool good = true;
	int fd;

	*removed = false;
	/* No VM was ever started there, so there is nothing to reset. */
	if (stat(state_dir, &st) < 0 && errno == ENOENT)
		return true;
	fd = own_dir_check(state_dir, err) ? lock(state_dir, err) : -1;
	if (fd < 0)
		return false;
	for (size_t i = 0; good && i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(state_dir, names[i]);

		if (unlink(path) == 0)
			*removed = true;
		else if (errno != ENOENT)
			good = error_errno(err, "%s", path);
		free(path);
	}
	close(fd);
	return good;
}
