/* SPDX-License-Identifier: MIT */
#include "core/base/tree.h"

#include "core/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512		/* the unit of st_blocks */
#define SIZE_LIMIT 100000	/* files */
#define DEPTH_LIMIT 100		/* directories, each of which needs a descriptor */

/* The next entry but . and .., or NULL. */
static const char *next_name(DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	return NULL;
}

static DIR *open_at(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

static void add_sizes(int parent, const char *name, dev_t device, unsigned depth, unsigned *left, uint64_t *size)
{
	struct stat st;
	DIR *dir;

	if (*left == 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || (depth > 0 && st.st_dev != device))
		return;
	--*left;
	*size += (uint64_t)st.st_blocks * BLOCK;
	if (!S_ISDIR(st.st_mode) || depth == DEPTH_LIMIT || !(dir = open_at(parent, name)))
		return;
	for (const char *entry; *left > 0 && (entry = next_name(dir)) != NULL;)
		add_sizes(dirfd(dir), entry, st.st_dev, depth + 1, left, size);
	closedir(dir);
}

uint64_t tree_size(const char *path)
{
	unsigned left = SIZE_LIMIT;
	uint64_t size = 0;

	add_sizes(AT_FDCWD, path, 0, 0, &left, &size);
	return size;
}

/* Returns false with errno on failure. */
static bool remove_at(int parent, const char *name, dev_t device, unsigned depth, unsigned *entries, bool *gone)
{
	bool good = true;
	struct stat st;
	DIR *dir;

	*gone = false;
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return (*gone = errno == ENOENT);
	if (depth > 0 && st.st_dev != device) {
		errno = EXDEV;
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		if (depth == DEPTH_LIMIT)
			errno = ENAMETOOLONG;
		dir = depth < DEPTH_LIMIT ? open_at(parent, name) : NULL;
		if (!dir)
			return false;
		*gone = true;
		for (const char *entry; good && *gone && *entries > 0 && (entry = next_name(dir)) != NULL;)
			good = remove_at(dirfd(dir), entry, st.st_dev, depth + 1, entries, gone);

		int code = errno;

		closedir(dir);
		errno = code;
	} else {
		*gone = true;
	}
	if (!good || !*gone || *entries == 0)
		return (*gone = false), good;
	--*entries;
	*gone = unlinkat(parent, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) == 0;
	return *gone;
}

bool tree_remove_some(const char *path, unsigned *entries, bool *gone, struct error *err)
{
	return remove_at(AT_FDCWD, path, 0, 0, entries, gone) || error_errno(err, "cannot remove %s", path);
}
