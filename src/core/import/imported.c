/* SPDX-License-Identifier: MIT */
#include "core/import/imported.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void imported_init(struct imported *imported)
{
	*imported = (struct imported){ 0 };
	vm_config_init(&imported->config, CONFIG_PROFILE);
}

void imported_finish(struct imported *imported)
{
	for (size_t i = 0; i < imported->count; i++)
		free(imported->notes[i].text);
	free(imported->notes);
	vm_config_finish(&imported->config);
	imported_init(imported);
}

/* Takes ownership of text. */
static void add_note(struct imported *imported, enum import_kind kind, enum vm_setting setting, char *text)
{
	imported->notes = mem_grow(imported->notes, &imported->size, imported->count + 1, sizeof(*imported->notes));
	imported->notes[imported->count++] = (struct import_note){ .kind = kind, .setting = setting, .text = text };
}

/* A setting that is set again has one value, and so one note. */
static void drop_note(struct imported *imported, enum vm_setting setting)
{
	for (size_t i = 0; i < imported->count; i++) {
		if (imported->notes[i].setting != setting)
			continue;
		free(imported->notes[i].text);
		memmove(&imported->notes[i], &imported->notes[i + 1], (imported->count - i - 1) * sizeof(*imported->notes));
		imported->count--;
		return;
	}
}

static char *with_remark(char *text, const char *remark)
{
	char *both;

	if (!remark)
		return text;
	both = mem_printf("%s (%s)", text, remark);
	free(text);
	return both;
}

void import_set(struct imported *imported, enum vm_setting setting, const char *value, const char *remark)
{
	const struct setting *info = setting_info(setting);

	if (info->repeatable) {
		vm_config_add(&imported->config, setting, value);
	} else {
		vm_config_set(&imported->config, setting, value);
		drop_note(imported, setting);
	}
	add_note(imported, IMPORT_BECAME, setting, with_remark(mem_printf("%s.%s = %s", info->section, info->key, value), remark));
}

void import_set_name(struct imported *imported, const char *name)
{
	char *copy = mem_strdup(name);

	free(imported->config.name);
	imported->config.name = copy;
	add_note(imported, IMPORT_BECAME, VM_SETTINGS, mem_printf("the name %s", name));
}

void import_keep(struct imported *imported, const char *option, const char *value, const char *remark)
{
	vm_config_add(&imported->config, SET_ARG, option);
	if (value)
		vm_config_add(&imported->config, SET_ARG, value);
	add_note(imported, IMPORT_KEPT, VM_SETTINGS, with_remark(mem_printf("%s%s%s", option, value ? " " : "", value ? value : ""), remark));
}

void import_leave(struct imported *imported, const char *reason, const char *fmt, ...)
{
	struct str text;
	va_list ap;

	str_init(&text);
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	add_note(imported, IMPORT_LEFT, VM_SETTINGS, with_remark(str_detach(&text), reason));
}

char *import_note_line(const struct import_note *note)
{
	static const char *const words[] = {
		[IMPORT_BECAME] = "became ", [IMPORT_KEPT] = "kept as arg: ", [IMPORT_LEFT] = "left out: ",
	};

	return mem_printf("%s%s", words[note->kind], note->text);
}
