/* SPDX-License-Identifier: MIT */
#include "persist/profile_dir.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/rename_new.h"
#include "core/base/str.h"
#include "persist/atomic.h"
#include "persist/dir_lock.h"
#include "persist/history.h"
#include "persist/profile.h"
#include "persist/trash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXTENSION ".ini"
/* Enough for many values of 64 KiB with every byte escaped. */
#define PROFILE_LIMIT (8 * 1024 * 1024)

char *profile_dir_path(const struct profile_dir *dir, const char *name)
{
	return mem_printf("%s/%s" EXTENSION, dir->path ? dir->path : "", name);
}

/* An existing name may be unusual, but must not lead out of the directory. */
static char *existing_path(const struct profile_dir *dir, const char *name, struct error *err)
{
	if (!dir->path)
		error_set(err, "HOME is not set, so there are no profiles");
	else if (*name == '\0' || *name == '.' || strchr(name, '/'))
		error_set(err, "%s is not a profile name", name);
	else
		return profile_dir_path(dir, name);
	return NULL;
}

static bool check_owner(const char *dir, struct error *err)
{
	struct stat st;

	if (!own_dir_check_home(dir, err))
		return error_prefix(err, "cannot save");
	if (stat(dir, &st) == 0 && st.st_uid != geteuid())
		return error_set(err, "%s belongs to another user (uid %u); not saving there", dir, (unsigned)st.st_uid);
	return true;
}

bool profile_dir_names(const struct profile_dir *dir, struct strv *out, struct error *err)
{
	const struct dirent *entry;
	DIR *handle = dir->path ? opendir(dir->path) : NULL;

	if (!handle) {
		int reason = errno;

		if (!dir->path || reason == ENOENT)
			return true;
		if (reason == EACCES && !check_owner(dir->path, err))
			return false;
		errno = reason;
		return error_errno(err, "cannot read %s", dir->path);
	}
	while ((entry = readdir(handle))) {
		const char *name = entry->d_name;
		size_t len = strlen(name);

		if (*name == '.' || !text_ends(name, EXTENSION) || entry->d_type == DT_DIR)
			continue;
		strv_take(out, mem_strndup(name, len - strlen(EXTENSION)));
	}
	closedir(handle);
	strv_sort(out);
	return true;
}

static struct store_revision revision_of(const struct str *text)
{
	return (struct store_revision){
		.exists = true, .hash = hash_bytes(HASH_BEGIN, text->text, text->len), .size = text->len,
	};
}

/* Reads the current text, which is empty if there is no such profile. */
static bool read_current(const char *path, struct str *text, struct store_revision *revision, struct error *err)
{
	*revision = (struct store_revision){ 0 };
	if (!file_read(path, PROFILE_LIMIT, text, err))
		return err->code == ENOENT;
	*revision = revision_of(text);
	return true;
}

bool profile_dir_load(const struct profile_dir *dir, const char *name, struct vm_config *config,
                      struct store_revision *revision, struct error *err)
{
	char *path = existing_path(dir, name, err);
	struct str text;
	bool good;

	*revision = (struct store_revision){ 0 };
	vm_config_finish(config);
	str_init(&text);
	good = path && file_read(path, PROFILE_LIMIT, &text, err);
	if (good) {
		*revision = revision_of(&text);
		good = vm_name_check(name, err) && profile_read(text.text, text.len, config, err);
	}
	str_finish(&text);
	free(path);
	if (!good)
		vm_config_finish(config);
	config->origin = CONFIG_PROFILE;
	config->name = mem_strdup(name);
	return good;
}

/*
 * Opens and locks the directory, which must belong to this user. Until it is closed, no other paddock saves, renames or
 * deletes a profile. Returns -1 on error.
 */
static int lock_directory(const struct profile_dir *dir, struct error *err)
{
	bool locked;
	int fd;

	if (!check_owner(dir->path, err))
		return -1;
	fd = dir_lock(dir->path, "the profiles", &locked, err);
	if (fd >= 0 && locked)
		atomic_remove_leftovers(dir->path);
	return fd;
}

/* Changes the current text of a profile to its new text. */
static bool edit_current(const char *path, struct str *text, bool exists, const struct vm_config *config,
                         struct error *err)
{
	struct vm_config current;
	bool good = true;

	if (exists) {
		vm_config_init(&current, CONFIG_PROFILE);
		good = profile_read(text->text, text->len, &current, err);
		vm_config_finish(&current);
		if (!good)
			return error_prefix(err, "not overwriting %s, which cannot be read", path);
	}
	return profile_edit(text, config, err);
}

