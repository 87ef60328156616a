/* SPDX-License-Identifier: MIT */
#include "ui/kit/app_impl.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "ui/kit/draw.h"
#include "ui/kit/screen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS	12
#define LEAST_COLUMNS	40
#define SAID_MOST	5	/* maximum rows of a message */
#define WIDE_TITLE	60	/* minimum width for all keys that work everywhere in the title */

/* Views and their children. */

/* Inner windows first: curses does not delete a window that contains others. */
void view_hide(struct view *view)
{
	for (size_t i = 0; i < view->child_count; i++)
		view_hide(view->children[i]);
	if (view->window != NULL)
		delwin(view->window);
	view->window = NULL;
}

/* Takes ownership of the window, and creates those of the children. window NULL: the view is not visible. */
static void place_tree(struct view *view, WINDOW *window, int rows, int columns)
{
	struct view_place places[VIEW_CHILDREN];

	view->window = window;
	view->dirty = true;
	if (window != NULL && view->ops->resized != NULL)
		view->ops->resized(view, rows, columns);
	view->child_count = view->ops->children != NULL ? view->ops->children(view, rows, columns, places) : 0;
	for (size_t i = 0; i < view->child_count; i++) {
		const struct view_place *place = &places[i];
		bool shows = window != NULL && place->rows > 0 && place->columns > 0;

		view->children[i] = place->view;
		place_tree(place->view, shows ? derwin(window, place->rows, place->columns, place->row, place->column) : NULL,
		           place->rows, place->columns);
	}
}

static bool tree_dirty(const struct view *view)
{
	if (view->window == NULL)
		return false;
	for (size_t i = 0; i < view->child_count; i++)
		if (tree_dirty(view->children[i]))
			return true;
	return view->dirty;
}

/* Drawing a view covers its children, so they must be drawn too. */
static void draw_tree(struct view *view, bool whole)
{
	if (!whole && view->dirty)
		whole = view->ops->redraw == NULL || !view->ops->redraw(view, view->window);
	if (whole) {
		wattr_set(view->window, A_NORMAL, 0, NULL);
		werase(view->window);
		if (view->ops->draw != NULL)
			view->ops->draw(view, view->window);
	}
	view->dirty = false;
	for (size_t i = 0; i < view->child_count; i++) {
		struct view *child = view->children[i];

		if (child->window == NULL)
			continue;
		draw_tree(child, whole);
		wsyncup(child->window);
		untouchwin(child->window);
	}
}

void app_point(struct app *app, enum mouse_act act, int row, int column)
{
	struct view *view = app_top(app);

	if (view->window == NULL || !wenclose(view->window, row, column))
		return;
	while (view != NULL) {
		struct view *inner = NULL;

		for (size_t i = 0; i < view->child_count; i++)
			if (view->children[i]->window != NULL && wenclose(view->children[i]->window, row, column))
				inner = view->children[i];
		if (view->ops->mouse != NULL)
			app_apply(app, view, view->ops->mouse(view, act, row - getbegy(view->window), column - getbegx(view->window)));
		view = inner;
	}
}

struct view_wants view_wants(const struct view *view, int rows, int columns)
{
	struct view_wants wants = {
		.rows = rows, .columns = columns, .hint_rows = 1, .keys = view->ops->keys, .key_count = SIZE_MAX
	};

	if (view->ops->wants != NULL)
		view->ops->wants(view, &wants);
	return wants;
}

/* Position on the whole screen. */
static struct view_wants wants_of(const struct view *view)
{
	return view_wants(view, LINES, COLS);
}

bool app_too_small(void)
{
	return LINES < LEAST_ROWS || COLS < LEAST_COLUMNS;
}

/* The lowest visible layer: the layers below a dialog stay visible. */
static size_t lowest_layer(const struct app *app)
{
	size_t i = app->layer_count - 1;

	while (i > 0 && app->layers[i]->ops->dialog)
		i--;
	return i;
}

bool app_shows(const struct app *app, const struct view *view)
{
	const struct view *layer = view;

	while (layer->parent != NULL)
		layer = layer->parent;
	for (size_t i = lowest_layer(app); i < app->layer_count; i++)
		if (app->layers[i] == layer)
			return !app->away && view->window != NULL;
	return false;
}

