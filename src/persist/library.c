/* SPDX-License-Identifier: MIT */
#include "persist/library.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct directory_identity {
	dev_t device;
	ino_t inode;
};

struct library {
	struct strv waiting;		/* directories to read; the first `top` are those of the library itself */
	size_t next, top;
	DIR *dir;			/* the directory being read, waiting.items[next - 1] */
	struct directory_identity *seen;		/* directories already read, if the same one may be found twice */
	size_t seen_count, seen_size;
};

struct library *library_new(const struct strv *dirs, struct error *err)
{
	struct library *library = mem_alloc(sizeof(*library));

	err->text[0] = '\0';
	for (size_t i = 0; i < dirs->count; i++) {
		DIR *dir = opendir(dirs->items[i]);

		if (dir)
			closedir(dir);
		else if (err->text[0] == '\0')
			error_errno(err, "cannot read %s", dirs->items[i]);
	}
	strv_copy(&library->waiting, dirs);
	library->top = dirs->count;
	return library;
}

void library_free(struct library *library)
{
	if (!library)
		return;
	if (library->dir)
		closedir(library->dir);
	strv_finish(&library->waiting);
	free(library->seen);
	free(library);
}

/* Returns true if the directory was already read; library directories may be nested. */
static bool seen_before(struct library *library, int fd)
{
	struct stat st;

	if (library->top < 2 || fstat(fd, &st) < 0)
		return false;
	for (size_t i = 0; i < library->seen_count; i++) {
		if (library->seen[i].device == st.st_dev && library->seen[i].inode == st.st_ino)
			return true;
	}
	library->seen = mem_grow(library->seen, &library->seen_size, library->seen_count + 1, sizeof(*library->seen));
	library->seen[library->seen_count++] = (struct directory_identity){ st.st_dev, st.st_ino };
	return false;
}

static void open_next(struct library *library)
{
	bool top = library->next < library->top;
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | (top ? 0 : O_NOFOLLOW);
	int fd = open(library->waiting.items[library->next++], flags);

	if (fd < 0)
		return;		/* not readable, or removed in the meantime */
	if (!seen_before(library, fd))
		library->dir = fdopendir(fd);
	if (!library->dir)
		close(fd);
}

static char *path_of(const struct library *library, const char *name, size_t len)
{
	const char *dir = library->waiting.items[library->next - 1];

	return mem_printf("%s%s%.*s", dir, text_ends(dir, "/") ? "" : "/", (int)len, name);
}

static void report(const struct library *library, const char *name, size_t len, struct library_item item,
                   library_fn *found, void *data)
{
	item.path = path_of(library, name, len);
	found(data, &item);
	free(item.path);
}

/* Calls stat for the file named by the first len bytes of NAME and the suffix. Returns false if that is not a regular file. */
static bool sibling(int dir, const char *name, size_t len, const char *suffix, struct stat *st)
{
	char *path = mem_printf("%.*s%s", (int)len, name, suffix);
	bool good = fstatat(dir, path, st, 0) == 0 && S_ISREG(st->st_mode);

	free(path);
	return good;
}

static bool is_state_directory(int dir, const char *name)
{
	struct stat st;

	if (!text_ends(name, "-state"))
		return false;
	for (size_t i = 0; kept_marks[i]; i++) {
		char mark[32];

		snprintf(mark, sizeof(mark), "/%s", kept_marks[i]);
		if (sibling(dir, name, strlen(name), mark, &st))
			return true;
	}
	/* Some programs create state directories without these files. */
	return sibling(dir, name, strlen(name), "/disk.img", &st);
}

static void visit_kernel(const struct library *library, const char *name, size_t len, uint64_t size,
                         library_fn *found, void *data)
{
	int dir = dirfd(library->dir);
	struct library_item item = { .kind = BOOT_SQUASHFS };
	struct stat st;

	if (!sibling(dir, name, len, "-cmdline", &st))
		return;
	if (!sibling(dir, name, len, "-squashfs.img", &st)) {
		item.kind = BOOT_KERNEL;
		if (!sibling(dir, name, len, "-initrd.img", &st))
			return;
	}
	item.size = size + (uint64_t)st.st_size;
	report(library, name, len, item, found, data);
}

static void visit_directory(struct library *library, const char *name, library_fn *found, void *data)
{
	struct library_item item = { .kind = BOOT_AUTO };

	if (is_state_directory(dirfd(library->dir), name))
		report(library, name, strlen(name), item, found, data);
	else if (library->next <= library->top)
		strv_take(&library->waiting, path_of(library, name, strlen(name)));
}

static void visit_file(const struct library *library, const char *name, library_fn *found, void *data)
{
	struct library_item item = { 0 };
	size_t prefix = strlen(name);
	struct stat st;

	item.kind = image_kind_of_name(name, &prefix);
	if (item.kind == BOOT_AUTO || fstatat(dirfd(library->dir), name, &st, 0) < 0)
		return;
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return;
	item.size = (uint64_t)st.st_size;
	if (item.kind == BOOT_KERNEL)
		visit_kernel(library, name, prefix, item.size, found, data);
	else
		report(library, name, strlen(name), item, found, data);
}

static void visit(struct library *library, const struct dirent *entry, library_fn *found, void *data)
{
	const char *name = entry->d_name;
	struct stat st;

	if (*name == '.')
		return;
	if (entry->d_type == DT_DIR)
		visit_directory(library, name, found, data);
	else if (entry->d_type != DT_UNKNOWN)
		visit_file(library, name, found, data);
	else if (fstatat(dirfd(library->dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		visit_directory(library, name, found, data);
	else
		visit_file(library, name, found, data);
}

bool library_step(struct library *library, unsigned entries, library_fn *found, void *data)
{
	for (; entries > 0; entries--) {
		const struct dirent *entry;

		if (!library->dir) {
			if (library->next == library->waiting.count)
				return false;
			open_next(library);
			continue;
		}
		entry = readdir(library->dir);
		if (entry) {
			visit(library, entry, found, data);
			continue;
		}
		closedir(library->dir);
		library->dir = NULL;
	}
	return library->dir || library->next < library->waiting.count;
}
