/* SPDX-License-Identifier: MIT */
#include "ui/console/console_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/terminal/terminal.h"
#include "ui/console/line_text.h"
#include "ui/kit/app.h"
#include "ui/kit/curses_cell.h"
#include "ui/kit/draw.h"
#include "ui/kit/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bottom line. */

#define BETWEEN 4	/* columns between the name and the message, plus the one before the name */

static int name_columns(const struct console_view *pane)
{
	const char *title = console_title(pane->console);
	int columns = text_columns(console_name(pane->console)) + (title[0] ? 2 + text_columns(title) : 0);

	return columns < pane->columns / 3 ? columns : pane->columns / 3;
}

/* If the console has the whole screen, the line begins with the name. */
static int room(const struct console_view *pane)
{
	return pane->whole ? pane->columns - name_columns(pane) - BETWEEN - 1 : COLS - 2;
}

/* Returns the columns up to where the query is typed. */
static int describe_query(const struct scroll *scroll, bool brief, char *out, size_t size)
{
	int columns;

	snprintf(out, size, "%s/%ls", scroll->regex ? "regex " : "", scroll->query);
	columns = text_columns(out);
	if (scroll->pattern.error)
		snprintf(out + strlen(out), size - strlen(out), "   %s", scroll->pattern.error);
	else if (!brief)
		snprintf(out + strlen(out), size - strlen(out), "   Ctrl-r %s", scroll->regex ? "plain text" : "regular expression");
	return columns;
}

static void describe_matches(const struct scroll *scroll, const struct terminal *term, char *out, size_t size)
{
	out[0] = '\0';
	if (scroll->search.state == SEARCH_GOES_ON)
		snprintf(out, size, "searching  ");
	else if (scroll->query_len > 0)
		line_tally_text(&scroll->tally, term, scroll->places[SCROLL_CURSOR], out, size);
}

static void describe_scroll(const struct console_view *pane, bool brief, char *out, size_t size)
{
	const struct terminal *term = console_screen(pane->console);
	const struct scroll *scroll = &pane->scroll;
	long long line = (long long)(scroll->places[SCROLL_CURSOR].line - line_oldest(term)) + 1;
	size_t lines = terminal_scrollback(term) + (size_t)terminal_rows(term);
	bool selects = scroll->kind != SELECT_NOTHING;
	char matches[64];

	describe_matches(scroll, term, matches, sizeof(matches) - 4);
	if (matches[0])
		snprintf(matches + strlen(matches), 4, brief ? "  " : "   ");
	if (scroll->typing)
		describe_query(scroll, brief, out, size);
	else if (brief)
		snprintf(out, size, "%s%lld/%zu  %s", matches, line, lines, selects ? "y copy  Esc" : "/ search  q back");
	else if (selects)
		snprintf(out, size, "%sline %lld of %zu   y copy  o other end  v V r kinds  Esc no selection", matches, line, lines);
	else
		snprintf(out, size, "%sline %lld of %zu   / search  n N next  v select  q back to the guest", matches, line, lines);
}

static void describe_keys(const struct console_view *pane, bool brief, char *out, size_t size)
{
	const char *note = console_note(pane->console), *space = note[0] ? "   " : "", *prefix = pane->prefix_name;

	if (pane->prefixed && brief)
		snprintf(out, size, "... d list  z zoom  p power  ?");
	else if (pane->prefixed)
		snprintf(out, size, "%s ...   d list  z zoom  [ scroll  p power  : commands  ? help  %s sends it", prefix, prefix);
	else if (console_over(pane->console))
		snprintf(out, size, "Enter goes back   %s", note);
	else if (text_starts(note, "paused"))
		snprintf(out, size, "%s R goes on   %s", prefix, note);
	else if (brief)
		snprintf(out, size, "%s%s%s d list  p power  ? help", note, space, prefix);
	else
		snprintf(out, size, "%s%s%s d list  z zoom  [ scroll  p power  ? help", note, space, prefix);
}

/* The whole hint if it fits, otherwise the keys that lead to the others. */
void console_describe(const struct console_view *pane, char *out, size_t size)
{
	if (pane->message[0]) {
		snprintf(out, size, "%s", pane->message);
		return;
	}
	for (int brief = 0; brief < 2; brief++) {
		if (pane->scroll.on)
			describe_scroll(pane, brief, out, size);
		else
			describe_keys(pane, brief, out, size);
		if (text_columns(out) <= room(pane))
			break;
	}
}

