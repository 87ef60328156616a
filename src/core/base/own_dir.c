/* SPDX-License-Identifier: MIT */
#include "core/base/own_dir.h"

#include "core/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_foreign(const struct stat *st)
{
	return st->st_uid != geteuid() && st->st_uid != 0;
}

static bool others_may_write(const struct stat *st)
{
	bool private_group = st->st_gid == getegid() && st->st_gid == geteuid();

	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && !private_group);
}

static bool check_directory(const struct stat *st, const char *path, struct error *err)
{
	if (is_foreign(st))
		return error_set(err, "%s belongs to user %u, who could change what is in it; use another directory", path,
		                 (unsigned)st->st_uid);
	if (others_may_write(st))
		return error_set(err, "other users may write to %s; run: chmod go-w '%s'", path, path);
	return true;
}

bool own_dir_check(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return error_errno(err, "%s", path);
	if (S_ISLNK(st.st_mode) && is_foreign(&st))
		return error_set(err, "%s is a symbolic link that user %u made; use another directory", path, (unsigned)st.st_uid);

	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && fstat(fd, &st) == 0;

	if (!good)
		error_errno(err, "%s", path);
	else
		good = check_directory(&st, path, err);
	if (fd >= 0)
		close(fd);
	return good;
}

static const char *kind_of(mode_t mode)
{
	if (S_ISLNK(mode))
		return "a symbolic link";
	if (S_ISDIR(mode))
		return "a directory";
	return S_ISFIFO(mode) ? "a FIFO" : S_ISSOCK(mode) ? "a socket" : "a device";
}

bool own_dir_check_files(const char *path, bool (*is_ours)(const char *name), struct error *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;
	bool good = true;

	if (!dir)
		return error_errno(err, "%s", path);
	while (good && (entry = readdir(dir)) != NULL) {
		if (!is_ours(entry->d_name) || fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (!S_ISREG(st.st_mode))
			good = error_set(err, "%s/%s is %s and not a file that paddock made; remove it", path, entry->d_name,
			                 kind_of(st.st_mode));
	}
	closedir(dir);
	return good;
}

int own_file_open(const char *path, int flags)
{
	int fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}
