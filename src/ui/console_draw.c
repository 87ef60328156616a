/* SPDX-License-Identifier: MIT */
#include "ui/console_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "ui/app.h"
#include "ui/draw.h"
#include "ui/terminal.h"
#include "ui/theme.h"

#include <stdlib.h>

static void mark_matches(const struct console_view *pane, WINDOW *window, const struct paint_area *area)
{
	const struct terminal *term = console_screen(pane->console);

	for (int i = 0; i < area->rows; i++) {
		int at, width;

		for (int from = 0; scroll_match(&pane->scroll, term, area->row + i, from, &at, &width); from = at + width) {
			if (at >= area->column && at + width <= area->column + area->columns)
				mvwchgat(window, i, at - area->column, width, A_REVERSE, 0, NULL);
		}
	}
}

static void draw_status(const struct console_view *pane, WINDOW *window)
{
	const struct theme *theme = app_theme(pane->view.app);
	const char *title = console_title(pane->console);
	int row = getmaxy(window) - 1, columns = getmaxx(window), used;

	theme_set(theme, window, STYLE_TITLE);
	draw_blank(window, row, 0, columns);
	used = draw_textf(window, theme, row, 1, columns / 3, "%s%s%s", console_name(pane->console), title[0] ? ": " : "", title);
	draw_text(window, theme, row, used + 4, columns - used - 5, pane->hint);
	theme_set(theme, window, STYLE_NORMAL);
}

static struct paint_area area_of(const struct console_view *pane)
{
	const struct terminal *term = console_screen(pane->console);

	return (struct paint_area){
		.row = pane->scroll.on ? scroll_row(&pane->scroll, term, pane->rows) : pane->pan_row,
		.column = pane->pan_column, .rows = pane->rows, .columns = pane->columns,
	};
}

void console_drawn_finish(struct console_drawn *drawn)
{
	free(drawn->rows);
	free(drawn->title);
	free(drawn->hint);
	*drawn = (struct console_drawn){ 0 };
}

static void draw_changes(const struct console_view *pane, WINDOW *window)
{
	struct console_drawn *drawn = &pane->place->drawn;

	if (!console_paint(window, app_theme(pane->view.app), console_screen(pane->console), &drawn->area, drawn->rows))
		pane->place->crowded = true;
	if (!pane->whole || (text_equal(drawn->title, console_title(pane->console)) && text_equal(drawn->hint, pane->hint)))
		return;
	free(drawn->title);
	free(drawn->hint);
	drawn->title = mem_strdup(console_title(pane->console));
	drawn->hint = mem_strdup(pane->hint);
	draw_status(pane, window);
}

void console_draw(const struct view *view, WINDOW *window)
{
	const struct console_view *pane = (const struct console_view *)view;
	struct console_drawn *drawn = &pane->place->drawn;

	getbegyx(window, pane->place->row, pane->place->column);
	console_drawn_finish(drawn);
	drawn->scrolled = pane->scroll.on;
	drawn->area = area_of(pane);
	drawn->rows = mem_array((size_t)pane->rows, sizeof(*drawn->rows));
	draw_changes(pane, window);
	if (pane->scroll.on && pane->scroll.query_len > 0)
		mark_matches(pane, window, &drawn->area);
}

static bool same_area(const struct paint_area *a, const struct paint_area *b)
{
	return a->row == b->row && a->column == b->column && a->rows == b->rows && a->columns == b->columns;
}

/* While scrolling there are marks to draw and rows of the past, which have no versions to go by. */
bool console_redraw(const struct view *view, WINDOW *window)
{
	const struct console_view *pane = (const struct console_view *)view;
	struct console_drawn *drawn = &pane->place->drawn;
	struct paint_area area = area_of(pane);

	if (pane->scroll.on || drawn->scrolled || pane->place->crowded || !drawn->rows || !same_area(&area, &drawn->area))
		return false;
	draw_changes(pane, window);
	return true;
}

static bool scroll_cursor(const struct console_view *pane, int *row, int *column)
{
	const struct terminal *term = console_screen(pane->console);
	int64_t top = scroll_row(&pane->scroll, term, pane->rows) + (int64_t)terminal_lines(term);

	*row = pane->rows - 1;
	*column = 0;
	if (pane->scroll.match_column >= 0 && pane->scroll.match >= top && pane->scroll.match < top + pane->rows) {
		*row = (int)(pane->scroll.match - top);
		*column = pane->scroll.match_column - pane->pan_column;
	}
	return true;
}

bool console_cursor(const struct view *view, int *row, int *column)
{
	const struct console_view *pane = (const struct console_view *)view;
	int shape;

	if (pane->scroll.on)
		return scroll_cursor(pane, row, column);
	if (!terminal_cursor(console_screen(pane->console), row, column, &shape))
		return false;
	*row -= pane->pan_row;
	*column -= pane->pan_column;
	return *row < pane->rows;
}