static bool same_revision(const struct store_revision *a, const struct store_revision *b)
{
	return a->exists == b->exists && a->hash == b->hash && a->size == b->size;
}

/* Writes a new text, after the text that it replaces was kept; `was` is NULL for a new profile. Requires the lock. */
static bool replace_text(const struct profile_dir *dir, const char *name, const struct str *was, const struct str *text,
                         struct error *err)
{
	char *path = profile_dir_path(dir, name);
	struct error ignored;
	struct stat st;
	bool good;

	/* A rename could replace a read-only file, but the user probably made it read-only on purpose. */
	if (was && stat(path, &st) == 0 && !(st.st_mode & 0222))
		good = error_set(err, "%s is read-only; use chmod u+w to allow changes", path);
	else
		good = (!was || history_keep(dir->history, name, was->text, was->len, ATOMIC_DURABLE, NULL, err)) &&
		       atomic_write(path, text->text, text->len, ATOMIC_DURABLE, err);
	/* This text is in the profile's file, too. */
	if (good)
		history_keep(dir->history, name, text->text, text->len, ATOMIC_FAST, NULL, &ignored);
	free(path);
	return good;
}

static enum store_outcome save_text(const struct profile_dir *dir, const char *path, const struct vm_config *config,
                                    const struct store_revision *expected, struct store_revision *now,
                                    struct error *err)
{
	enum store_outcome outcome = STORE_FAILED;
	struct store_revision current, edited;
	struct str was, text;

	str_init(&was);
	str_init(&text);
	if (!read_current(path, &was, &current, err))
		goto out;
	if (expected && !same_revision(expected, &current)) {
		outcome = STORE_CHANGED;
		error_set(err, "%s has changed since it was read", path);
		goto out;
	}
	str_add(&text, was.text, was.len);
	if (!edit_current(path, &text, current.exists, config, err))
		goto out;
	edited = revision_of(&text);
	if (!same_revision(&edited, &current) && !replace_text(dir, config->name, current.exists ? &was : NULL, &text, err))
		goto out;
	if (now)
		*now = edited;
	outcome = STORE_OK;
out:
	str_finish(&was);
	str_finish(&text);
	return outcome;
}

/* Creates the directory, if it is missing, and locks it. Returns -1 on error. */
static int make_and_lock(const struct profile_dir *dir, struct error *err)
{
	return check_owner(dir->path, err) && path_make_dirs(dir->path, 0700, err) ? lock_directory(dir, err) : -1;
}

enum store_outcome profile_dir_save(const struct profile_dir *dir, const struct vm_config *config,
                                    const struct store_revision *expected, struct store_revision *now,
                                    struct error *err)
{
	enum store_outcome outcome = STORE_FAILED;
	const char *name = config->name ? config->name : "";
	char *path = vm_name_check(name, err) ? existing_path(dir, name, err) : NULL;
	int lock;

	if (!path)
		return STORE_FAILED;
	lock = make_and_lock(dir, err);
	if (lock >= 0) {
		outcome = save_text(dir, path, config, expected, now, err);
		close(lock);
	}
	free(path);
	return outcome;
}

char *profile_dir_preview(const struct profile_dir *dir, const struct vm_config *config, struct error *err)
{
	struct store_revision revision = { 0 };
	char *path = existing_path(dir, config->name ? config->name : "", err);
	struct str text;
	bool good;

	str_init(&text);
	good = path && read_current(path, &text, &revision, err) && edit_current(path, &text, revision.exists, config, err);
	free(path);
	if (good)
		return str_detach(&text);
	str_finish(&text);
	return NULL;
}

char *profile_dir_text(const struct profile_dir *dir, const char *name, struct error *err)
{
	char *path = existing_path(dir, name, err);
	struct str text;
	bool good;

	str_init(&text);
	good = path && file_read(path, PROFILE_LIMIT, &text, err);
	free(path);
	if (good)
		return str_detach(&text);
	str_finish(&text);
	return NULL;
}

/* Adds the profile's text, which may be missing, to its history. Requires the lock. */
static bool keep_text(const struct profile_dir *dir, const char *name, const char *path, unsigned *number, struct error *err)
{
	struct store_revision current;
	struct str text;
	bool good;

	str_init(&text);
	good = read_current(path, &text, &current, err) &&
	       (!current.exists || history_keep(dir->history, name, text.text, text.len, ATOMIC_DURABLE, number, err));
	str_finish(&text);
	return good;
}

