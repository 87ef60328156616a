/* SPDX-License-Identifier: MIT */
#include "fake/scenes.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "fake/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	struct str all;
	char part[4096];
	size_t got;

	if (!file) {
		perror(path);
		abort();
	}
	str_init(&all);
	while ((got = fread(part, 1, sizeof(part), file)) > 0)
		str_add(&all, part, got);
	fclose(file);
	return str_detach(&all);
}

void scenes_split(const char *text, struct strv *lines)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		strv_take(lines, mem_strndup(text, len));
		text += len + (text[len] == '\n');
	}
}

static void drop_blank_end(struct strv *lines)
{
	if (lines->count && !*lines->items[lines->count - 1])
		strv_remove(lines, lines->count - 1);
}

void scenes_read(const char *path, struct scenes *out)
{
	char *text = read_whole(path);
	struct strv lines = { 0 };
	struct scene *scene = NULL;
	bool after = false;

	memset(out, 0, sizeof(*out));
	scenes_split(text, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i];

		if (text_starts(line, "== ")) {
			out->items = mem_resize(out->items, out->count + 1, sizeof(*out->items));
			scene = &out->items[out->count++];
			*scene = (struct scene){ .name = mem_strdup(line + 3) };
			after = false;
			continue;
		}
		after |= text_starts(line, "--");
		if (scene)
			strv_add(after ? &scene->result : &scene->lines, line);
	}
	for (size_t i = 0; i < out->count; i++)
		drop_blank_end(out->items[i].result.count ? &out->items[i].result : &out->items[i].lines);
	strv_finish(&lines);
	free(text);
}

void scenes_finish(struct scenes *scenes)
{
	for (size_t i = 0; i < scenes->count; i++) {
		free(scenes->items[i].name);
		strv_finish(&scenes->items[i].lines);
		strv_finish(&scenes->items[i].result);
	}
	free(scenes->items);
	memset(scenes, 0, sizeof(*scenes));
}

void scenes_write(const char *path, const struct scenes *scenes, const struct strv *results)
{
	struct str out;

	str_init(&out);
	for (size_t i = 0; i < scenes->count; i++) {
		const struct scene *scene = &scenes->items[i];

		str_addf(&out, "%s== %s\n", i ? "\n" : "", scene->name);
		for (size_t k = 0; k < scene->lines.count; k++)
			str_addf(&out, "%s\n", scene->lines.items[k]);
		str_adds(&out, results->items[i]);
	}
	scratch_put(path, out.text, out.len, 0);
	str_finish(&out);
}
