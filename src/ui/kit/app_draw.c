/* SPDX-License-Identifier: MIT */
#include "ui/kit/app_impl.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "ui/kit/draw.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS	12
#define LEAST_COLUMNS	40
#define SAID_MOST	5	/* rows of what is said */
#define WIDE_TITLE	60	/* columns from which the title names all the keys that work everywhere */

/* Views and their children. */

static size_t children_of(const struct view *view, WINDOW *window, struct view_place out[VIEW_CHILDREN])
{
	if (view->ops->children == NULL)
		return 0;
	return view->ops->children(view, getmaxy(window), getmaxx(window), out);
}

static bool shows(const struct view_place *place)
{
	return place->rows > 0 && place->columns > 0;
}

static void resize_tree(struct view *view, int rows, int columns)
{
	struct view_place places[VIEW_CHILDREN];
	size_t count = 0;

	view->dirty = true;
	if (view->ops->resized != NULL)
		view->ops->resized(view, rows, columns);
	if (view->ops->children != NULL)
		count = view->ops->children(view, rows, columns, places);
	for (size_t i = 0; i < count; i++)
		if (shows(&places[i]))
			resize_tree(places[i].view, places[i].rows, places[i].columns);
}

static bool tree_dirty(const struct view *view, int rows, int columns)
{
	struct view_place places[VIEW_CHILDREN];
	size_t count = 0;

	if (view->dirty)
		return true;
	if (view->ops->children != NULL)
		count = view->ops->children(view, rows, columns, places);
	for (size_t i = 0; i < count; i++)
		if (shows(&places[i]) && tree_dirty(places[i].view, places[i].rows, places[i].columns))
			return true;
	return false;
}

static bool layer_dirty(const struct layer *layer)
{
	return layer->window != NULL &&
	       tree_dirty(layer->view, getmaxy(layer->window), getmaxx(layer->window));
}

/* Those inside others first: curses deletes no window that has one inside. */
void layer_finish(struct layer *layer)
{
	while (layer->part_count > 0)
		delwin(layer->parts[--layer->part_count]);
	free(layer->parts);
	layer->parts = NULL;
	if (layer->window != NULL)
		delwin(layer->window);
	layer->window = NULL;
}

static bool is_at(WINDOW *part, WINDOW *window, const struct view_place *place)
{
	return wgetparent(part) == window && getpary(part) == place->row && getparx(part) == place->column &&
	       getmaxy(part) == place->rows && getmaxx(part) == place->columns;
}

/* Kept, as curses marks the whole window as changed when one inside it is deleted. NULL: no room for it. */
static WINDOW *part_at(struct layer *layer, WINDOW *window, const struct view_place *place)
{
	for (size_t i = 0; i < layer->part_count; i++)
		if (is_at(layer->parts[i], window, place))
			return layer->parts[i];

	WINDOW *part = derwin(window, place->rows, place->columns, place->row, place->column);

	if (part == NULL)
		return NULL;
	layer->parts = mem_resize(layer->parts, layer->part_count + 1, sizeof(*layer->parts));
	layer->parts[layer->part_count++] = part;
	return part;
}

static void draw_view(const struct view *view, WINDOW *window)
{
	wattr_set(window, A_NORMAL, 0, NULL);
	werase(window);
	if (view->ops->draw != NULL)
		view->ops->draw(view, window);
}

/* A view that is drawn draws over its children, so they follow. */
static void draw_tree(struct layer *layer, struct view *view, WINDOW *window, bool whole)
{
	struct view_place places[VIEW_CHILDREN];
	size_t count = children_of(view, window, places);

	if (!whole && view->dirty)
		whole = view->ops->redraw == NULL || !view->ops->redraw(view, window);
	if (whole)
		draw_view(view, window);
	view->dirty = false;
	for (size_t i = 0; i < count; i++) {
		WINDOW *part = shows(&places[i]) ? part_at(layer, window, &places[i]) : NULL;

		if (part == NULL)
			continue;
		draw_tree(layer, places[i].view, part, whole);
		wsyncup(part);
		untouchwin(part);
	}
}

/* Where the cursor belongs on the screen. */
static bool find_cursor(const struct view *view, WINDOW *window, int *row, int *column)
{
	int top = getbegy(window), left = getbegx(window);
	int rows = getmaxy(window), columns = getmaxx(window);

	while (view->ops->focus != NULL && view->ops->children != NULL) {
		struct view_place places[VIEW_CHILDREN];
		struct view *child = view->ops->focus(view);
		size_t count = view->ops->children(view, rows, columns, places), i;

		for (i = 0; i < count && places[i].view != child; i++)
			;
		if (i == count)
			break;
		top += places[i].row;
		left += places[i].column;
		rows = places[i].rows;
		columns = places[i].columns;
		view = child;
	}
	if (view->ops->cursor == NULL || !view->ops->cursor(view, row, column) ||
	    *row < 0 || *row >= rows || *column < 0 || *column >= columns)
		return false;
	*row += top;
	*column += left;
	return true;
}

void app_point(struct app *app, enum mouse_act act, int row, int column)
{
	struct layer *top = &app->layers[app->layer_count - 1];
	struct view *view = top->view;

	if (top->window == NULL || !wenclose(top->window, row, column))
		return;
	row -= getbegy(top->window);
	column -= getbegx(top->window);

	int rows = getmaxy(top->window), columns = getmaxx(top->window);

	while (view != NULL) {
		struct view_place places[VIEW_CHILDREN];
		size_t count = view->ops->children != NULL ? view->ops->children(view, rows, columns, places) : 0;
		struct view *inner = NULL;
		int at_row = row, at_column = column;

		for (size_t i = 0; i < count; i++) {
			const struct view_place *place = &places[i];

			if (row < place->row || row >= place->row + place->rows || column < place->column ||
			    column >= place->column + place->columns)
				continue;
			inner = place->view;
			rows = place->rows;
			columns = place->columns;
			at_row = row - place->row;
			at_column = column - place->column;
		}
		if (view->ops->mouse != NULL)
			app_apply(app, view, view->ops->mouse(view, act, row, column));
		view = inner;
		row = at_row;
		column = at_column;
	}
}