static bool discard_profile(const struct profile_dir *dir, const char *name, const char *state, char **id, struct error *err)
{
	char *path = existing_path(dir, name, err);
	int lock = path ? lock_directory(dir, err) : -1;
	bool good = lock >= 0 && keep_text(dir, name, path, NULL, err) && trash_put(dir->trash, name, path, state, id, err);

	if (good)
		directory_sync(dir->path);
	if (lock >= 0)
		close(lock);
	free(path);
	return good;
}

bool profile_dir_discard(const struct profile_dir *dir, const char *name, const char *state, char **id, struct error *err)
{
	char *made = NULL;
	bool good;

	if (!dir->trash)
		return error_set(err, "HOME is not set, so there is no trash");
	good = name ? discard_profile(dir, name, state, &made, err)
	            : trash_put(dir->trash, path_base(state), NULL, state, &made, err);
	if (id)
		*id = made;
	else
		free(made);
	return good;
}

bool profile_dir_undelete(const struct profile_dir *dir, const char *id, struct error *err)
{
	int lock = dir->path && dir->trash ? make_and_lock(dir, err) : -1;
	bool good = lock >= 0 && trash_restore(dir->trash, id, err);

	if (!dir->path || !dir->trash)
		return error_set(err, "HOME is not set, so there is no trash");
	if (lock >= 0)
		close(lock);
	return good;
}

bool profile_dir_rename(const struct profile_dir *dir, const char *from, const char *to, struct error *err)
{
	char *old_path = existing_path(dir, from, err);
	char *new_path = old_path && vm_name_check(to, err) ? existing_path(dir, to, err) : NULL;
	int lock = new_path ? lock_directory(dir, err) : -1;
	bool good = lock >= 0 && keep_text(dir, from, old_path, NULL, err);
	struct error ignored;

	if (good && strcmp(from, to) != 0 && !rename_new(old_path, new_path)) {
		if (errno == EEXIST)
			error_set(err, "a profile named %s already exists", to);
		else
			error_errno(err, "cannot rename %s", old_path);
		good = false;
	}
	if (good)
		directory_sync(dir->path);
	/* If that fails, the revisions stay under the old name. */
	if (good && strcmp(from, to) != 0)
		history_rename(dir->history, from, to, &ignored);
	if (lock >= 0)
		close(lock);
	free(old_path);
	free(new_path);
	return good;
}

bool profile_dir_keep(const struct profile_dir *dir, const char *name, unsigned *number, struct error *err)
{
	char *path = existing_path(dir, name, err);
	int lock = path ? dir_lock_try(dir->path) : -1;
	bool good = path != NULL;

	if (number)
		*number = 0;
	/* Whoever holds the lock keeps the text that it replaces. */
	if (lock >= 0) {
		good = check_owner(dir->path, err) && keep_text(dir, name, path, number, err);
		close(lock);
	}
	free(path);
	return good;
}

static bool has_history(const struct profile_dir *dir, const char *name, struct error *err)
{
	char *path = existing_path(dir, name, err);

	free(path);
	return path != NULL;
}

bool profile_dir_revisions(const struct profile_dir *dir, const char *name, struct revision_list *list, struct error *err)
{
	*list = (struct revision_list){ 0 };
	return has_history(dir, name, err) && history_list(dir->history, name, list, err);
}

char *profile_dir_revision_text(const struct profile_dir *dir, const char *name, unsigned number, struct error *err)
{
	return has_history(dir, name, err) ? history_text(dir->history, name, number, err) : NULL;
}

static bool restore_text(const struct profile_dir *dir, const char *name, unsigned number, struct error *err)
{
	char *path = profile_dir_path(dir, name), *kept = history_text(dir->history, name, number, err);
	struct store_revision current, wanted;
	struct str was, text;
	bool good;

	str_init(&was);
	str_init(&text);
	good = kept && read_current(path, &was, &current, err);
	if (good) {
		str_adds(&text, kept);
		wanted = revision_of(&text);
		good = same_revision(&current, &wanted) || replace_text(dir, name, current.exists ? &was : NULL, &text, err);
	}
	str_finish(&was);
	str_finish(&text);
	free(kept);
	free(path);
	return good;
}

bool profile_dir_restore(const struct profile_dir *dir, const char *name, unsigned number, struct error *err)
{
	int lock = has_history(dir, name, err) ? make_and_lock(dir, err) : -1;
	bool good = lock >= 0 && restore_text(dir, name, number, err);

	if (lock >= 0)
		close(lock);
	return good;
}
