/* SPDX-License-Identifier: MIT */
#include "persist/trash.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/rename_new.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/base/tree.h"
#include "persist/atomic.h"
#include "persist/dir_lock.h"
#include "persist/trash_record.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IDS_LIMIT 10000

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool is_in_trash(const struct trash_piece *piece)
{
	return piece->from && piece->to && exists(piece->to);
}

/* Creates a directory that only this user can change. */
static bool make_own(const char *path, struct error *err)
{
	return own_dir_check_home(path, err) && path_make_dirs(path, 0700, err) && own_dir_check(path, err);
}

static int lock(const char *root, struct error *err)
{
	bool ignored;

	return dir_lock(root, "the trash", &ignored, err);
}

/* Makes ROOT/ID and begins the record of it. The ID is the time, "20261129-190512", and a number if that is taken. */
static bool make_item(const char *root, struct trash_record *record, struct error *err)
{
	char base[32] = "0";
	struct tm tm;

	record->when = time(NULL);
	if (localtime_r(&record->when, &tm))
		strftime(base, sizeof(base), "%Y%m%d-%H%M%S", &tm);
	for (unsigned i = 1; i < 1000; i++) {
		record->id = i == 1 ? mem_strdup(base) : mem_printf("%s-%u", base, i);
		record->dir = path_join(root, record->id);
		if (mkdir(record->dir, 0700) == 0)
			return true;
		error_errno(err, "cannot create %s", record->dir);
		free(record->id);
		free(record->dir);
		record->id = record->dir = NULL;
		if (err->code != EEXIST)
			return false;
	}
	return false;
}

/* Chooses a place on the piece's own file system, and writes it down first. */
static bool move_beside(struct trash_record *record, struct trash_piece *piece, struct error *err)
{
	char *parent = path_parent(piece->from), *beside = mem_printf("%s/" TRASH_BESIDE, parent);
	bool good = make_own(beside, err);

	free(piece->to);
	piece->to = mem_printf("%s/%s-%s", beside, record->id, path_base(piece->from));
	good = good && trash_record_write(record, err) &&
	       (rename_new(piece->from, piece->to) || error_errno(err, "cannot move %s", piece->from));
	free(beside);
	free(parent);
	return good;
}

static bool move_there(struct trash_record *record, struct trash_piece *piece, struct error *err)
{
	if (!piece->from || rename_new(piece->from, piece->to))
		return true;
	return errno == EXDEV ? move_beside(record, piece, err) : error_errno(err, "cannot move %s", piece->from);
}

static bool move_back(const struct trash_piece *piece, struct error *err)
{
	if (!is_in_trash(piece))
		return true;
	if (rename_new(piece->to, piece->from))
		return true;
	return errno == EEXIST || errno == ENOTEMPTY ? error_set(err, "%s exists again; rename that first", piece->from)
	                                             : error_errno(err, "cannot move %s back to %s", piece->to, piece->from);
}

/* Removes the record of an item that has nothing in the trash. */
static void forget(const struct trash_record *record)
{
	char *file = path_join(record->dir, TRASH_RECORD);

	atomic_remove_leftovers(record->dir);
	unlink(file);
	rmdir(record->dir);
	free(file);
	for (int i = 0; i < TRASH_PIECES; i++) {
		char *parent = record->piece[i].to ? path_parent(record->piece[i].to) : NULL;

		/* It may have others in it. */
		if (parent && text_ends(parent, "/" TRASH_BESIDE))
			rmdir(parent);
		free(parent);
	}
}

static bool put(const char *root, struct trash_record *record, struct error *err)
{
	struct trash_piece *profile = &record->piece[TRASH_PROFILE], *state = &record->piece[TRASH_STATE];
	struct error ignored;

	if (!make_item(root, record, err))
		return false;
	profile->to = path_join(record->dir, TRASH_PROFILE_NAME);
	state->to = path_join(record->dir, TRASH_STATE_NAME);
	if (trash_record_write(record, err) && move_there(record, profile, err)) {
		if (move_there(record, state, err)) {
			directory_sync(record->dir);
			return true;
		}
		move_back(profile, &ignored);
	}
	if (!is_in_trash(profile) && !is_in_trash(state))
		forget(record);
	return false;
}

