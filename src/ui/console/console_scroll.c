/* SPDX-License-Identifier: MIT */
#include "ui/console/console_scroll.h"

#include "core/terminal/terminal.h"
#include "ui/console/line_text.h"

#include <limits.h>

void scroll_finish(struct scroll *scroll)
{
	pattern_finish(&scroll->pattern);
	line_tally_finish(&scroll->tally);
}

static int64_t last_top(const struct terminal *term, int rows)
{
	int below = terminal_rows(term) - rows;

	return (int64_t)terminal_lines(term) + (below > 0 ? below : 0);
}

static int64_t clamp_top(const struct terminal *term, int rows, int64_t top)
{
	if (top > last_top(term, rows))
		top = last_top(term, rows);
	return top < line_oldest(term) ? line_oldest(term) : top;
}

static void count_again(struct scroll *scroll, const struct terminal *term)
{
	line_tally_begin(&scroll->tally);
	scroll->alternate = terminal_alternate(term);
}

void scroll_begin(struct scroll *scroll, const struct terminal *term, int row, struct terminal_point cursor)
{
	scroll->on = true;
	scroll->typing = false;
	scroll->kind = SELECT_NOTHING;
	scroll->search.state = SEARCH_IDLE;
	scroll->places[SCROLL_TOP] = (struct terminal_point){ (int64_t)terminal_lines(term) + row, 0 };
	scroll->places[SCROLL_CURSOR] = point_clamped(term, cursor);
	scroll->wanted = cursor.column;
	count_again(scroll, term);
}

void scroll_end(struct scroll *scroll)
{
	scroll->on = false;
	scroll->typing = false;
	scroll->kind = SELECT_NOTHING;
	scroll->search.state = SEARCH_IDLE;
}

int scroll_row(const struct scroll *scroll, const struct terminal *term, int rows)
{
	return line_row(term, clamp_top(term, rows, scroll->places[SCROLL_TOP].line));
}

bool scroll_at_bottom(const struct scroll *scroll, const struct terminal *term, int rows)
{
	return scroll->places[SCROLL_TOP].line >= last_top(term, rows);
}

static void show_cursor(struct scroll *scroll, const struct terminal *term, int rows)
{
	int64_t top = clamp_top(term, rows, scroll->places[SCROLL_TOP].line), line = scroll->places[SCROLL_CURSOR].line;

	if (line < top)
		top = line;
	else if (line >= top + rows)
		top = line - rows + 1;
	scroll->places[SCROLL_TOP].line = clamp_top(term, rows, top);
}

static void keep_cursor_inside(struct scroll *scroll, const struct terminal *term, int rows)
{
	struct terminal_point *cursor = &scroll->places[SCROLL_CURSOR];
	int64_t top = scroll->places[SCROLL_TOP].line = clamp_top(term, rows, scroll->places[SCROLL_TOP].line);

	if (cursor->line < top)
		cursor->line = top;
	else if (cursor->line >= top + rows)
		cursor->line = top + rows - 1;
	*cursor = point_clamped(term, *cursor);
}

void scroll_update(struct scroll *scroll, const struct terminal *term, int rows)
{
	if (!scroll->on)
		return;
	for (int i = SCROLL_CURSOR; i <= SCROLL_ANCHOR; i++)
		scroll->places[i] = point_clamped(term, scroll->places[i]);
	show_cursor(scroll, term, rows);
	if (scroll->alternate != terminal_alternate(term))
		count_again(scroll, term);
	else
		line_tally_changed(&scroll->tally, term);
}

void scroll_to(struct scroll *scroll, const struct terminal *term, int rows, struct terminal_point to)
{
	scroll->places[SCROLL_CURSOR] = point_clamped(term, to);
	scroll->wanted = to.column;
	show_cursor(scroll, term, rows);
}

void scroll_move(struct scroll *scroll, const struct terminal *term, int rows, enum point_move move)
{
	struct terminal_point at = scroll->places[SCROLL_CURSOR], to = point_moved(term, at, move);

	/* A corner of a rectangle may be where there is no text. */
	if (scroll->kind == SELECT_RECTANGLE && (move == POINT_LEFT || move == POINT_RIGHT) && to.line == at.line && to.column == at.column)
		to.column += move == POINT_RIGHT ? 1 : -1;
	scroll_to(scroll, term, rows, to);
	if (move == POINT_LINE_END)
		scroll->wanted = INT_MAX;
}