static void place_layer(struct app *app, struct view *view)
{
	const struct view *lowest = app->layers[lowest_layer(app)];
	bool bare = wants_of(view).bare;
	int top = bare ? 0 : 1, most = bare ? LINES : LINES - 1 - wants_of(view->ops->dialog ? lowest : view).hint_rows;
	int rows = most, columns = COLS;

	if (app_too_small()) {
		place_tree(view, NULL, LINES, COLS);
		return;
	}
	if (view->ops->dialog) {
		struct view_wants wants = view_wants(view, most, COLS - 4);

		rows = wants.rows > most ? most : wants.rows;
		columns = wants.columns > COLS ? COLS : wants.columns;
	}
	place_tree(view, newwin(rows, columns, top + (most - rows) / 2, (COLS - columns) / 2), rows, columns);
}

void app_lay_out(struct app *app)
{
	app->layout_due = false;
	app->lines_dirty = true;
	for (size_t i = 0; i < app->layer_count; i++) {
		view_hide(app->layers[i]);
		place_layer(app, app->layers[i]);
	}
	erase();
}

/* Drawing. */

static int draw_binding(WINDOW *window, const struct theme *theme, int column, const struct keybinding *binding)
{
	int room = getmaxx(window) - column;
	const char *blank = strchr(binding->key, ' ');
	int key_len = blank != NULL ? (int)(blank - binding->key) : (int)strlen(binding->key);
	int needed = 1 + key_len + 1 + text_columns(binding->label) + 1;

	if (needed > room)
		return -1;
	theme_set(theme, window, STYLE_KEY);
	draw_textf(window, theme, getmaxy(window) - 1, column + 1, key_len, "%.*s", key_len, binding->key);
	theme_set(theme, window, STYLE_NORMAL);
	draw_text(window, theme, getmaxy(window) - 1, column + 2 + key_len, room, binding->label);
	return column + needed;
}

/* True if the bottom line has another meaning of the row's first key already, that of a view inside of this one. */
static bool is_overridden(const struct view *leaf, const struct view *view, const struct keybinding *binding)
{
	struct key key;

	if (!key_parse(binding->key, &key))
		return false;
	for (; leaf != NULL && leaf != view; leaf = leaf->parent) {
		const struct keybinding *inner = key_lookup(leaf->ops->keys, &key);

		if (inner != NULL && inner->label != NULL)
			return true;
	}
	return false;
}

/* The rows of a view, or of the app if view is NULL, that the views inside of it leave. */
static int draw_bindings(struct app *app, WINDOW *window, int column, const struct view *leaf, const struct view *view)
{
	const struct keybinding *row = view != NULL ? view->ops->keys : app_keys(app);

	for (; row != NULL && row->run != NULL && column >= 0; row++)
		if (row->label != NULL && (view == NULL || !is_overridden(leaf, view, row)))
			column = draw_binding(window, &app->theme, column, row);
	return column;
}

/* Position of a wrapped text; its last row is as long as the text needs. */
struct wrapped {
	WINDOW *window;
	const struct theme *theme;
	const char *end;
};

static void draw_wrapped(void *data, int line, const char *text, size_t len)
{
	const struct wrapped *wrapped = data;
	int rows = getmaxy(wrapped->window), width = getmaxx(wrapped->window) - 2;
	bool last = line == rows - 1;

	if (line < rows)
		draw_textf(wrapped->window, wrapped->theme, line, 1, last ? width + 1 : width, "%.*s",
		           last ? (int)(wrapped->end - text) : (int)len, text);
}

static void draw_keys(struct app *app, WINDOW *window, struct view *leaf)
{
	int column = 0;

	for (struct view *view = leaf; view != NULL && column >= 0; view = view->parent)
		column = draw_bindings(app, window, column, leaf, view);
	if (column < 0 || wants_of(leaf).takes_text)
		return;
	/* Over a question only the help can be opened. */
	if (leaf->ops->dialog)
		draw_binding(window, &app->theme, column, app_keys(app));
	else
		draw_bindings(app, window, column, leaf, NULL);
}

/*
 * Drawn over the layers: a message may be longer than the reserved rows and then covers the layers, because it
 * disappears at the next key. A hint is limited to the reserved rows.
 */