static bool is_bare(const struct view *view)
{
	return view->ops->bare != NULL && view->ops->bare(view);
}

bool app_too_small(void)
{
	return LINES < LEAST_ROWS || COLS < LEAST_COLUMNS;
}

/* The lowest layer that shows: a dialog leaves the ones below it to be seen. */
static size_t lowest_layer(const struct app *app)
{
	size_t i = app->layer_count - 1;

	while (i > 0 && app->layers[i].view->ops->dialog)
		i--;
	return i;
}

static int bottom_rows(const struct view *view)
{
	return view->ops->hint_rows != NULL ? view->ops->hint_rows(view, COLS) : 1;
}

static void place_layer(struct app *app, struct layer *layer)
{
	const struct view *lowest = app->layers[lowest_layer(app)].view;
	bool bare = is_bare(layer->view);
	int top = bare ? 0 : 1, most = bare ? LINES : LINES - 1 - bottom_rows(layer->view->ops->dialog ? lowest : layer->view);
	int rows = most, columns = COLS;

	layer_finish(layer);
	if (app_too_small())
		return;
	if (layer->view->ops->dialog) {
		columns -= 4;
		if (layer->view->ops->size != NULL)
			layer->view->ops->size(layer->view, &rows, &columns);
		rows = rows > most ? most : rows;
		columns = columns > COLS ? COLS : columns;
	}
	layer->window = newwin(rows, columns, top + (most - rows) / 2, (COLS - columns) / 2);
	if (layer->window != NULL)
		resize_tree(layer->view, rows, columns);
}

static void lay_out(struct app *app)
{
	app->layout_due = false;
	app->lines_dirty = true;
	for (size_t i = 0; i < app->layer_count; i++)
		place_layer(app, &app->layers[i]);
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

static int draw_bindings(WINDOW *window, const struct theme *theme, int column, const struct keybinding *table)
{
	for (; table != NULL && table->run != NULL && column >= 0; table++)
		if (table->label != NULL)
			column = draw_binding(window, theme, column, table);
	return column;
}

static const char *hint_of(const struct view *view)
{
	return view->ops->hint != NULL ? view->ops->hint(view) : NULL;
}

static bool takes_text(const struct view *view)
{
	return view->ops->takes_text != NULL && view->ops->takes_text(view);
}

/* Where a text is that is wrapped, and goes on in its last row as far as that goes. */
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
		column = draw_bindings(window, &app->theme, column, view->ops->keys);
	if (column < 0 || takes_text(leaf))
		return;
	/* Over a question there is help, and nothing else. */
	if (leaf->ops->dialog)
		draw_binding(window, &app->theme, column, app_keys(app));
	else
		draw_bindings(window, &app->theme, column, app_keys(app));
}

/*
 * Over the layers: what is said lies over them where it is longer than the rows that are kept for it, since it goes
 * with the next key; what a field means keeps to those.
 */
static void draw_bottom(struct app *app)
{
	struct view *leaf = app_focus_leaf(app_top(app));
	const char *hint = hint_of(leaf), *text = app->said != NULL ? app->said : hint;
	int rows = bottom_rows(app->layers[lowest_layer(app)].view);

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
	if (!takes_text(app_focus_leaf(app_top(app))))
		draw_text(stdscr, &app->theme, 0, COLS - width - 1, width, keys);
	theme_set(&app->theme, stdscr, STYLE_NORMAL);
}

static void draw_too_small(void)
{
	erase();
	mvaddnstr(0, 0, "too small: 40x12 is needed", COLS);
	wnoutrefresh(stdscr);
	curs_set(0);
}

/* whole: something lay over them. */
static void draw_layers(struct app *app, bool whole)
{
	size_t from = lowest_layer(app);
	bool several = from + 1 < app->layer_count;

	for (size_t i = from; i < app->layer_count; i++) {
		struct layer *layer = &app->layers[i];

		if (layer->window == NULL)
			continue;
		if (layer_dirty(layer))
			draw_tree(layer, layer->view, layer->window, false);
		if (several || whole)
			touchwin(layer->window);
		wnoutrefresh(layer->window);
	}
}

static void place_cursor(struct app *app)
{
	struct layer *top = &app->layers[app->layer_count - 1];
	int row, column;

	if (top->window != NULL && find_cursor(top->view, top->window, &row, &column)) {
		wmove(newscr, row, column);
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
		if (layer_dirty(&app->layers[i]))
			return true;
	return false;
}

void app_draw(struct app *app)
{
	if (app->layer_count == 0 || !app_dirty(app))
		return;
	if (app->layout_due)
		lay_out(app);
	if (app_too_small()) {
		draw_too_small();
	} else {
		const struct view *lowest = app->layers[lowest_layer(app)].view;
		bool over = app->bottom_rows > bottom_rows(lowest);
		bool stale = app->lines_dirty || over || !text_equal(hint_of(app_focus_leaf(app_top(app))), app->hinted);

		if (app->lines_dirty && !is_bare(lowest))
			draw_title(app);
		wnoutrefresh(stdscr);
		draw_layers(app, over);
		if (stale && !is_bare(lowest))
			draw_bottom(app);
		place_cursor(app);
	}
	app->lines_dirty = false;
	app->waited_for = false;
	doupdate();
	app->drawn = loop_now();
}

