/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_MARKS_H
#define UI_LIST_LIST_MARKS_H

#include "core/base/map.h"
#include "ui/model/item.h"

#include <stdbool.h>
#include <stddef.h>

struct model;

/* The marked items, by name, whether the filter or a folded group hides them or not. A zeroed struct has none. */
struct list_marks {
	struct map names[ITEM_KINDS];	/* the value of a marked one is not NULL */
	size_t count;
};

bool list_marks_has(const struct list_marks *, enum item_kind, const char *name);
void list_marks_set(struct list_marks *, enum item_kind, const char *name, bool marked);
void list_marks_clear(struct list_marks *);
/* Drops the marks of what is no longer listed, so that they are not there when something gets the same name. */
void list_marks_prune(struct list_marks *, const struct model *);
/* The marked items by kind and name. The caller finishes it. */
struct item_keys list_marks_keys(const struct list_marks *, const struct model *);

#endif