static void draw_bottom(struct app *app)
{
	struct view *leaf = app_focus_leaf(app_top(app));
	const char *hint = wants_of(leaf).hint, *text = app->said != NULL ? app->said : hint;
	int rows = wants_of(app->layers[lowest_layer(app)]).hint_rows;

	if (app->said != NULL) {
		int needed = text_wrap(text, COLS - 2, NULL, NULL);

		rows = needed > SAID_MOST ? SAID_MOST : needed > rows ? needed : rows;
	}

	WINDOW *window = newwin(rows, COLS, LINES - rows, 0);

	free(app->hinted);
	app->hinted = mem_strdup(hint);
	if (window == NULL)
		return;
	theme_set(&app->theme, window, STYLE_NORMAL);
	if (text != NULL) {
		struct wrapped wrapped = { window, &app->theme, text + strlen(text) };

		text_wrap(text, COLS - 2, draw_wrapped, &wrapped);
	} else {
		draw_keys(app, window, leaf);
	}
	wnoutrefresh(window);
	delwin(window);
	app->bottom_rows = rows;
}

static void draw_title(struct app *app)
{
	const struct view *top = app_top(app);
	const char *keys = COLS < WIDE_TITLE || top->ops->dialog ? "? help" : "? help  : commands";
	int width = text_columns(keys);
	char text[128];

	app->program->title(app->data, text, sizeof(text));
	theme_set(&app->theme, stdscr, STYLE_TITLE);
	draw_blank(stdscr, 0, 0, COLS);
	draw_textf(stdscr, &app->theme, 0, 1, COLS - width - 3, "paddock   %s", text);
	if (!wants_of(app_focus_leaf(app_top(app))).takes_text)
		draw_text(stdscr, &app->theme, 0, COLS - width - 1, width, keys);
	theme_set(&app->theme, stdscr, STYLE_NORMAL);
}

/* whole: draw them even if unchanged, because something covered them. */
static void draw_layers(struct app *app, bool whole)
{
	size_t from = lowest_layer(app);
	bool several = from + 1 < app->layer_count;

	for (size_t i = from; i < app->layer_count; i++) {
		struct view *view = app->layers[i];

		if (view->window == NULL)
			continue;
		if (tree_dirty(view))
			draw_tree(view, false);
		if (several || whole)
			touchwin(view->window);
		wnoutrefresh(view->window);
	}
}

static void place_cursor(struct app *app)
{
	const struct view *view = app_focus_leaf(app_top(app));
	int row, column;

	if (view->window != NULL && view->ops->cursor != NULL && view->ops->cursor(view, &row, &column) &&
	    row >= 0 && row < getmaxy(view->window) && column >= 0 && column < getmaxx(view->window)) {
		wmove(newscr, getbegy(view->window) + row, getbegx(view->window) + column);
		curs_set(1);
	} else {
		curs_set(0);
	}
}

bool app_dirty(const struct app *app)
{
	if (app->layout_due || app->lines_dirty)
		return true;
	for (size_t i = lowest_layer(app); i < app->layer_count; i++)
		if (tree_dirty(app->layers[i]))
			return true;
	return false;
}

void app_draw(struct app *app)
{
	if (app->layer_count == 0 || !app_dirty(app))
		return;
	if (app->layout_due)
		app_lay_out(app);
	if (app_too_small()) {
		erase();
		mvaddnstr(0, 0, "too small: 40x12 is needed", COLS);
		wnoutrefresh(stdscr);
		curs_set(0);
	} else {
		struct view_wants lowest = wants_of(app->layers[lowest_layer(app)]);
		bool over = app->bottom_rows > lowest.hint_rows;
		bool stale = app->lines_dirty || over || !text_equal(wants_of(app_focus_leaf(app_top(app))).hint, app->hinted);

		if (app->lines_dirty && !lowest.bare)
			draw_title(app);
		wnoutrefresh(stdscr);
		draw_layers(app, over);
		if (stale && !lowest.bare)
			draw_bottom(app);
		place_cursor(app);
	}
	app->lines_dirty = false;
	app->waited_for = false;
	screen_update();
	app->drawn = loop_now();
}

