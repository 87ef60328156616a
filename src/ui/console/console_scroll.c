/* SPDX-License-Identifier: MIT */
#include "ui/console/console_scroll.h"

#include "core/terminal/terminal.h"

#include <wctype.h>

#define WIDEST 1024		/* how many columns of a row are searched */

static int64_t first_line(const struct terminal *term)
{
	return (int64_t)terminal_lines(term) - (int64_t)terminal_scrollback(term);
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
	return top < first_line(term) ? first_line(term) : top;
}

void scroll_begin(struct scroll *scroll, const struct terminal *term, int row)
{
	scroll->on = true;
	scroll->typing = false;
	scroll->match_column = -1;
	scroll->top = (int64_t)terminal_lines(term) + row;
}

void scroll_end(struct scroll *scroll)
{
	scroll->on = false;
	scroll->typing = false;
}

int scroll_row(const struct scroll *scroll, const struct terminal *term, int rows)
{
	return (int)(clamp_top(term, rows, scroll->top) - (int64_t)terminal_lines(term));
}

void scroll_by(struct scroll *scroll, const struct terminal *term, int rows, int64_t by)
{
	scroll->top = clamp_top(term, rows, clamp_top(term, rows, scroll->top) + by);
}

static bool has_capital(const struct scroll *scroll)
{
	for (int i = 0; i < scroll->query_len; i++) {
		if (iswupper((wint_t)scroll->query[i]))
			return true;
	}
	return false;
}

/* The row's characters, folded if wanted, and their columns, followed by the column of the end. */
static int row_characters(const struct terminal *term, int row, bool fold, wchar_t *text, int *columns)
{
	int width = terminal_row_width(term, row), count = 0, column = 0;

	while (column < width && count < WIDEST) {
		struct cell cell;

		terminal_cell(term, row, column, &cell);
		text[count] = cell.text[0] ? (wchar_t)cell.text[0] : L' ';
		if (fold)
			text[count] = (wchar_t)towlower((wint_t)text[count]);
		columns[count++] = column;
		column += cell.attributes & CELL_WIDE ? 2 : 1;
	}
	columns[count] = column;
	return count;
}

bool scroll_match(const struct scroll *scroll, const struct terminal *term, int row, int column, int *at, int *width)
{
	int columns[WIDEST + 1] = { 0 };
	wchar_t text[WIDEST];
	int count;

	if (scroll->query_len == 0)
		return false;
	count = row_characters(term, row, !has_capital(scroll), text, columns);
	for (int i = 0; i + scroll->query_len <= count; i++) {
		if (columns[i] < column || wmemcmp(text + i, scroll->query, (size_t)scroll->query_len) != 0)
			continue;
		*at = columns[i];
		*width = columns[i + scroll->query_len] - columns[i];
		return true;
	}
	return false;
}

void scroll_restart(struct scroll *scroll, const struct terminal *term, int rows)
{
	scroll->match = clamp_top(term, rows, scroll->top) + rows;
	scroll->match_column = -1;
}

static void show_line(struct scroll *scroll, const struct terminal *term, int rows, int64_t line)
{
	int64_t top = clamp_top(term, rows, scroll->top);

	if (line < top || line >= top + rows)
		top = line - rows / 2;
	scroll->top = clamp_top(term, rows, top);
}

bool scroll_find(struct scroll *scroll, const struct terminal *term, int rows, bool up)
{
	int64_t first = first_line(term), end = (int64_t)terminal_lines(term) + terminal_rows(term);
	int at, width;

	if (scroll->match > end)
		scroll->match = end;
	if (scroll->match < first)
		scroll->match = first - (scroll->match_column < 0);
	for (int64_t line = scroll->match + (up ? -1 : 1); line >= first && line < end; line += up ? -1 : 1) {
		if (!scroll_match(scroll, term, (int)(line - (int64_t)terminal_lines(term)), 0, &at, &width))
			continue;
		scroll->match = line;
		scroll->match_column = at;
		show_line(scroll, term, rows, line);
		return true;
	}
	return false;
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
	} else if (key_is_text(key) && scroll->query_len < SCROLL_QUERY - 1) {
		scroll->query[scroll->query_len++] = (wchar_t)key->code;
	}
	scroll->query[scroll->query_len] = L'\0';
	return scroll->typing;
}
