/* SPDX-License-Identifier: MIT */
#include "ui/details/changes_view.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/machines/pending.h"
#include "ui/actions.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_WIDTH 17
#define LABELS_FROM 64		/* columns; below, a setting has a line of its own above its values */
#define GAP 2			/* columns between the values */

/* One line: a setting, both values, or a text in place of them. */
struct row {
	enum style style;
	char *label, *left, *right;	/* NULL: nothing there */
};

struct changes_view {
	struct view view;
	char *name;			/* of the profile */
	unsigned looks;			/* item->looks when it was read */
	struct pending pending;
	char *nothing;			/* why there is nothing to show; NULL: there is something */
	struct row *rows;
	size_t count, size;
	int columns;			/* inside of the frame */
	struct scroller scroller;
};

static void drop_rows(struct changes_view *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		free(changes->rows[i].label);
		free(changes->rows[i].left);
		free(changes->rows[i].right);
	}
	changes->count = 0;
}

static struct row *row_at(struct changes_view *changes, size_t at)
{
	while (changes->count <= at) {
		changes->rows = mem_grow(changes->rows, &changes->size, changes->count + 1, sizeof(*changes->rows));
		changes->rows[changes->count++] = (struct row){ .style = STYLE_NORMAL };
	}
	return &changes->rows[at];
}

static int label_width(const struct changes_view *changes)
{
	return changes->columns >= LABELS_FROM ? LABEL_WIDTH : 0;
}

static int value_width(const struct changes_view *changes)
{
	return (changes->columns - label_width(changes) - GAP) / 2;
}

/* Where text_wrap puts its lines: from this row on, at the left or at the right. */
struct column {
	struct changes_view *changes;
	size_t first;
	bool right;
	enum style style;
};

static void add_piece(void *data, int line, const char *text, size_t len)
{
	struct column *column = data;
	struct row *row = row_at(column->changes, column->first + (size_t)line);

	row->style = column->style;
	*(column->right ? &row->right : &row->left) = mem_strndup(text, len);
}

static void add_change(struct changes_view *changes, const struct pending_change *change, bool named)
{
	bool element = setting_info(change->setting)->repeatable;
	char *now = element && change->now == NULL ? mem_strdup("-") : pending_value(change, false);
	char *next = element && change->next == NULL ? mem_strdup("-") : pending_value(change, true);
	size_t first = changes->count;

	if (named) {
		row_at(changes, first)->label = mem_strdup(pending_word(change->setting));
		first += label_width(changes) == 0;
	}
	text_wrap(now, value_width(changes), add_piece, &(struct column){ changes, first, false, STYLE_NORMAL });
	text_wrap(next, value_width(changes), add_piece, &(struct column){ changes, first, true, STYLE_NORMAL });
	free(now);
	free(next);
}

static void add_why(struct changes_view *changes, const struct pending_change *change)
{
	const char *why = pending_why(change);

	text_wrap(why != NULL ? why : "A applies this now", changes->columns - label_width(changes), add_piece,
	          &(struct column){ changes, changes->count, false, STYLE_DIM });
	row_at(changes, changes->count);
}

static void fill(struct changes_view *changes)
{
	const struct pending *pending = &changes->pending;

	drop_rows(changes);
	if (changes->nothing != NULL)
		text_wrap(changes->nothing, changes->columns - label_width(changes), add_piece,
		          &(struct column){ changes, 0, false, STYLE_DIM });
	for (size_t i = 0; i < pending->count; i++) {
		enum vm_setting setting = pending->items[i].setting;

		add_change(changes, &pending->items[i], i == 0 || pending->items[i - 1].setting != setting);
		if (i + 1 == pending->count || pending->items[i + 1].setting != setting || pending->items[i + 1].live != pending->items[i].live)
			add_why(changes, &pending->items[i]);
	}

	size_t page = changes->scroller.page > 0 ? (size_t)changes->scroller.page : 0;

	scroller_fit(&changes->scroller, changes->count > page ? changes->count - page + 1 : 1, changes->scroller.page);
}

/* Returns false, with the reason in err, if there is nothing to compare. */
static bool read_changes(struct app *app, enum item_kind kind, const char *name, struct pending *out, struct error *err)
{
	const struct item *item = model_find(session_model(app), kind, name);
	const struct running_vm *machine = item != NULL ? model_running_vm(session_model(app), item) : NULL;

	if (item == NULL)
		return error_set(err, "%s no longer exists", name);
	if (kind != ITEM_PROFILE)
		return error_set(err, "only a profile can differ from what runs");
	if (machine == NULL || machine->state == NULL)
		return error_set(err, "%s does not run; its next start has its profile's settings", name);
	return pending_of_profile(out, session_store(app), session_records(app), name, machine->state, machine->uuid, err);
}

/* The view. */

