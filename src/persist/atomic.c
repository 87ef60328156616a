/* SPDX-License-Identifier: MIT */
#include "persist/atomic.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void directory_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* Some file systems cannot sync a directory; the user could not do anything about it. */
	(void)!fsync(fd);
	close(fd);
}

/* Writes to the temporary file fd, which it closes in any case. */
static bool fill(int fd, const void *bytes, size_t len, enum atomic_sync sync)
{
	bool good = fchmod(fd, 0600) == 0 && io_write(fd, bytes, len) &&
	            (sync == ATOMIC_FAST || fsync(fd) == 0);
	int code = errno;

	/* NFS reports a full disk here. */
	if (close(fd) < 0 && good)
		return false;
	errno = code;
	return good;
}

bool atomic_write(const char *path, const void *bytes, size_t len, enum atomic_sync sync, struct error *err)
{
	char *target = sync == ATOMIC_DURABLE ? realpath(path, NULL) : NULL;
	char *dir = path_parent(target ? target : path);
	char *temporary = sync == ATOMIC_DURABLE ? mem_printf("%s/" PATH_TEMPORARY "XXXXXX", dir) : path_temporary(path);
	bool good;
	int fd;

	if (sync == ATOMIC_DURABLE) {
		fd = mkostemp(temporary, O_CLOEXEC);
	} else {
		/* Writers of records hold a lock, so an existing temporary file was left by a killed writer. */
		unlink(temporary);
		fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	good = fd >= 0 && fill(fd, bytes, len, sync) && rename(temporary, target ? target : path) == 0;
	if (good && sync == ATOMIC_DURABLE)
		directory_sync(dir);
	if (!good) {
		error_errno(err, "cannot write %s", path);
		if (fd >= 0)
			unlink(temporary);
	}
	free(temporary);
	free(dir);
	free(target);
	return good;
}

void atomic_remove_leftovers(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (text_starts(entry->d_name, PATH_TEMPORARY))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

/* Takes ownership of fd. */
static bool read_all(int fd, const char *path, size_t limit, struct str *out, struct error *err)
{
	size_t before = out->len;

	if (!io_read(fd, limit, out)) {
		error_errno(err, "cannot read %s", path);
		str_cut(out, before);
		close(fd);
		return false;
	}
	close(fd);
	return true;
}

bool file_read(const char *path, size_t limit, struct str *out, struct error *err)
{
	/* O_NONBLOCK: opening a FIFO must not block; it does not affect regular files. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return error_errno(err, "cannot read %s", path);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return error_set(err, "cannot read %s: not a regular file", path);
	}
	return read_all(fd, path, limit, out, err);
}

bool file_read_own(const char *path, size_t limit, struct str *out, struct error *err)
{
	int fd = own_file_open(path, O_RDONLY);

	if (fd < 0)
		return error_errno(err, "cannot read %s", path);
	return read_all(fd, path, limit, out, err);
}
