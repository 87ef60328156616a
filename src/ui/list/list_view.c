/* SPDX-License-Identifier: MIT */
#include "ui/list/list_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "ui/kit/app.h"
#include "ui/kit/line_edit.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/screen_state.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

static struct list_view *list_of(struct view *view)
{
	return (struct list_view *)view;
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

static void set_filter(struct list_view *list, const char *text)
{
	if (strcmp(list->filter, text) == 0)
		return;

	char *kept = mem_strdup(text);
	enum item_kind best;
	size_t row;

	free(list->filter);
	list->filter = kept;
	best = list_count_rows(list);
	/* The best match, not the heading above it. Without a filter, what is selected stays so. */
	if (text[0] != '\0' || list->name == NULL || !list_find_row(list, list->kind, list->name, &row))
		row = list_first_row(list, best) + (list->groups[best].folded ? 0 : 1);
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
	list->edit = line_edit_new("", list_filter_columns(list));
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
	return move_to(list, *folded ? list_first_row(list, list->kind) : list->scroller.at);
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

/* Marks the row, or takes the mark away, and goes to the next one. A heading is folded or unfolded. */
static unsigned mark(struct view *view, int arg)
{
	struct list_view *list = list_of(view);

	(void)arg;
	if (list->name == NULL)
		return fold(view, TOGGLE);
	list_marks_set(&list->marks, list->kind, list->name, !list_marks_has(&list->marks, list->kind, list->name));
	return scroll_rows(view, MOVE_DOWN);
}

/* What the filter and folded groups hide is not marked. */
static unsigned mark_shown(struct view *view, int arg)
{
	struct list_view *list = list_of(view);

	(void)arg;
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		for (size_t i = 0; i < list_items_in(list, kind) && !list->groups[kind].folded; i++)
			list_marks_set(&list->marks, kind, list_item_at(list, kind, i)->name, true);
	return UI_REDRAW;
}

static unsigned unmark_all(struct view *view, int arg)
{
	(void)arg;
	list_marks_clear(&list_of(view)->marks);
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
	list_count_rows(list);
	if (list->name != NULL)
		list_find_row(list, list->kind, list->name, &row);
	return move_to(list, row);
}

static const struct keybinding keys[] = {
	SCROLLER_LIST_KEYS(scroll_rows),
	{ "Left h", fold, FOLD, "Fold the group", NULL },
	{ "Right l", fold, UNFOLD, "Unfold the group", NULL },
	{ "Space", mark, 0, "Mark and go down; on a group: fold", NULL },
	{ "*", mark_shown, 0, "Mark all that is shown", NULL },
	{ "-", unmark_all, 0, "Unmark all", NULL },
	{ "o", next_order, 0, "Order by name, state, CPU, memory, uptime", NULL },
	{ "Enter", enter, 0, NULL, NULL },
	{ "Esc", back, 0, "Clear the filter", NULL },
	{ NULL, NULL, 0, NULL, NULL }
};

static void list_wants(const struct view *view, struct view_wants *wants)
{
	wants->takes_text = ((const struct list_view *)view)->edit != NULL;
	if (wants->takes_text)
		wants->hint = "letters of a name, state:run, !word   Enter keep   Esc clear";
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
		line_edit_width(list->edit, list_filter_columns(list));
	scroll_to(list, list->scroller.at);
	model_usage_want(session_model(view->app), NULL);
}

/* The row of what was selected in the last screen, if it has been found by now, or else this one. */
static size_t restored_row(struct list_view *list, size_t row)
{
	struct item_key *key = list->restored;
	bool found;

	if (key == NULL)
		return row;
	found = !list->moved && list_find_row(list, key->kind, key->name, &row);
	if (found || list->moved || !model_searching(session_model(list->view.app))) {
		free(key);
		list->restored = NULL;
	}
	return row;
}

static unsigned list_notice(struct view *view)
{
	struct list_view *list = list_of(view);

	if (app_shows(view->app, view))
		model_usage_want(session_model(view->app), NULL);
	if (list->order != ORDER_NAME || list->by_state || list->generation != model_generation(session_model(view->app))) {
		size_t row = list->moved ? list->scroller.at : 1;

		if (list->marks.count > 0 && list->generation != model_generation(session_model(view->app)))
			list_marks_prune(&list->marks, session_model(view->app));
		list_count_rows(list);
		/* Move the cursor back to its item. */
		if (list->name != NULL && !list_find_row(list, list->kind, list->name, &row) && list->groups[list->kind].folded)
			row = list_first_row(list, list->kind);
		move_to(list, restored_row(list, row));

		const struct item *made = model_made(session_model(view->app));

		/* Make a new item visible, whatever hides it. */
		if (made != NULL) {
			list->groups[made->kind].folded = false;
			if (!list_find_row(list, made->kind, made->name, &row))
				set_filter(list, "");
			if (list_find_row(list, made->kind, made->name, &row))
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
	list_marks_clear(&list->marks);
	free(list->restored);
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

void list_view_restore(struct view *view, const struct screen_state *state)
{
	struct list_view *list = list_of(view);

	list->order = state->order != NULL ? list_order_named(state->order) : ORDER_NAME;
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		list->groups[kind].folded = state->folded[kind];
	if (state->name != NULL)
		list->restored = item_key_new(state->kind, state->name);
}

void list_view_remember(const struct view *view, struct screen_state *state)
{
	const struct list_view *list = (const struct list_view *)view;

	state->order = mem_strdup(list_order_word(list->order));
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++)
		state->folded[kind] = list->groups[kind].folded;
	state->kind = list->kind;
	state->name = mem_strdup(list->name);
}

struct item_keys list_view_marked(const struct view *view)
{
	const struct list_view *list = (const struct list_view *)view;

	return list_marks_keys(&list->marks, session_model(view->app));
}

const struct view_ops *list_view_ops(void)
{
	return &list_ops;
}