/* A rectangle may be wider than the row that the cursor is in. */
static void choose_column(struct scroll *scroll, const struct terminal *term)
{
	struct terminal_point *cursor = &scroll->places[SCROLL_CURSOR];
	int last = point_last_column(term, cursor->line);

	cursor->column = scroll->wanted < last || (scroll->kind == SELECT_RECTANGLE && scroll->wanted < INT_MAX)
	                 ? scroll->wanted : last;
}

void scroll_lines(struct scroll *scroll, const struct terminal *term, int rows, int64_t down)
{
	struct terminal_point *cursor = &scroll->places[SCROLL_CURSOR];
	int64_t line = cursor->line + down, last = line_end(term) - 1;

	cursor->line = line < line_oldest(term) ? line_oldest(term) : line > last ? last : line;
	choose_column(scroll, term);
	show_cursor(scroll, term, rows);
}

void scroll_by(struct scroll *scroll, const struct terminal *term, int rows, int64_t down)
{
	scroll->places[SCROLL_TOP].line = clamp_top(term, rows, clamp_top(term, rows, scroll->places[SCROLL_TOP].line) + down);
	scroll_lines(scroll, term, rows, down);
}

void scroll_window(struct scroll *scroll, const struct terminal *term, int rows, int64_t down)
{
	scroll->places[SCROLL_TOP].line = clamp_top(term, rows, clamp_top(term, rows, scroll->places[SCROLL_TOP].line) + down);
	keep_cursor_inside(scroll, term, rows);
}

void scroll_select(struct scroll *scroll, enum selection_kind kind)
{
	if (scroll->kind == SELECT_NOTHING)
		scroll->places[SCROLL_ANCHOR] = scroll->places[SCROLL_CURSOR];
	scroll->kind = scroll->kind == kind ? SELECT_NOTHING : kind;
}

void scroll_swap(struct scroll *scroll, const struct terminal *term, int rows)
{
	struct terminal_point cursor = scroll->places[SCROLL_CURSOR];

	if (scroll->kind == SELECT_NOTHING)
		return;
	scroll_to(scroll, term, rows, scroll->places[SCROLL_ANCHOR]);
	scroll->places[SCROLL_ANCHOR] = cursor;
}

struct selection scroll_selection(const struct scroll *scroll)
{
	return (struct selection){
		.kind = scroll->on ? scroll->kind : SELECT_NOTHING,
		.from = scroll->places[SCROLL_ANCHOR], .to = scroll->places[SCROLL_CURSOR],
	};
}

void scroll_find(struct scroll *scroll, bool up)
{
	line_search_begin(&scroll->search, scroll->places[SCROLL_CURSOR], up);
}

/* A match outside of the window comes into its middle. */
static void show_match(struct scroll *scroll, const struct terminal *term, int rows)
{
	int64_t top = clamp_top(term, rows, scroll->places[SCROLL_TOP].line), line = scroll->search.found.from.line;

	if (line < top || line >= top + rows)
		scroll->places[SCROLL_TOP].line = clamp_top(term, rows, line - rows / 2);
	scroll_to(scroll, term, rows, scroll->search.found.from);
}

bool scroll_search(struct scroll *scroll, const struct terminal *term, int rows)
{
	if (!scroll->on || scroll->query_len == 0 || scroll->pattern.error)
		return false;
	if (scroll->search.state == SEARCH_GOES_ON) {
		if (line_search_step(&scroll->search, &scroll->pattern, term) == SEARCH_FOUND)
			show_match(scroll, term, rows);
		return true;
	}
	if (!scroll->tally.done && !scroll->typing)
		line_tally_step(&scroll->tally, &scroll->pattern, term);
	return !scroll->tally.done && !scroll->typing;
}

bool scroll_query_key(struct scroll *scroll, const struct key *key, bool *search)
{
	*search = key_is(key, "Enter");
	if (*search || key_is(key, "Esc")) {
		scroll->typing = false;
	} else if (key_is(key, "Backspace")) {
		if (scroll->query_len == 0)
			scroll->typing = false;
		else
			scroll->query_len--;
	} else if (key_is(key, "C-u")) {
		scroll->query_len = 0;
	} else if (key_is(key, "C-r")) {
		scroll->regex = !scroll->regex;
	} else if (key_is_text(key) && scroll->query_len < SCROLL_QUERY - 1) {
		scroll->query[scroll->query_len++] = (wchar_t)key->code;
	}
	scroll->query[scroll->query_len] = L'\0';
	pattern_set(&scroll->pattern, scroll->query, scroll->regex);
	line_tally_begin(&scroll->tally);
	return scroll->typing;
}
