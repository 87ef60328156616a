/* SPDX-License-Identifier: MIT */
#include "ui/list/list_marks.h"

#include "core/base/alloc.h"
#include "ui/model/model.h"

bool list_marks_has(const struct list_marks *marks, enum item_kind kind, const char *name)
{
	return marks->count > 0 && map_get(&marks->names[kind], name) != NULL;
}

void list_marks_set(struct list_marks *marks, enum item_kind kind, const char *name, bool marked)
{
	if (list_marks_has(marks, kind, name) == marked)
		return;
	map_put(&marks->names[kind], name, marked ? marks : NULL);
	marks->count = marked ? marks->count + 1 : marks->count - 1;
}

void list_marks_clear(struct list_marks *marks)
{
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		map_finish(&marks->names[kind]);
	marks->count = 0;
}

struct item_keys list_marks_keys(const struct list_marks *marks, const struct model *model)
{
	struct item_keys keys = { mem_array(marks->count + 1, sizeof(struct item_key *)), 0 };

	for (enum item_kind kind = 0; kind < ITEM_KINDS && marks->count > 0; kind++) {
		for (size_t i = 0; i < model_count(model, kind); i++) {
			const char *name = model_item(model, kind, i)->name;

			if (list_marks_has(marks, kind, name))
				keys.items[keys.count++] = item_key_new(kind, name);
		}
	}
	return keys;
}

void list_marks_prune(struct list_marks *marks, const struct model *model)
{
	struct item_keys keys = list_marks_keys(marks, model);

	if (keys.count < marks->count) {
		list_marks_clear(marks);
		for (size_t i = 0; i < keys.count; i++)
			list_marks_set(marks, keys.items[i]->kind, keys.items[i]->name, true);
	}
	item_keys_finish(&keys);
}
