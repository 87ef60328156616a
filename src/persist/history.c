/* SPDX-License-Identifier: MIT */
#include "persist/history.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "persist/profile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXTENSION ".ini"
#define EARLIER 20		/* revisions besides the newest */
#define READ_LIMIT 1000		/* files in a directory; only somebody else can have put more there */
#define TEXT_LIMIT (8 * 1024 * 1024)

struct numbers {
	unsigned items[READ_LIMIT];	/* ascending */
	size_t count;
};

static char *file_of(const char *dir, unsigned number)
{
	return mem_printf("%s/%u" EXTENSION, dir, number);
}

static int compare(const void *a, const void *b)
{
	unsigned one = *(const unsigned *)a, other = *(const unsigned *)b;

	return (one > other) - (one < other);
}

static bool read_number(const char *file, unsigned *number)
{
	size_t len = strlen(file);
	struct error ignored;
	uint64_t value;
	char *digits;
	bool good;

	if (!text_ends(file, EXTENSION) || *file == '0')
		return false;
	digits = mem_strndup(file, len - strlen(EXTENSION));
	good = number_parse(digits, 1, UINT32_MAX - 1, &value, &ignored);
	free(digits);
	*number = good ? (unsigned)value : 0;
	return good;
}

/* A missing directory is empty. */
static bool read_numbers(const char *dir, struct numbers *numbers, struct error *err)
{
	DIR *handle = opendir(dir);
	const struct dirent *entry;

	*numbers = (struct numbers){ .count = 0 };
	if (!handle)
		return errno == ENOENT || error_errno(err, "cannot read %s", dir);
	while (numbers->count < READ_LIMIT && (entry = readdir(handle)) != NULL)
		numbers->count += read_number(entry->d_name, &numbers->items[numbers->count]);
	closedir(handle);
	qsort(numbers->items, numbers->count, sizeof(numbers->items[0]), compare);
	return true;
}

/* Creates the directory of a profile's revisions, which nobody else may change. Returns NULL on error. */
static char *make_dir(const char *root, const char *name, struct error *err)
{
	char *dir = mem_printf("%s/%s", root, name);

	if (own_dir_check_home(root, err) && path_make_dirs(dir, 0700, err) && own_dir_check(root, err) && own_dir_check(dir, err))
		return dir;
	free(dir);
	return NULL;
}

static bool is_text_of(const char *dir, unsigned number, const char *text, size_t len)
{
	char *path = file_of(dir, number);
	struct error ignored;
	struct str kept;
	bool same;

	str_init(&kept);
	same = file_read_own(path, TEXT_LIMIT, &kept, &ignored) && kept.len == len && memcmp(kept.text, text, len) == 0;
	str_finish(&kept);
	free(path);
	return same;
}

/* Leaves room for `more` revisions. */
static void remove_oldest(const char *dir, const struct numbers *numbers, size_t more)
{
	for (size_t i = 0; i < numbers->count && i + EARLIER + 1 < numbers->count + more; i++) {
		char *path = file_of(dir, numbers->items[i]);

		unlink(path);
		free(path);
	}
}

static bool add(const char *dir, const char *text, size_t len, enum atomic_sync sync, unsigned *number, struct error *err)
{
	struct numbers numbers;
	bool good;

	if (!read_numbers(dir, &numbers, err))
		return false;

	unsigned newest = numbers.count ? numbers.items[numbers.count - 1] : 0;
	bool same = newest && is_text_of(dir, newest, text, len);

	*number = same ? newest : newest + 1;
	if (same)
		return true;

	char *path = file_of(dir, *number);

	good = atomic_write(path, text, len, sync, err);
	if (good)
		remove_oldest(dir, &numbers, 1);
	free(path);
	return good;
}

bool history_keep(const char *root, const char *name, const char *text, size_t len, enum atomic_sync sync,
                  unsigned *number, struct error *err)
{
	unsigned added = 0;
	char *dir = root ? make_dir(root, name, err) : NULL;
	bool good = !root || (dir && add(dir, text, len, sync, &added, err));

	if (number)
		*number = added;
	free(dir);
	return good || error_prefix(err, "cannot keep the earlier text of %s", name);
}

