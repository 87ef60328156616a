/* SPDX-License-Identifier: MIT */
#include "persist/trash_record.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/vm/store.h"
#include "persist/atomic.h"
#include "persist/ini/ini_text.h"
#include "persist/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const from_keys[TRASH_PIECES] = { "profile", "state" };
static const char *const to_keys[TRASH_PIECES] = { "profile-is", "state-is" };

bool trash_record_write(const struct trash_record *record, struct error *err)
{
	char *path = path_join(record->dir, TRASH_RECORD), when[32];
	struct str text;
	bool good;

	snprintf(when, sizeof(when), "%lld", (long long)record->when);
	str_init(&text);
	str_adds(&text, "[trash]\n");
	ini_encode(&text, "name = ", record->name, "", "\n");
	ini_encode(&text, "when = ", when, "", "\n");
	for (int i = 0; i < TRASH_PIECES; i++) {
		char key[32];

		if (!record->piece[i].from)
			continue;
		snprintf(key, sizeof(key), "%s = ", from_keys[i]);
		ini_encode(&text, key, record->piece[i].from, "", "\n");
		snprintf(key, sizeof(key), "%s = ", to_keys[i]);
		ini_encode(&text, key, record->piece[i].to, "", "\n");
	}
	if (record->emptying)
		ini_encode(&text, "removing = ", "yes", "", "\n");
	good = atomic_write(path, text.text, text.len, ATOMIC_DURABLE, err);
	str_finish(&text);
	free(path);
	return good;
}

static void set(char **to, const char *value)
{
	free(*to);
	*to = mem_strdup(value);
}

static bool take(struct trash_record *record, const char *key, const char *value)
{
	struct error ignored;
	uint64_t number;

	for (int i = 0; i < TRASH_PIECES; i++) {
		if (strcmp(key, from_keys[i]) == 0)
			return set(&record->piece[i].from, value), *value == '/';
		if (strcmp(key, to_keys[i]) == 0)
			return set(&record->piece[i].to, value), *value == '/';
	}
	if (strcmp(key, "name") == 0) {
		set(&record->name, value);
	} else if (strcmp(key, "when") == 0) {
		if (!number_parse(value, 0, INT64_MAX, &number, &ignored))
			return false;
		record->when = (time_t)number;
	} else if (strcmp(key, "removing") == 0) {
		record->emptying = true;
	}
	return true;
}

/* Returns true for the places that trash.c chooses. */
static bool is_place(const struct trash_record *record, int piece)
{
	static const char *const names[TRASH_PIECES] = { TRASH_PROFILE_NAME, TRASH_STATE_NAME };
	const char *to = record->piece[piece].to, *name = path_base(to);
	char *parent = path_parent(to);
	bool in_item = strcmp(name, names[piece]) == 0 && path_same(parent, record->dir);
	bool beside = strcmp(path_base(parent), TRASH_BESIDE) == 0 && text_starts(name, record->id) && name[strlen(record->id)] == '-';

	free(parent);
	return in_item || beside;
}

bool trash_record_read(const char *root, const char *id, struct trash_record *record, struct error *err)
{
	struct strv keys = { 0 }, values = { 0 };
	char *path;
	bool good;

	*record = (struct trash_record){ .id = mem_strdup(id), .dir = path_join(root, id) };
	path = path_join(record->dir, TRASH_RECORD);
	err->code = 0;
	good = records_on_files()->read(path, &keys, &values, err);
	for (size_t i = 0; i < keys.count && good; i++)
		good = take(record, keys.items[i], values.items[i]) ||
		       error_set(err, "%s: %s is not valid", path, keys.items[i]);
	for (int i = 0; i < TRASH_PIECES && good; i++)
		if (!record->piece[i].from != !record->piece[i].to)
			good = error_set(err, "%s: a place is missing", path);
		else if (record->piece[i].to && !is_place(record, i))
			good = error_set(err, "%s: %s is not in the trash", path, record->piece[i].to);
	if (good && !record->name)
		good = error_set(err, "%s: the name is missing", path);
	strv_finish(&keys);
	strv_finish(&values);
	free(path);
	return good;
}

void trash_record_finish(struct trash_record *record)
{
	free(record->id);
	free(record->dir);
	free(record->name);
	for (int i = 0; i < TRASH_PIECES; i++) {
		free(record->piece[i].from);
		free(record->piece[i].to);
	}
	*record = (struct trash_record){ 0 };
}
