/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_VIEW_IMPL_H
#define UI_LIST_LIST_VIEW_IMPL_H

#include "ui/kit/scroller.h"
#include "ui/kit/view.h"
#include "ui/list/list_marks.h"
#include "ui/list/list_order.h"
#include "ui/list/list_view.h"

/* The internals of the list, for list_view.c (cursor, keys), list_rows.c and list_draw.c only. */

struct line_edit;

/*
 * Rows are numbered across all groups: a heading for each group that is not
 * empty, then its items unless it is folded. With a filter, or in another order
 * than that of names, match has the indexes of the model's items; otherwise they
 * are found by subtraction.
 */
struct group {
	bool folded;
	size_t *match;		/* NULL: all, by name */
	size_t match_count;
};

struct list_view {
	struct view view;
	list_selected_fn *selected;
	void *data;
	struct group groups[ITEM_KINDS];
	struct line_edit *edit;		/* editor of the filter while it is typed; NULL otherwise */
	char *filter;			/* "": none */
	enum list_order order;
	bool by_state;			/* filter or order are about states: all are read and looked at */
	unsigned generation;		/* of the model when the rows were last counted */
	struct list_marks marks;
	struct scroller scroller;
	enum item_kind kind;		/* group of the selected row */
	char *name;			/* its item; NULL: the heading */
	struct item_key *restored;	/* selected when the last screen was left, and not found yet; NULL: none */
	bool moved;			/* the user has moved the cursor; until then the first item is selected */
	int columns;			/* inside of the frame */
};

/* list_rows.c */
size_t list_items_in(const struct list_view *, int kind);
size_t list_row_count(const struct list_view *);
/* Finds the group and item of a row; *item is NULL for a heading. Returns false if there is no such row. */
bool list_row_at(const struct list_view *, size_t row, enum item_kind *, const struct item **);
/* The same for a line of the window, counted from 0. Returns false below the last line or row. */
bool list_line_at(const struct list_view *, int line, enum item_kind *, const struct item **);
/* The item of a group at this place in the list's order, or NULL. */
const struct item *list_item_at(const struct list_view *, enum item_kind, size_t index);
size_t list_first_row(const struct list_view *, enum item_kind);	/* the heading of a group that is not empty */
/* Returns false if the item is not listed, or its group is folded. */
bool list_find_row(const struct list_view *, enum item_kind, const char *name, size_t *row);
/* Applies filter and order anew. Returns the group with the best match. */
enum item_kind list_count_rows(struct list_view *);

/* list_draw.c */
int list_filter_columns(const struct list_view *);	/* the width of its editor */
void list_draw(const struct view *, WINDOW *);
bool list_cursor(const struct view *, int *row, int *column);

#endif
