/* SPDX-License-Identifier: MIT */
#include "persist/records.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "persist/atomic.h"
#include "persist/ini/ini_read.h"
#include "persist/ini/ini_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define RECORD_LIMIT (1024 * 1024)

static bool records_write(const char *path, const char *section, const struct strv *keys,
                          const struct strv *values, struct error *err)
{
	char prefix[INI_NAME_LIMIT + sizeof(" = ")];
	struct str text;
	bool good = true;

	assert(keys->count == values->count);
	str_init(&text);
	str_addf(&text, "[%s]\n", section);
	for (size_t i = 0; i < keys->count && good; i++) {
		assert(strlen(keys->items[i]) <= INI_NAME_LIMIT);
		snprintf(prefix, sizeof(prefix), "%s = ", keys->items[i]);
		if (strlen(values->items[i]) > INI_VALUE_LIMIT)
			good = error_set(err, "cannot write %s: %s is longer than %d bytes", path, keys->items[i],
			                 INI_VALUE_LIMIT);
		ini_encode(&text, prefix, values->items[i], "", "\n");
	}
	good = good && atomic_write(path, text.text, text.len, ATOMIC_FAST, err);
	str_finish(&text);
	return good;
}

static bool records_read(const char *path, struct strv *keys, struct strv *values, struct error *err)
{
	struct ini_file file;
	struct str text;
	bool good;

	str_init(&text);
	if (!file_read_own(path, RECORD_LIMIT, &text, err)) {
		str_finish(&text);
		return false;
	}
	good = ini_read(text.text, text.len, &file, err);
	str_finish(&text);
	if (!good)
		return error_prefix(err, "%s", path);
	for (size_t i = 0; i < file.count; i++) {
		strv_add(keys, file.items[i].key);
		strv_add(values, file.items[i].value);
	}
	ini_file_finish(&file);
	return true;
}

static bool records_write_text(const char *path, const char *text, size_t len, struct error *err)
{
	return atomic_write(path, text, len, ATOMIC_FAST, err);
}

const struct record_io *records_on_files(void)
{
	static const struct record_io io = { .write = records_write, .read = records_read,
	                                   .write_text = records_write_text };

	return &io;
}
