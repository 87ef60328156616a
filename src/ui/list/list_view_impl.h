/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_VIEW_IMPL_H
#define UI_LIST_LIST_VIEW_IMPL_H

#include "ui/kit/scroller.h"
#include "ui/kit/view.h"
#include "ui/list/list_view.h"

/* Inside of the list, for list_view.c (rows, cursor, keys) and list_draw.c only. */

struct line_edit;

/*
 * Rows are numbered over all groups: a heading for each group that has
 * something, then its items unless it is folded. With a filter, match says which
 * of the model's items those are; without, a row's item is found by subtraction.
 */
struct group {
	bool folded;
	size_t *match;		/* NULL: no filter */
	size_t match_count;
};

struct list_view {
	struct view view;
	list_selected_fn *selected;
	void *data;
	struct group groups[ITEM_KINDS];
	struct line_edit *edit;		/* of the filter while it is typed; NULL: it is not */
	char *filter;			/* "": none */
	unsigned generation;		/* of the model, when rows were last counted */
	struct scroller scroller;
	enum item_kind kind;		/* where the cursor is */
	char *name;			/* NULL: on the heading */
	bool moved;			/* by a person; before that the first item is selected */
	int columns;			/* inside of the frame */
};

size_t list_items_in(const struct list_view *, int kind);
size_t list_row_count(const struct list_view *);
/* What a row is: its group, and the item, NULL for the heading. false: there is no such row. */
bool list_row_at(const struct list_view *, size_t row, enum item_kind *, const struct item **);

void list_draw(const struct view *, WINDOW *);
bool list_cursor(const struct view *, int *row, int *column);

#endif