bool trash_put(const char *root, const char *name, const char *profile, const char *state, char **id, struct error *err)
{
	struct trash_record record = { .name = mem_strdup(name) };
	int held = make_own(root, err) ? lock(root, err) : -1;
	bool good;

	record.piece[TRASH_PROFILE].from = mem_strdup(profile);
	record.piece[TRASH_STATE].from = mem_strdup(state);
	good = held >= 0 && put(root, &record, err);
	if (held >= 0)
		close(held);
	*id = good ? mem_strdup(record.id) : NULL;
	trash_record_finish(&record);
	return good;
}

/* The names of the items, sorted. A missing directory has none. */
static bool read_ids(const char *root, struct strv *ids, struct error *err)
{
	DIR *dir = opendir(root);
	const struct dirent *entry;

	if (!dir)
		return errno == ENOENT || error_errno(err, "cannot read %s", root);
	while (ids->count < IDS_LIMIT && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			strv_add(ids, entry->d_name);
	closedir(dir);
	strv_sort(ids);
	return true;
}

/* But for what nothing was moved of, and what is being removed. */
static void add_item(struct trash_list *list, struct trash_record *record, const char *broken)
{
	const struct trash_piece *profile = &record->piece[TRASH_PROFILE], *state = &record->piece[TRASH_STATE];
	struct trash_item item = { .has_profile = is_in_trash(profile), .has_state = is_in_trash(state), .when = record->when };

	if (!broken && (record->emptying || (!item.has_profile && !item.has_state)))
		return;
	item.id = mem_strdup(record->id);
	item.name = mem_strdup(record->name ? record->name : record->id);
	item.broken = mem_strdup(broken);
	item.profile = mem_strdup(profile->from);
	item.state = mem_strdup(state->from);
	item.size = (item.has_profile ? tree_size(profile->to) : 0) + (item.has_state ? tree_size(state->to) : 0);
	if (broken)
		item.size = tree_size(record->dir);
	list->items = mem_resize(list->items, list->count + 1, sizeof(list->items[0]));
	list->items[list->count++] = item;
}

bool trash_list(const char *root, struct trash_list *list, struct error *err)
{
	struct strv ids = { 0 };
	bool good;

	*list = (struct trash_list){ 0 };
	good = read_ids(root, &ids, err);
	for (size_t i = 0; i < ids.count; i++) {
		struct trash_record record;
		struct error reason;
		bool known = trash_record_read(root, ids.items[i], &record, &reason);

		/* A paddock was killed before it wrote the record, or after it removed it. */
		if (known || reason.code != ENOENT)
			add_item(list, &record, known ? NULL : reason.text);
		trash_record_finish(&record);
	}
	strv_finish(&ids);
	return good;
}

static bool read_known(const char *root, const char *id, struct trash_record *record, struct error *err)
{
	if (*id == '\0' || *id == '.' || strchr(id, '/')) {
		*record = (struct trash_record){ 0 };
		return error_set(err, "%s is not in the trash", id);
	}
	return trash_record_read(root, id, record, err);
}

static bool check_free(const struct trash_record *record, struct error *err)
{
	const struct trash_piece *profile = &record->piece[TRASH_PROFILE], *state = &record->piece[TRASH_STATE];

	if (!is_in_trash(profile) && !is_in_trash(state))
		return error_set(err, "nothing of %s is in the trash", record->name);
	if (is_in_trash(profile) && exists(profile->from))
		return error_set(err, "a profile named %s exists again; rename that first", record->name);
	if (is_in_trash(state) && exists(state->from))
		return error_set(err, "%s exists again; rename that first", state->from);
	return true;
}

static bool restore(const struct trash_record *record, struct error *err)
{
	const struct trash_piece *state = &record->piece[TRASH_STATE];
	bool moved = is_in_trash(state);

	if (record->emptying)
		return error_set(err, "%s is being removed", record->name);
	if (!check_free(record, err) || !move_back(state, err))
		return false;
	if (move_back(&record->piece[TRASH_PROFILE], err)) {
		forget(record);
		return true;
	}
	if (moved)
		rename_new(state->from, state->to);
	return false;
}

bool trash_restore(const char *root, const char *id, struct error *err)
{
	struct trash_record record;
	int held = lock(root, err);
	bool good;

	if (held < 0)
		return false;
	good = read_known(root, id, &record, err) && restore(&record, err);
	close(held);
	trash_record_finish(&record);
	return good;
}

/* A disk that is not mounted now still has what is to be removed. */
static bool check_reachable(const struct trash_record *record, struct error *err)
{
	for (int i = 0; i < TRASH_PIECES && !record->emptying; i++) {
		const struct trash_piece *piece = &record->piece[i];
		char *parent = piece->from ? path_parent(piece->to) : NULL;
		bool missing = parent && !exists(parent) && !exists(piece->from);

		free(parent);
		if (missing)
			return error_set(err, "%s cannot be found; is its disk mounted?", piece->to);
	}
	return true;
}

/* Removes files of an item, its record last; if that cannot be read, all that is next to it. */
static bool remove_some(struct trash_record *record, bool known, unsigned *entries, bool *gone, struct error *err)
{
	*gone = true;
	if (known && !record->emptying) {
		if (!check_reachable(record, err))
			return false;
		record->emptying = true;
		if (!trash_record_write(record, err))
			return false;
	}
	for (int i = 0; known && *gone && i < TRASH_PIECES; i++)
		if (record->piece[i].from && !tree_remove_some(record->piece[i].to, entries, gone, err))
			return false;
	if (!*gone)
		return true;
	if (known)
		forget(record);
	return known || tree_remove_some(record->dir, entries, gone, err);
}

bool trash_remove(const char *root, const char *id, struct error *err)
{
	unsigned entries = UINT_MAX;
	struct trash_record record;
	int held = lock(root, err);
	bool good, gone;

	if (held < 0)
		return false;
	good = read_known(root, id, &record, err);
	if (good || record.dir)
		good = remove_some(&record, good, &entries, &gone, err);
	close(held);
	trash_record_finish(&record);
	return good;
}

/* What is left of an item that a killed paddock has begun or ended goes at once. */
static bool has_expired(const struct trash_record *record, time_t before)
{
	return record->emptying || record->when < before ||
	       (!is_in_trash(&record->piece[TRASH_PROFILE]) && !is_in_trash(&record->piece[TRASH_STATE]));
}

/* Returns true if there is nothing left to do for this item, also because it cannot be removed. */
static bool expire_some(const char *root, const char *id, time_t before, unsigned *entries)
{
	struct trash_record record;
	struct error ignored;
	bool known = trash_record_read(root, id, &record, &ignored), gone = true, done;

	if (!known && ignored.code == ENOENT) {
		atomic_remove_leftovers(record.dir);
		rmdir(record.dir);
	}
	done = !known || !has_expired(&record, before) || !remove_some(&record, true, entries, &gone, &ignored) || gone;
	trash_record_finish(&record);
	return done;
}

void trash_expire(const char *root, time_t before, unsigned entries, char **cursor, bool *more)
{
	struct strv ids = { 0 };
	struct error ignored;
	int held = dir_lock_try(root);

	*more = false;
	if (held < 0)
		return;
	if (!own_dir_check(root, &ignored) || !read_ids(root, &ids, &ignored))
		strv_finish(&ids);
	for (size_t i = 0; i < ids.count && !*more; i++) {
		if (*cursor && strcmp(ids.items[i], *cursor) <= 0)
			continue;
		*more = entries == 0 || !expire_some(root, ids.items[i], before, &entries);
		if (!*more) {
			free(*cursor);
			*cursor = mem_strdup(ids.items[i]);
		}
	}
	strv_finish(&ids);
	close(held);
}
