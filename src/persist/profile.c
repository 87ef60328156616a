/* SPDX-License-Identifier: MIT */
#include "persist/profile.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/config.h"
#include "core/vm/unknown_key.h"
#include "persist/ini/ini_edit.h"
#include "persist/ini/ini_read.h"
#include "persist/ini/ini_text.h"

#include <string.h>

bool profile_read(const char *text, size_t len, struct vm_config *config, struct error *err)
{
	unsigned seen[VM_SETTINGS] = { 0 };
	struct ini_file file;
	bool good = true;

	if (!ini_read(text, len, &file, err))
		return false;
	for (int i = 0; i < VM_SETTINGS; i++)
		vm_config_set(config, (enum vm_setting)i, NULL);
	strv_finish(&config->unknown_keys);
	for (size_t i = 0; i < file.count && good; i++) {
		const struct ini_entry *entry = &file.items[i];
		enum vm_setting setting = setting_find(entry->section, entry->key);

		if (setting == VM_SETTINGS) {
			unknown_key_note(config, entry->section, entry->key);
		} else if (seen[setting] && !setting_info(setting)->repeatable) {
			good = error_set(err, "line %u: %s is already set in line %u, and can be set only once", entry->line,
			                 setting_info(setting)->key, seen[setting]);
		} else {
			seen[setting] = entry->line;
			vm_config_add(config, setting, entry->value);
		}
	}
	ini_file_finish(&file);
	return good;
}

static bool check_lengths(const struct vm_config *config, struct error *err)
{
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct strv *values = &config->value[i];

		for (size_t v = 0; v < values->count; v++) {
			if (strlen(values->items[v]) > INI_VALUE_LIMIT)
				return error_set(err, "%s.%s is longer than %d bytes",
				                 setting_info((enum vm_setting)i)->section,
				                 setting_info((enum vm_setting)i)->key, INI_VALUE_LIMIT);
		}
	}
	return true;
}

/* Checks that the edited text has the wanted settings, so that a bug cannot destroy a profile. */
static bool check_result(const struct str *text, const struct vm_config *want, struct error *err)
{
	struct vm_config got;
	bool good;

	vm_config_init(&got, CONFIG_PROFILE);
	good = profile_read(text->text, text->len, &got, err);
	if (good && !vm_config_equal(&got, want))
		good = error_set(err, "internal error: the edited profile would not match the settings; nothing was written");
	vm_config_finish(&got);
	return good;
}

bool profile_edit(struct str *text, const struct vm_config *config, struct error *err)
{
	struct str edited;

	if (!check_lengths(config, err))
		return false;
	str_init(&edited);
	str_add(&edited, text->text, text->len);
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *info = setting_info((enum vm_setting)i);

		ini_edit(&edited, info->section, info->key, &config->value[i]);
	}
	if (!check_result(&edited, config, err)) {
		str_finish(&edited);
		return false;
	}
	str_finish(text);
	*text = edited;
	return true;
}