static unsigned scroll_rows(struct view *view, int move)
{
	scroller_move(&((struct changes_view *)view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

static unsigned apply(struct view *view, int arg)
{
	(void)arg;
	action_apply(view->app, ITEM_PROFILE, ((struct changes_view *)view)->name);
	return UI_NOTHING;
}

static const struct keybinding keys[] = {
	{ "A", apply, 0, "Apply what can be changed now", "apply" },
	{ "Esc q Enter D", view_leave, 0, "Close", "close" },
	SCROLLER_TEXT_KEYS(scroll_rows, "page down"),
	{ NULL, NULL, 0, NULL, NULL }
};

static void changes_close(struct view *view)
{
	struct changes_view *changes = (struct changes_view *)view;

	drop_rows(changes);
	free(changes->nothing);
	free(changes->rows);
	pending_finish(&changes->pending);
	free(changes->name);
	free(changes);
}

static void changes_resized(struct view *view, int rows, int columns)
{
	struct changes_view *changes = (struct changes_view *)view;

	changes->columns = columns - 4;
	changes->scroller.page = rows - 4;
	fill(changes);
}

static unsigned changes_notice(struct view *view)
{
	struct changes_view *changes = (struct changes_view *)view;
	const struct model *model = session_model(view->app);
	const struct item *item = model_find(model, ITEM_PROFILE, changes->name);
	struct pending pending = { 0 };
	struct error err;

	if (item != NULL && item->looks == changes->looks && model_running_vm(model, item) != NULL)
		return UI_NOTHING;
	changes->looks = item != NULL ? item->looks : 0;
	free(changes->nothing);
	changes->nothing = NULL;
	if (!read_changes(view->app, ITEM_PROFILE, changes->name, &pending, &err))
		changes->nothing = mem_strdup(err.text);
	else if (pending.count == 0)
		changes->nothing = mem_printf("%s runs with the settings of its profile", changes->name);
	pending_finish(&changes->pending);
	changes->pending = pending;
	fill(changes);
	return UI_REDRAW;
}

static void changes_draw(const struct view *view, WINDOW *window)
{
	const struct changes_view *changes = (const struct changes_view *)view;
	const struct theme *theme = app_theme(view->app);
	int left = 2 + label_width(changes), width = value_width(changes), right = left + width + GAP;
	char *title = mem_printf("%s: what runs, and the next start", changes->name);

	draw_frame(window, theme, true, title);
	free(title);
	theme_set(theme, window, STYLE_HEADING);
	draw_text(window, theme, 1, left, width, "running");
	draw_text(window, theme, 1, right, width, "next start");
	for (int line = 0; line < changes->scroller.page; line++) {
		size_t at = changes->scroller.at + (size_t)line;
		const struct row *row = at < changes->count ? &changes->rows[at] : NULL;

		if (row == NULL)
			break;
		theme_set(theme, window, STYLE_HEADING);
		if (row->label != NULL)
			draw_text(window, theme, 3 + line, 2, label_width(changes) > 0 ? LABEL_WIDTH - 1 : changes->columns, row->label);
		theme_set(theme, window, row->style);
		if (row->left != NULL)
			draw_text(window, theme, 3 + line, left, row->style == STYLE_DIM ? changes->columns - left + 2 : width, row->left);
		theme_set(theme, window, STYLE_WARNING);
		if (row->right != NULL)
			draw_text(window, theme, 3 + line, right, width, row->right);
	}
	theme_set(theme, window, STYLE_NORMAL);
}

static bool changes_cursor(const struct view *view, int *row, int *column)
{
	(void)view;
	*row = 1;
	*column = 2;
	return true;
}

static unsigned changes_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	(void)row;
	(void)column;
	return act == MOUSE_PRESS ? (unsigned)UI_NOTHING : scroll_rows(view, scroller_wheel(act));
}

static const struct view_ops changes_ops = {
	.name = "changes", .title = "Changes", .keys = keys, .close = changes_close, .notice = changes_notice,
	.resized = changes_resized, .draw = changes_draw, .cursor = changes_cursor, .mouse = changes_mouse,
};

void changes_open(struct app *app, enum item_kind kind, const char *name)
{
	struct pending pending = { 0 };
	struct changes_view *changes;
	struct error err;

	if (!read_changes(app, kind, name, &pending, &err)) {
		app_say(app, "%s", err.text);
	} else if (pending.count == 0) {
		app_say(app, "%s runs with the settings of its profile", name);
	} else {
		changes = mem_alloc(sizeof(*changes));
		changes->view.ops = &changes_ops;
		changes->name = mem_strdup(name);
		changes->looks = model_find(session_model(app), kind, name)->looks;
		changes->pending = pending;
		pending = (struct pending){ 0 };
		app_push(app, &changes->view);
	}
	pending_finish(&pending);
}

const struct view_ops *changes_view_ops(void)
{
	return &changes_ops;
}
