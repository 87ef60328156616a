/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_made.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/jobs/job_entry.h"
#include "core/keeper/run/state_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void job_made_place(struct job_entry *entry)
{
	char *parent = path_parent(entry->directory);

	free(entry->hidden);
	entry->hidden = mem_printf("%s/" PATH_TEMPORARY "job%u-%s", parent, entry->id, path_base(entry->directory));
	free(parent);
}

bool job_made_open(struct job_entry *entry, const char *who, int *lock, struct error *err)
{
	char *parent = path_parent(entry->directory);
	struct stat st;
	bool good = path_make_dirs(parent, 0700, err);

	free(parent);
	if (!good)
		return false;
	if (mkdir(entry->hidden, 0700) < 0 || lstat(entry->hidden, &st) < 0)
		return error_errno(err, "cannot create %s", entry->hidden);
	entry->device = (uint64_t)st.st_dev;
	entry->inode = (uint64_t)st.st_ino;
	return state_lock(entry->hidden, who, lock, err) == STATE_LOCK_TAKEN;
}

static bool sync_at(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

bool job_made_install(const struct job_entry *entry, struct error *err)
{
	int dir = open(entry->hidden, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	char *parent = path_parent(entry->directory);
	bool good = dir >= 0;

	if (!good)
		error_errno(err, "%s", entry->hidden);
	for (size_t i = 0; i < entry->files.count && good; i++)
		good = sync_at(dir, entry->files.items[i]) ||
		       error_errno(err, "%s/%s", entry->hidden, entry->files.items[i]);
	/* Some file systems cannot sync a directory; the user could not do anything about it. */
	if (good)
		(void)!fsync(dir);
	/* Only an empty directory is replaced where the file system cannot refuse to. */
	if (good && renameat2(AT_FDCWD, entry->hidden, AT_FDCWD, entry->directory, RENAME_NOREPLACE) < 0 &&
	    ((errno != EINVAL && errno != ENOSYS) || rename(entry->hidden, entry->directory) < 0))
		good = error_errno(err, "cannot create %s", entry->directory);
	if (good)
		sync_at(AT_FDCWD, parent);
	if (dir >= 0)
		close(dir);
	free(parent);
	return good;
}

/* Returns false if it is still there. */
static bool remove_at(const struct job_entry *entry, const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), lock = -1;
	struct error ignored;
	struct stat st;
	bool gone = true;

	if (dir < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
	if (fstat(dir, &st) < 0) {
		gone = false;
	} else if (entry->inode && (uint64_t)st.st_ino == entry->inode && (uint64_t)st.st_dev == entry->device) {
		gone = state_lock(path, entry->title, &lock, &ignored) == STATE_LOCK_TAKEN;
		for (size_t i = 0; i < entry->files.count && gone; i++)
			unlinkat(dir, entry->files.items[i], 0);
		if (gone)
			unlinkat(dir, STATE_LOCK, 0);
		gone = gone && rmdir(path) == 0;
		if (lock >= 0)
			close(lock);
	} else if (!entry->inode && st.st_uid == geteuid()) {
		/* The job was killed before the record had the inode: nothing else can be in it. */
		unlinkat(dir, STATE_LOCK, 0);
		gone = rmdir(path) == 0;
	}
	close(dir);
	return gone;
}

bool job_made_remove(const struct job_entry *entry)
{
	if (!*entry->directory)
		return true;
	/* Without an inode it was never moved. */
	return remove_at(entry, entry->hidden) && (!entry->inode || remove_at(entry, entry->directory));
}
