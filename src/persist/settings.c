/* SPDX-License-Identifier: MIT */
#include "persist/settings.h"

#include "core/base/nearest.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "persist/atomic.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SETTINGS_LIMIT (1024 * 1024)

void settings_load(struct settings *settings, const char *path)
{
	struct str text;

	settings_finish(settings);
	str_init(&text);
	if (!file_read(path, SETTINGS_LIMIT, &text, &settings->error)) {
		settings->bad = settings->error.code != ENOENT && settings->error.code != ENOTDIR;
	} else if (!ini_read(text.text, text.len, &settings->file, &settings->error)) {
		settings->bad = true;
		error_prefix(&settings->error, "%s", path);
	}
	str_finish(&text);
}

/* Returns NULL for a known setting, or else the nearest known key, or "" if none is similar. */
static const char *meant_instead(const struct ini_entry *entry)
{
	/* Those of [keys], [mouse], [terminal], [list] and [trash] are read in ui/kit/settings.c. */
	static const struct { const char *section, *key; } known[] = {
		{ "library", "directory" }, { "keys", "prefix" }, { "mouse", "use" }, { "terminal", "attributes" },
		{ "terminal", "links" }, { "list", "usage" }, { "trash", "days" },
	};
	struct nearest section = nearest_to(entry->section), key = nearest_to(entry->key);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(entry->section, known[i].section) != 0)
			nearest_try(&section, known[i].section);
		else if (strcasecmp(entry->key, known[i].key) != 0)
			nearest_try(&key, known[i].key);
		else
			return NULL;
	}
	return key.best ? key.best : section.best ? section.best : "";
}

bool settings_known(const struct settings *settings, struct error *err)
{
	for (size_t i = 0; i < settings->file.count; i++) {
		const struct ini_entry *entry = &settings->file.items[i];
		const char *meant = meant_instead(entry);

		if (meant)
			return error_set(err, "paddock.ini: line %u: unknown setting %s in [%s]%s%s%s", entry->line, entry->key,
			                 entry->section, *meant ? "; did you mean " : "", meant, *meant ? "?" : "");
	}
	return true;
}

void settings_finish(struct settings *settings)
{
	ini_file_finish(&settings->file);
	*settings = (struct settings){ 0 };
}

void settings_directories(const struct settings *settings, const struct strv *told, struct strv *out)
{
	strv_finish(out);
	for (size_t i = 0; i < told->count; i++)
		strv_take(out, path_full(told->items[i]));
	for (size_t i = 0; told->count == 0 && i < settings->file.count; i++) {
		const struct ini_entry *entry = &settings->file.items[i];

		if (strcasecmp(entry->section, "library") != 0 || strcasecmp(entry->key, "directory") != 0 ||
		    *entry->value == '\0')
			continue;

		char *expanded = path_expand(entry->value);

		strv_take(out, path_full(expanded));
		free(expanded);
	}
	if (out->count == 0)
		strv_take(out, path_full("."));
}
