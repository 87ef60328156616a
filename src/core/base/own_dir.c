/* SPDX-License-Identifier: MIT */
#include "core/base/own_dir.h"

#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static bool is_foreign(const struct stat *st)
{
	return st->st_uid != geteuid() && st->st_uid != 0;
}

/* Returns true if the member list of the group contains another user. */
static bool lists_another(gid_t gid)
{
	const struct group *group = getgrgid(gid);
	bool another = false;

	for (char **name = group ? group->gr_mem : NULL; name && *name && !another; name++) {
		const struct passwd *user = getpwnam(*name);

		another = !user || user->pw_uid != geteuid();
	}
	return another;
}

/* Returns true if this is the primary group of another user, except root. */
static bool is_first_of_another(gid_t gid)
{
	const struct passwd *user;
	bool another = false;

	setpwent();
	while (!another && (user = getpwent()) != NULL)
		another = user->pw_gid == gid && user->pw_uid != geteuid() && user->pw_uid != 0;
	endpwent();
	return another;
}

static bool others_may_write(int fd, const struct stat *st)
{
	gid_t gid = st->st_gid;

	if (!(st->st_mode & S_IWGRP) || st->st_mode & S_IWOTH)
		return st->st_mode & S_IWOTH;
	/* With an access control list, the group bits are the maximum for all of its entries. */
	if (fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0)
		return true;
	/* A group of this user alone. */
	return (gid != getegid() && !group_member(gid)) || lists_another(gid) || is_first_of_another(gid);
}

static bool check_directory(int fd, const struct stat *st, const char *path, struct error *err)
{
	if (is_foreign(st))
		return error_set(err, "%s belongs to user %u, who could change its contents; use another directory", path,
		                 (unsigned)st->st_uid);
	if (!others_may_write(fd, st))
		return true;
	if (st->st_uid != geteuid())
		return error_set(err, "other users can write to %s; use another directory, or have its owner (user %u) run: "
		                 "chmod go-w '%s'", path, (unsigned)st->st_uid, path);
	return error_set(err, "other users can write to %s; run: chmod go-w '%s'", path, path);
}

bool own_dir_check(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return error_errno(err, "%s", path);
	if (S_ISLNK(st.st_mode) && is_foreign(&st))
		return error_set(err, "%s is a symbolic link created by user %u; use another directory", path, (unsigned)st.st_uid);

	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && fstat(fd, &st) == 0;

	if (!good)
		error_errno(err, "%s", path);
	else
		good = check_directory(fd, &st, path, err);
	if (fd >= 0)
		close(fd);
	return good;
}

bool own_dir_check_home(const char *path, struct error *err)
{
	char *home = path_home();
	size_t len = home ? strlen(home) : 0;
	struct stat st;
	bool good = true;

	if (len > 1 && text_starts(path, home) && path[len] == '/') {
		/* The home of a system user may not exist, and must not be created. */
		if (stat(home, &st) < 0)
			good = error_errno(err, "HOME is %s", home);
		else if (st.st_uid != geteuid())
			good = error_set(err, "HOME is %s, which belongs to user %u and not to you (%u); run without sudo, or with "
			                 "sudo -H", home, (unsigned)st.st_uid, (unsigned)geteuid());
	}
	free(home);
	return good;
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
			good = error_set(err, "%s/%s is %s, not a file that paddock created; remove it", path, entry->d_name,
			                 S_ISLNK(st.st_mode) ? "a symbolic link" : S_ISDIR(st.st_mode) ? "a directory"
			                 : S_ISFIFO(st.st_mode) ? "a FIFO" : S_ISSOCK(st.st_mode) ? "a socket" : "a device");
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

ssize_t own_file_head(const char *path, char *buf, size_t size)
{
	int fd = own_file_open(path, O_RDONLY);
	ssize_t len;

	buf[0] = '\0';
	if (fd < 0)
		return -1;
	len = io_read_head(fd, buf, size);
	close(fd);
	return len;
}
