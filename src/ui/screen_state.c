/* SPDX-License-Identifier: MIT */
#include "ui/screen_state.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/strv.h"
#include "core/vm/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "screen.ini"

static const char *const kinds[ITEM_KINDS] = {
	[ITEM_PROFILE] = "profile", [ITEM_IMAGE] = "image", [ITEM_STATE] = "state",
};

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = mem_strdup(value);
}

static void take(struct screen_state *state, const char *key, const char *value)
{
	if (strcmp(key, "order") == 0)
		set_text(&state->order, value);
	else if (strcmp(key, "tab") == 0 && value[0] >= '1' && value[0] <= '9' && value[1] == '\0')
		state->tab = value[0] - '1';
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++) {
		if (strcmp(key, "folded") == 0 && strcmp(value, kinds[kind]) == 0)
			state->folded[kind] = true;
		if (strcmp(key, kinds[kind]) == 0) {
			state->kind = kind;
			set_text(&state->name, value);
		}
	}
}

void screen_state_read(struct screen_state *state, const struct record_io *records)
{
	char *path = path_state(FILE_NAME);
	struct strv keys = { 0 }, values = { 0 };
	struct error ignored;

	*state = (struct screen_state){ .tab = -1 };
	if (path != NULL && records->read(path, &keys, &values, &ignored))
		for (size_t i = 0; i < keys.count; i++)
			take(state, keys.items[i], values.items[i]);
	strv_finish(&keys);
	strv_finish(&values);
	free(path);
}

static void add(struct strv *keys, struct strv *values, const char *key, const char *value)
{
	strv_add(keys, key);
	strv_add(values, value);
}

void screen_state_write(const struct screen_state *state, const struct record_io *records)
{
	char *path = path_state(FILE_NAME);
	struct strv keys = { 0 }, values = { 0 };
	struct error ignored;
	char tab[16];

	if (path == NULL)
		return;
	if (state->order != NULL)
		add(&keys, &values, "order", state->order);
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		if (state->folded[kind])
			add(&keys, &values, "folded", kinds[kind]);
	if (state->name != NULL)
		add(&keys, &values, kinds[state->kind], state->name);
	if (state->tab >= 0) {
		snprintf(tab, sizeof(tab), "%d", state->tab + 1);
		add(&keys, &values, "tab", tab);
	}
	records->write(path, "screen", &keys, &values, &ignored);
	strv_finish(&keys);
	strv_finish(&values);
	free(path);
}

void screen_state_finish(struct screen_state *state)
{
	free(state->order);
	free(state->name);
	*state = (struct screen_state){ .tab = -1 };
}
