/* SPDX-License-Identifier: MIT */
#include "ui/list/list_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "ui/kit/app.h"
#include "ui/kit/line_edit.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

static struct list_view *list_of(struct view *view)
{
	return (struct list_view *)view;
}

/* Rows. */

size_t list_items_in(const struct list_view *list, int kind)
{
	const struct group *group = &list->groups[kind];

	return group->match != NULL ? group->match_count : model_count(session_model(list->view.app), (enum item_kind)kind);
}

static size_t rows_of(const struct list_view *list, int kind)
{
	size_t items = list_items_in(list, kind);

	return items == 0 ? 0 : list->groups[kind].folded ? 1 : 1 + items;
}

size_t list_row_count(const struct list_view *list)
{
	size_t rows = 0;

	for (int kind = 0; kind < ITEM_KINDS; kind++)
		rows += rows_of(list, kind);
	return rows;
}

static const struct item *item_at(const struct list_view *list, int kind, size_t index)
{
	const struct group *group = &list->groups[kind];

	if (group->match != NULL)
		index = index < group->match_count ? group->match[index] : (size_t)-1;
	return model_item(session_model(list->view.app), (enum item_kind)kind, index);
}

bool list_row_at(const struct list_view *list, size_t row, enum item_kind *kind, const struct item **item)
{
	for (int k = 0; k < ITEM_KINDS; k++) {
		size_t rows = rows_of(list, k);

		if (row < rows) {
			*kind = (enum item_kind)k;
			*item = row == 0 ? NULL : item_at(list, k, row - 1);
			return true;
		}
		row -= rows;
	}
	return false;
}

bool list_line_at(const struct list_view *list, int line, enum item_kind *kind, const struct item **item)
{
	return line < list->scroller.page && list_row_at(list, list->scroller.top + (size_t)line, kind, item);
}

static size_t first_row(const struct list_view *list, enum item_kind kind)
{
	size_t rows = 0;

	for (int k = 0; k < (int)kind; k++)
		rows += rows_of(list, k);
	return rows;
}

static bool find_in_any_order(const struct list_view *list, enum item_kind kind, const char *name, size_t *row)
{
	for (size_t i = 0; i < list_items_in(list, kind); i++) {
		const struct item *item = item_at(list, kind, i);

		if (item != NULL && strcmp(item->name, name) == 0) {
			*row = first_row(list, kind) + 1 + i;
			return true;
		}
	}
	return false;
}

static bool find_row(const struct list_view *list, enum item_kind kind, const char *name, size_t *row)
{
	size_t low = 0, high = list_items_in(list, kind);

	if (list->groups[kind].folded)
		return false;
	if (list->order != ORDER_NAME)
		return find_in_any_order(list, kind, name, row);
	/* Items are sorted by name, filtered or not. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct item *item = item_at(list, kind, middle);
		int order = item != NULL ? strcmp(item->name, name) : 1;

		if (order == 0) {
			*row = first_row(list, kind) + 1 + middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The cursor. */

static void want_visible(struct list_view *list)
{
	const struct item *item;
	enum item_kind kind;

	for (int line = 0; list_line_at(list, line, &kind, &item); line++)
		if (item != NULL)
			model_want(session_model(list->view.app), item);
}

static void scroll_to(struct list_view *list, size_t row)
{
	struct scroller *scroller = &list->scroller;

	scroller_to(scroller, row);
	/* When the first item is selected, keep its heading visible too. */
	if (scroller->top == 1 && scroller->at < (size_t)scroller->page)
		scroller->top = 0;
	want_visible(list);
}

/* Selects the row and reports the item that it shows, if that is another one. */
static unsigned move_to(struct list_view *list, size_t row)
{
	const struct item *item = NULL;
	enum item_kind kind = ITEM_PROFILE;
	char *name;

	list->scroller.count = list_row_count(list);
	scroll_to(list, row);
	list_row_at(list, list->scroller.at, &kind, &item);
	if (kind == list->kind && text_equal(item != NULL ? item->name : NULL, list->name))
		return UI_REDRAW;
	name = mem_strdup(item != NULL ? item->name : NULL);
	free(list->name);
	list->kind = kind;
	list->name = name;
	list->selected(list->data, kind, list->name);
	return UI_REDRAW;
}

static unsigned scroll_rows(struct view *view, int move)
{
	struct list_view *list = list_of(view);

	list->moved = true;
	list->scroller.count = list_row_count(list);
	scroller_move(&list->scroller, (enum scroller_move)move);
	return move_to(list, list->scroller.at);
}

/* Filter and order. */

static void count_rows(struct list_view *list)
{
	const struct model *model = session_model(list->view.app);

	list->generation = model_generation(model);
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++) {
		struct group *group = &list->groups[kind];
		size_t count = model_count(model, kind);

		free(group->match);
		group->match = NULL;
		group->match_count = 0;
		if (list->filter[0] == '\0' && list->order == ORDER_NAME)
			continue;
		group->match = mem_array(count > 0 ? count : 1, sizeof(group->match[0]));
		for (size_t i = 0; i < count; i++) {
			const char *name = model_item(model, kind, i)->name;

			if (strcasestr(kind == ITEM_PROFILE ? name : path_base(name), list->filter) != NULL)
				group->match[group->match_count++] = i;
		}
		if (list->order != ORDER_NAME)
			list_order_sort(model, kind, list->order, group->match, group->match_count);
	}
}

