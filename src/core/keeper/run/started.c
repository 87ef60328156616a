/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/started.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/record.h"
#include "core/qemu/host/formats.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "started.ini"

bool started_write(const struct record_io *io, const struct plan *plan, struct error *err)
{
	char *path = path_join(plan->state_absolute, FILE_NAME);
	struct record record = { 0 };
	struct error ignored;
	bool good;

	record_put(&record, "name", plan->name);
	for (size_t i = 0; i + 1 < plan->settings.count; i += 2)
		record_put(&record, plan->settings.items[i], plan->settings.items[i + 1]);
	for (size_t i = 0; i < plan->arg_count; i++) {
		record_put(&record, "argument", plan->args[i].text);
		record_put(&record, "origin", plan->args[i].origin);
	}
	good = io->write(path, "started", &record.keys, &record.values, err);
	if (good)
		formats_note_written(path, &ignored);	/* without this the record is not offered */
	record_finish(&record);
	free(path);
	return good;
}

static enum vm_setting setting_of(const char *key)
{
	const char *dot = strchr(key, '.');
	char *section = dot ? mem_strndup(key, (size_t)(dot - key)) : NULL;
	enum vm_setting setting = section ? setting_find(section, dot + 1) : VM_SETTINGS;

	free(section);
	return setting;
}

bool started_change(struct plan *plan, const char *key, enum setting_action action, const char *value, struct error *err)
{
	struct strv *pairs = &plan->settings;
	enum vm_setting setting = setting_of(key);
	bool removed = false;

	if (setting == VM_SETTINGS || setting == SET_DATA)
		return error_set(err, "%s: not a setting that a running VM has", key);
	if (action == SETTING_ADD && !setting_info(setting)->repeatable)
		action = SETTING_SET;
	for (size_t i = 0; action != SETTING_ADD && i + 1 < pairs->count;) {
		if (strcmp(pairs->items[i], key) != 0 || (action == SETTING_REMOVE && (removed || strcmp(pairs->items[i + 1], value) != 0))) {
			i += 2;
			continue;
		}
		strv_remove(pairs, i);
		strv_remove(pairs, i);
		removed = true;
	}
	if (action == SETTING_REMOVE && !removed)
		return error_set(err, "%s: %s is not set", key, value);
	if (action != SETTING_REMOVE) {
		strv_add(pairs, key);
		strv_add(pairs, value);
	}
	return true;
}

void started_forget(const char *state_dir)
{
	char *path = path_join(state_dir, FILE_NAME);

	unlink(path);
	free(path);
}

bool started_is_ours(const char *state_dir)
{
	char *path = path_join(state_dir, FILE_NAME);
	bool ours = formats_unchanged(path);

	free(path);
	return ours;
}

static void take_entry(struct vm_config *config, struct plan *argv, const char *key, const char *value)
{
	if (!strcmp(key, "name")) {
		free(config->name);
		config->name = mem_strdup(value);
	} else if (!strcmp(key, "argument")) {
		if (argv) {
			argv->args = mem_grow(argv->args, &argv->arg_size, argv->arg_count + 1, sizeof(*argv->args));
			argv->args[argv->arg_count++] = (struct plan_arg){ .text = mem_strdup(value), .origin = mem_strdup("") };
		}
	} else if (!strcmp(key, "origin")) {
		if (argv && argv->arg_count) {
			free(argv->args[argv->arg_count - 1].origin);
			argv->args[argv->arg_count - 1].origin = mem_strdup(value);
		}
	} else {
		enum vm_setting setting = setting_of(key);

		if (setting != VM_SETTINGS && setting_info(setting)->repeatable)
			vm_config_add(config, setting, value);
		else if (setting != VM_SETTINGS)
			vm_config_set(config, setting, value);
	}
}

bool started_read(const struct record_io *io, const char *state_dir, struct vm_config *config, struct plan *argv)
{
	char *path = path_join(state_dir, FILE_NAME);
	struct record record = { 0 };
	struct error ignored;
	bool good = io->read(path, &record.keys, &record.values, &ignored);

	for (size_t i = 0; good && i < record.keys.count; i++)
		take_entry(config, argv, record.keys.items[i], record.values.items[i]);
	record_finish(&record);
	free(path);
	return good;
}

bool started_has_data(const struct plan *argv)
{
	const struct setting *info = setting_info(SET_DATA);
	char *setting = mem_printf("[%s] %s", info->section, info->key);	/* as the plan names it */
	bool has = false;

	for (size_t i = 0; i < argv->arg_count; i++)
		has |= text_equal(argv->args[i].origin, info->option) || text_equal(argv->args[i].origin, setting);
	free(setting);
	return has;
}

static bool setting_differs(const struct vm_config *started, const struct vm_config *now, int setting)
{
	return setting != SET_DATA && setting != SET_DESCRIPTION &&
	       !strv_equal(&started->value[setting], &now->value[setting]);
}

bool started_differs(const struct vm_config *started, const struct vm_config *now)
{
	for (int i = 0; i < VM_SETTINGS; i++)
		if (setting_differs(started, now, i))
			return true;
	return false;
}

static char *differences_of(const struct vm_config *started, const struct vm_config *now)
{
	char label[64];
	struct str text;

	str_init(&text);
	for (int i = 0; i < VM_SETTINGS; i++)
		for (size_t j = 0; setting_differs(started, now, i) && j < started->value[i].count; j++)
			str_addf(&text, "%s%s=%s", text.len ? ", " : "",
			         setting_label((enum vm_setting)i, CONFIG_COMMAND_LINE, label, sizeof(label)), started->value[i].items[j]);
	return str_detach(&text);
}

bool started_offer(const struct record_io *io, const char *state_dir, const struct vm_config *now, struct last_options *last)
{
	/* The state directory keeps the UUID too; it is not an option. */
	static const enum vm_setting same[] = { SET_UUID, SET_IMAGE, SET_STATE };
	struct plan argv = { 0 };
	bool known;

	*last = (struct last_options){ 0 };
	vm_config_init(&last->config, now->origin);
	known = started_is_ours(state_dir) && started_read(io, state_dir, &last->config, &argv);
	if (known) {
		free(last->config.name);
		last->config.name = mem_strdup(now->name);
		for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
			vm_config_set(&last->config, same[i], vm_config_get(now, same[i]));
		last->differences = differences_of(&last->config, now);
		last->lacks_data = started_has_data(&argv);
	}
	plan_finish(&argv);
	return known && started_differs(&last->config, now);
}

void last_options_finish(struct last_options *last)
{
	vm_config_finish(&last->config);
	free(last->differences);
	*last = (struct last_options){ 0 };
}
