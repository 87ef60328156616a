/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/new_disk.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/rename_new.h"
#include "core/base/str.h"
#include "core/keeper/run/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_SUFFIX ".making"

static void forget(struct new_disk *disk)
{
	free(disk->target);
	free(disk->temporary);
	free(disk->lock_path);
	*disk = (struct new_disk){ 0 };
}

/* Requires the lock. */
static void remove_link(const char *target)
{
	if (path_is_unfinished(target))
		unlink(target);
}

bool new_disk_open(struct new_disk *disk, const char *path, struct error *err)
{
	*disk = (struct new_disk){ .target = path_link_target(path) };
	disk->temporary = path_temporary(disk->target);
	disk->lock_path = mem_printf("%s" LOCK_SUFFIX, disk->temporary);
	disk->lock = lock_take(disk->lock_path);
	if (disk->lock >= 0) {
		remove_link(disk->target);
		unlink(disk->temporary);
		disk->linked = symlink(path_base(disk->temporary), disk->target) == 0;
		return true;
	}
	if (errno == EWOULDBLOCK) {
		error_set(err, "cannot create %s: another process is creating it", path);
		err->code = EWOULDBLOCK;
	} else {
		error_errno(err, "cannot create %s", path);
	}
	forget(disk);
	return false;
}

void new_disk_close(struct new_disk *disk)
{
	if (!disk->target)
		return;
	remove_link(disk->target);
	unlink(disk->temporary);
	unlink(disk->lock_path);
	close(disk->lock);
	forget(disk);
}

static bool sync_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Replaces only the link of this start. */
static bool move_into_place(const char *from, const char *to)
{
	return path_is_unfinished(to) ? rename(from, to) == 0 : rename_new(from, to);
}

bool new_disk_install(const char *path, struct error *err)
{
	char *target = path_link_target(path), *temporary = path_temporary(target), *parent = path_parent(target);
	bool good = sync_file(temporary, O_RDWR) && move_into_place(temporary, target);

	if (!good)
		error_set(err, "%s", strerror(errno));
	else
		/* Some file systems cannot sync a directory; the user could not do anything about it. */
		sync_file(parent, O_RDONLY | O_DIRECTORY);
	free(parent);
	free(temporary);
	free(target);
	return good;
}

static void sweep_disk(const char *directory, int dir, const char *lock_name)
{
	char *path = path_join(directory, lock_name);
	char *disk = mem_strndup(lock_name, strlen(lock_name) - strlen(LOCK_SUFFIX));
	char *target = path_join(directory, disk + strlen(PATH_TEMPORARY));
	int lock = lock_take(path);

	if (lock >= 0) {
		remove_link(target);
		unlinkat(dir, disk, 0);
		unlinkat(dir, lock_name, 0);
		close(lock);
	}
	free(target);
	free(disk);
	free(path);
}

void new_disk_sweep(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;
		char *lock_name;

		if (!text_starts(name, PATH_TEMPORARY))
			continue;
		if (text_ends(name, LOCK_SUFFIX)) {
			sweep_disk(directory, dirfd(dir), name);
			continue;
		}
		lock_name = mem_printf("%s" LOCK_SUFFIX, name);
		if (faccessat(dirfd(dir), lock_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			unlinkat(dirfd(dir), name, 0);
		free(lock_name);
	}
	closedir(dir);
}