static void set_filter(struct list_view *list, const char *text)
{
	if (strcmp(list->filter, text) == 0)
		return;

	char *kept = mem_strdup(text);
	size_t row;

	free(list->filter);
	list->filter = kept;
	count_rows(list);
	/* Or the first match, not the heading above it. */
	if (list->name == NULL || !find_row(list, list->kind, list->name, &row))
		row = list_row_count(list) > 1 ? 1 : 0;
	move_to(list, row);
}

static void end_edit(struct list_view *list)
{
	line_edit_free(list->edit);
	list->edit = NULL;
}

void list_view_filter(struct view *view)
{
	struct list_view *list = list_of(view);

	if (list->edit != NULL)
		return;
	set_filter(list, "");
	list->edit = line_edit_new("", list->columns > 20 ? list->columns - 16 : 4);
}

/* While the filter is being typed, letters are text, and arrows still move the cursor. */
static unsigned list_typed(struct view *view, const struct key *key)
{
	struct list_view *list = list_of(view);
	bool changed = false;

	if (list->edit == NULL)
		return UI_IGNORED;
	if (key_is(key, "Enter")) {
		end_edit(list);
		return UI_REDRAW;
	}
	if (key_is(key, "Esc")) {
		end_edit(list);
		set_filter(list, "");
		return UI_REDRAW;
	}
	if (key_is(key, "Up Down PgUp PgDn"))
		return UI_IGNORED;
	if (line_edit_key(list->edit, key, &changed) && changed)
		set_filter(list, line_edit_text(list->edit));
	return UI_REDRAW;
}

/* Keys. */

enum folding { FOLD, UNFOLD, TOGGLE };

static unsigned fold(struct view *view, int how)
{
	struct list_view *list = list_of(view);
	bool *folded = &list->groups[list->kind].folded;

	*folded = how == FOLD || (how == TOGGLE && !*folded);
	return move_to(list, *folded ? first_row(list, list->kind) : list->scroller.at);
}

static unsigned enter(struct view *view, int arg)
{
	struct list_view *list = list_of(view);

	(void)arg;
	return list->name == NULL && list_row_count(list) > 0 ? fold(view, TOGGLE) : (unsigned)UI_IGNORED;
}

static unsigned back(struct view *view, int arg)
{
	struct list_view *list = list_of(view);

	(void)arg;
	if (list->filter[0] == '\0')
		return UI_IGNORED;
	set_filter(list, "");
	return UI_REDRAW;
}

/* The selected item stays selected, wherever it goes. */
static unsigned next_order(struct view *view, int arg)
{
	struct list_view *list = list_of(view);
	size_t row = list->scroller.at;

	(void)arg;
	list->order = (enum list_order)((list->order + 1) % LIST_ORDERS);
	list->moved = true;
	count_rows(list);
	if (list->name != NULL)
		find_row(list, list->kind, list->name, &row);
	return move_to(list, row);
}