/* Drawing. */

/* In reverse, or in turn and underlined where the guest has it in reverse; with the cells' own colours. */
static void mark(WINDOW *window, const struct paint_area *area, int row, int from, int to)
{
	from = from < area->column ? 0 : from - area->column;
	to = to > area->column + area->columns ? area->columns : to - area->column;
	for (; from < to; from++) {
		struct curses_cell cell = curses_cell_at(window, row, from);
		attr_t line = cell.attributes & A_REVERSE ? A_UNDERLINE : A_NORMAL;

		curses_cell_change(window, row, from, (cell.attributes ^ A_REVERSE) | line, cell.pair);
	}
}

/* The columns of a match that are in a row; what it has in others is marked there. */
static void mark_match(WINDOW *window, const struct paint_area *area, int64_t top, const struct line_match *match)
{
	for (int64_t line = match->from.line; line <= match->to.line; line++) {
		if (line >= top && line < top + area->rows)
			mark(window, area, (int)(line - top), line == match->from.line ? match->from.column : 0,
			     line == match->to.line ? match->to.column : area->column + area->columns);
	}
}

static void mark_matches(const struct console_view *pane, WINDOW *window, const struct paint_area *area)
{
	const struct terminal *term = console_screen(pane->console);
	int64_t top = area->row + (int64_t)terminal_lines(term), end = line_end(term);
	struct line_text line = { 0 };
	struct line_match match;

	for (int64_t at = top; at < top + area->rows && at < end; at = line.first + line.rows) {
		line_text_read(&line, term, at);
		for (size_t offset = 0; line_match_next(&pane->scroll.pattern, term, &line, &offset, &match);)
			mark_match(window, area, top, &match);
	}
	line_text_finish(&line);
}

static void mark_selection(const struct console_view *pane, WINDOW *window, const struct paint_area *area)
{
	const struct terminal *term = console_screen(pane->console);
	int64_t top = area->row + (int64_t)terminal_lines(term);
	struct selection selection = scroll_selection(&pane->scroll), ordered = selection_ordered(&selection, term);
	int from, to;

	for (int i = 0; i < area->rows; i++) {
		if (selection_columns(&ordered, term, top + i, &from, &to))
			mark(window, area, i, from, to);
	}
}

/* Signs at the edges of rows that continue outside of the window. */
static void mark_clipped(const struct console_view *pane, WINDOW *window, const struct paint_area *area)
{
	const struct theme *theme = app_theme(pane->view.app);
	const struct terminal *term = console_screen(pane->console);

	if (terminal_columns(term) <= area->columns)
		return;
	theme_set(theme, window, STYLE_KEY);
	for (int i = 0; i < area->rows; i++) {
		int columns = line_columns(term, area->row + i + (int64_t)terminal_lines(term));

		if (columns > area->column + area->columns)
			mvwaddstr(window, i, area->columns - 1, theme_glyph(theme, GLYPH_CLIPPED_RIGHT));
		if (columns > 0 && area->column > 0)
			mvwaddstr(window, i, 0, theme_glyph(theme, GLYPH_CLIPPED_LEFT));
	}
	theme_set(theme, window, STYLE_NORMAL);
}

static void draw_status(const struct console_view *pane, WINDOW *window)
{
	const struct theme *theme = app_theme(pane->view.app);
	const char *title = console_title(pane->console);
	int row = getmaxy(window) - 1, columns = getmaxx(window), name = name_columns(pane);

	theme_set(theme, window, STYLE_TITLE);
	draw_blank(window, row, 0, columns);
	draw_textf(window, theme, row, 1, name, "%s%s%s", console_name(pane->console), title[0] ? ": " : "", title);
	draw_text(window, theme, row, name + BETWEEN, room(pane), pane->hint);
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
	drawn->rows = NULL;
	drawn->title = drawn->hint = NULL;
}

static void draw_rows(const struct console_view *pane, WINDOW *window)
{
	struct console_drawn *drawn = &pane->place->drawn;

	if (!console_paint(window, app_theme(pane->view.app), console_screen(pane->console), &drawn->area, drawn->rows))
		pane->place->crowded = true;
	mark_clipped(pane, window, &drawn->area);
}

