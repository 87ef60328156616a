/* SPDX-License-Identifier: MIT */
#include "persist/profile_dir.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "persist/atomic.h"
#include "persist/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXTENSION ".ini"
/* Timeout for another paddock, which holds the lock while it writes a file. */
#define LOCK_MS 2000
#define LOCK_LOOK_MS 10
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

/* Removes files of killed writers. Requires the lock of the directory. */
static void remove_leftovers(const char *path)
{
	DIR *handle = opendir(path);
	const struct dirent *entry;

	while (handle && (entry = readdir(handle)) != NULL)
		if (text_starts(entry->d_name, PATH_TEMPORARY))
			unlinkat(dirfd(handle), entry->d_name, 0);
	if (handle)
		closedir(handle);
}

/* Returns false if another paddock keeps the lock. On file systems without locks, only the revision is checked. */
static bool wait_for_lock(int fd, bool *locked)
{
	for (int waited = 0; !(*locked = flock(fd, LOCK_EX | LOCK_NB) == 0) && (errno == EWOULDBLOCK || errno == EINTR);
	     waited += LOCK_LOOK_MS) {
		if (waited >= LOCK_MS)
			return false;
		poll(NULL, 0, LOCK_LOOK_MS);
	}
	return true;
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
	fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		error_errno(err, "cannot open %s", dir->path);
		return -1;
	}
	if (!wait_for_lock(fd, &locked)) {
		error_set(err, "another paddock is changing the profiles; try again");
		close(fd);
		return -1;
	}
	if (locked)
		remove_leftovers(dir->path);
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

static enum store_outcome save_text(const char *path, const struct vm_config *config,
                                    const struct store_revision *expected, struct store_revision *now,
                                    struct error *err)
{
	enum store_outcome outcome = STORE_FAILED;
	struct store_revision current;
	struct str text;
	struct stat st;

	str_init(&text);
	if (!read_current(path, &text, &current, err))
		goto out;
	if (expected && !same_revision(expected, &current)) {
		outcome = STORE_CHANGED;
		error_set(err, "%s has changed since it was read", path);
		goto out;
	}
	/* A rename could replace a read-only file, but the user probably made it read-only on purpose. */
	if (current.exists && stat(path, &st) == 0 && !(st.st_mode & 0222)) {
		error_set(err, "%s is read-only; use chmod u+w to allow changes", path);
		goto out;
	}
	if (!edit_current(path, &text, current.exists, config, err))
		goto out;

	struct store_revision edited = revision_of(&text);

	if (!same_revision(&edited, &current) && !atomic_write(path, text.text, text.len, ATOMIC_DURABLE, err))
		goto out;
	if (now)
		*now = edited;
	outcome = STORE_OK;
out:
	str_finish(&text);
	return outcome;
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
	lock = check_owner(dir->path, err) && path_make_dirs(dir->path, 0700, err) ? lock_directory(dir, err) : -1;
	if (lock >= 0) {
		outcome = save_text(path, config, expected, now, err);
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

bool profile_dir_remove(const struct profile_dir *dir, const char *name, struct error *err)
{
	char *path = existing_path(dir, name, err);
	int lock = path ? lock_directory(dir, err) : -1;
	bool good = lock >= 0;

	if (good && unlink(path) < 0)
		good = error_errno(err, "cannot remove %s", path);
	if (good)
		directory_sync(dir->path);
	if (lock >= 0)
		close(lock);
	free(path);
	return good;
}

/* Uses link and unlink, so that an existing profile is never replaced. Not every file system supports links. */
static bool rename_unless_taken(const char *from, const char *to)
{
	struct stat st;

	if (link(from, to) == 0)
		return unlink(from) == 0;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
		return false;
	if (lstat(to, &st) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(from, to) == 0;
}

bool profile_dir_rename(const struct profile_dir *dir, const char *from, const char *to, struct error *err)
{
	char *old_path = existing_path(dir, from, err);
	char *new_path = old_path && vm_name_check(to, err) ? existing_path(dir, to, err) : NULL;
	int lock = new_path ? lock_directory(dir, err) : -1;
	bool good = lock >= 0;

	if (good && strcmp(from, to) != 0 && !rename_unless_taken(old_path, new_path)) {
		if (errno == EEXIST)
			error_set(err, "a profile named %s already exists", to);
		else
			error_errno(err, "cannot rename %s", old_path);
		good = false;
	}
	if (good)
		directory_sync(dir->path);
	if (lock >= 0)
		close(lock);
	free(old_path);
	free(new_path);
	return good;
}