/* Reads a revision into an initialised config; false if it cannot be parsed. */
static bool load(const char *dir, unsigned number, struct vm_config *config)
{
	char *path = file_of(dir, number);
	struct error ignored;
	struct str text;
	bool good;

	str_init(&text);
	good = file_read_own(path, TEXT_LIMIT, &text, &ignored) && profile_read(text.text, text.len, config, &ignored);
	str_finish(&text);
	free(path);
	return good;
}

/* "memory, publish" */
static char *changes_of(const struct vm_config *before, const struct vm_config *after)
{
	struct str changes;

	str_init(&changes);
	for (int i = 0; i < VM_SETTINGS; i++)
		if (!strv_equal(&before->value[i], &after->value[i]))
			str_addf(&changes, "%s%s", changes.len ? ", " : "", setting_info((enum vm_setting)i)->key);
	return str_detach(&changes);
}

static void add_item(struct revision_list *list, const char *dir, unsigned number)
{
	char *path = file_of(dir, number);
	struct stat st;

	list->items = mem_resize(list->items, list->count + 1, sizeof(list->items[0]));
	list->items[list->count++] = (struct revision_item){
		.number = number, .when = lstat(path, &st) == 0 ? st.st_mtime : 0,
	};
	free(path);
}

bool history_list(const char *root, const char *name, struct revision_list *list, struct error *err)
{
	struct numbers numbers = { .count = 0 };
	struct vm_config before, after;
	bool good = true, readable = false;
	char *dir;

	*list = (struct revision_list){ 0 };
	if (!root)
		return true;
	dir = mem_printf("%s/%s", root, name);
	good = read_numbers(dir, &numbers, err);
	vm_config_init(&before, CONFIG_PROFILE);
	for (size_t i = numbers.count > EARLIER + 1 ? numbers.count - EARLIER - 1 : 0; i < numbers.count; i++) {
		struct revision_item *item;

		add_item(list, dir, numbers.items[i]);
		item = &list->items[list->count - 1];
		vm_config_init(&after, CONFIG_PROFILE);
		item->readable = load(dir, item->number, &after);
		if (item->readable && readable)
			item->changes = changes_of(&before, &after);
		readable = item->readable;
		vm_config_finish(&before);
		before = after;
	}
	vm_config_finish(&before);
	free(dir);
	return good;
}

char *history_text(const char *root, const char *name, unsigned number, struct error *err)
{
	char *dir = mem_printf("%s/%s", root ? root : "", name), *path = file_of(dir, number);
	struct str text;
	bool good;

	str_init(&text);
	good = file_read_own(path, TEXT_LIMIT, &text, err);
	if (!good && err->code == ENOENT)
		error_set(err, "%s has no revision %u; see paddock history %s", name, number, name);
	free(path);
	free(dir);
	if (good)
		return str_detach(&text);
	str_finish(&text);
	return NULL;
}

/* Moves the revisions behind those that are there. */
static bool append_all(const char *from, const char *to, struct error *err)
{
	struct numbers ours, theirs;

	if (!read_numbers(from, &ours, err) || !read_numbers(to, &theirs, err))
		return false;

	unsigned next = theirs.count ? theirs.items[theirs.count - 1] + 1 : 1;

	remove_oldest(to, &theirs, ours.count);
	for (size_t i = 0; i < ours.count; i++) {
		char *old_path = file_of(from, ours.items[i]), *new_path = file_of(to, next + (unsigned)i);
		bool good = rename(old_path, new_path) == 0 || error_errno(err, "cannot rename %s", old_path);

		free(old_path);
		free(new_path);
		if (!good)
			return false;
	}
	rmdir(from);
	return true;
}

bool history_rename(const char *root, const char *from, const char *to, struct error *err)
{
	char *old_dir = mem_printf("%s/%s", root ? root : "", from), *new_dir = mem_printf("%s/%s", root ? root : "", to);
	bool good = true;

	if (root && rename(old_dir, new_dir) < 0 && errno != ENOENT)
		good = errno == EEXIST || errno == ENOTEMPTY ? append_all(old_dir, new_dir, err)
		                                             : error_errno(err, "cannot rename %s", old_dir);
	free(old_dir);
	free(new_dir);
	return good;
}