static void draw_hint(const struct console_view *pane, WINDOW *window)
{
	struct console_drawn *drawn = &pane->place->drawn;

	if (!pane->whole || (text_equal(drawn->title, console_title(pane->console)) && text_equal(drawn->hint, pane->hint)))
		return;
	free(drawn->title);
	free(drawn->hint);
	drawn->title = mem_strdup(console_title(pane->console));
	drawn->hint = mem_strdup(pane->hint);
	draw_status(pane, window);
}

#define ADVICE_COLUMNS 64	/* maximum: longer lines are hard to read */

struct advice_place {
	WINDOW *window;
	const struct theme *theme;
	int rows, columns;
};

static void draw_advice_line(void *data, int line, const char *text, size_t len)
{
	const struct advice_place *place = data;

	/* The first row is left to the cursor. */
	if (line + 1 < place->rows)
		draw_textf(place->window, place->theme, line + 1, 1, place->columns, "%.*s", (int)len, text);
}

static void draw_advice(const struct console_view *pane, WINDOW *window)
{
	int columns = pane->columns < ADVICE_COLUMNS ? pane->columns - 2 : ADVICE_COLUMNS - 2;
	struct advice_place place = { window, app_theme(pane->view.app), pane->rows, columns };

	theme_set(place.theme, window, STYLE_DIM);
	text_wrap(pane->advice, columns, draw_advice_line, &place);
	theme_set(place.theme, window, STYLE_NORMAL);
}

static bool shows_advice(const struct console_view *pane)
{
	return pane->advice != NULL && !pane->scroll.on;
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
	draw_rows(pane, window);
	draw_hint(pane, window);
	drawn->advised = shows_advice(pane);
	if (drawn->advised)
		draw_advice(pane, window);
	if (pane->scroll.on && pane->scroll.kind != SELECT_NOTHING)
		mark_selection(pane, window, &drawn->area);
	else if (pane->scroll.on && pane->scroll.query_len > 0)
		mark_matches(pane, window, &drawn->area);
}

static bool same_area(const struct paint_area *a, const struct paint_area *b)
{
	return a->row == b->row && a->column == b->column && a->rows == b->rows && a->columns == b->columns;
}

/* While scrolling, redraw everything: matches are marked, and rows of the scrollback have no versions. */
bool console_redraw(const struct view *view, WINDOW *window)
{
	const struct console_view *pane = (const struct console_view *)view;
	struct console_drawn *drawn = &pane->place->drawn;
	struct paint_area area = area_of(pane);

	if (pane->advice || drawn->advised || pane->scroll.on || drawn->scrolled || pane->place->crowded || !drawn->rows || !same_area(&area, &drawn->area))
		return false;
	if (pane->update != UPDATE_HELD)
		draw_rows(pane, window);
	draw_hint(pane, window);
	return true;
}

static bool scroll_cursor(const struct console_view *pane, int *row, int *column)
{
	const struct terminal *term = console_screen(pane->console);
	int64_t top = scroll_row(&pane->scroll, term, pane->rows) + (int64_t)terminal_lines(term);

	char query[sizeof(pane->hint)];

	if (pane->scroll.typing && pane->whole) {
		*row = pane->rows;
		*column = name_columns(pane) + BETWEEN + describe_query(&pane->scroll, true, query, sizeof(query));
		return true;
	}
	*row = (int)(pane->scroll.places[SCROLL_CURSOR].line - top);
	*column = pane->scroll.places[SCROLL_CURSOR].column - pane->pan_column;
	return *row >= 0 && *row < pane->rows && *column >= 0 && *column < pane->columns;
}

bool console_cursor(const struct view *view, int *row, int *column)
{
	const struct console_view *pane = (const struct console_view *)view;
	struct place *place = pane->place;
	int shape;

	if (pane->scroll.on)
		return scroll_cursor(pane, row, column);
	if (pane->update != UPDATE_HELD)
		place->cursor.shown = terminal_cursor(console_screen(pane->console), &place->cursor.row, &place->cursor.column, &shape);
	*row = place->cursor.row - pane->pan_row;
	*column = place->cursor.column - pane->pan_column;
	return place->cursor.shown && *row < pane->rows;
}