static const struct keybinding keys[] = {
	SCROLLER_LIST_KEYS(scroll_rows),
	{ "Left h", fold, FOLD, "Fold the group", NULL },
	{ "Right l", fold, UNFOLD, "Unfold the group", NULL },
	{ "Space", fold, TOGGLE, "Fold or unfold the group", NULL },
	{ "o", next_order, 0, "Order by name, CPU, memory, uptime", NULL },
	{ "Enter", enter, 0, NULL, NULL },
	{ "Esc", back, 0, "Clear the filter", NULL },
	{ NULL, NULL, 0, NULL, NULL }
};

static void list_wants(const struct view *view, struct view_wants *wants)
{
	wants->takes_text = ((const struct list_view *)view)->edit != NULL;
	if (wants->takes_text)
		wants->hint = "part of a name   Enter keep   Esc clear the filter";
}

/* A click on the selected heading folds or unfolds the group, like Enter. */
static unsigned list_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct list_view *list = list_of(view);
	size_t at;

	(void)column;
	if (act != MOUSE_PRESS)
		return scroll_rows(view, scroller_wheel(act));
	if (!scroller_row_at(&list->scroller, row - 1, &at))
		return UI_NOTHING;
	if (at == list->scroller.at && list->name == NULL)
		return fold(view, TOGGLE);
	list->moved = true;
	return move_to(list, at);
}

/* The view. */

static void list_resized(struct view *view, int rows, int columns)
{
	struct list_view *list = list_of(view);

	list->scroller.page = rows > 2 ? rows - 2 : 0;
	list->scroller.count = list_row_count(list);
	list->columns = columns - 2;
	if (list->edit != NULL)
		line_edit_width(list->edit, columns > 22 ? columns - 18 : 4);
	scroll_to(list, list->scroller.at);
	model_usage_want(session_model(view->app), NULL);
}

static unsigned list_notice(struct view *view)
{
	struct list_view *list = list_of(view);

	if (app_shows(view->app, view))
		model_usage_want(session_model(view->app), NULL);
	if (list->order != ORDER_NAME || list->generation != model_generation(session_model(view->app))) {
		size_t row = list->moved ? list->scroller.at : 1;

		count_rows(list);
		/* Move the cursor back to its item. */
		if (list->name != NULL && !find_row(list, list->kind, list->name, &row) && list->groups[list->kind].folded)
			row = first_row(list, list->kind);
		move_to(list, row);

		const struct item *made = model_made(session_model(view->app));

		/* Make a new item visible, whatever hides it. */
		if (made != NULL) {
			list->groups[made->kind].folded = false;
			if (!find_row(list, made->kind, made->name, &row))
				set_filter(list, "");
			if (find_row(list, made->kind, made->name, &row))
				move_to(list, row);
		}
	} else {
		want_visible(list);
	}
	return UI_REDRAW;
}

static void list_close(struct view *view)
{
	struct list_view *list = list_of(view);

	for (int kind = 0; kind < ITEM_KINDS; kind++)
		free(list->groups[kind].match);
	end_edit(list);
	free(list->filter);
	free(list->name);
	free(list);
}

static const struct view_ops list_ops = {
	.name = "list", .title = "List", .keys = keys, .close = list_close, .typed = list_typed,
	.notice = list_notice, .resized = list_resized, .draw = list_draw, .cursor = list_cursor,
	.wants = list_wants, .mouse = list_mouse, .raw_keys = true,
};

struct view *list_view_new(struct app *app, list_selected_fn *selected, void *data)
{
	struct list_view *list = mem_alloc(sizeof(*list));

	list->view.ops = &list_ops;
	list->view.app = app;
	list->selected = selected;
	list->data = data;
	list->filter = mem_strdup("");
	list->scroller.at = 1;
	return &list->view;
}

const char *list_view_selection(const struct view *view, enum item_kind *kind)
{
	const struct list_view *list = (const struct list_view *)view;

	*kind = list->kind;
	return list->name;
}

const struct view_ops *list_view_ops(void)
{
	return &list_ops;
}
