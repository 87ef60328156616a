/* SPDX-License-Identifier: MIT */
#include "ui/console/line_text.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdlib.h>

int64_t line_oldest(const struct terminal *term)
{
	return (int64_t)terminal_lines(term) - (int64_t)terminal_scrollback(term);
}

int64_t line_end(const struct terminal *term)
{
	return (int64_t)terminal_lines(term) + terminal_rows(term);
}

int line_row(const struct terminal *term, int64_t line)
{
	return (int)(line - (int64_t)terminal_lines(term));
}

bool line_wrapped(const struct terminal *term, int64_t line)
{
	return line + 1 < line_end(term) && terminal_row_wrapped(term, line_row(term, line));
}

static bool is_blank(const struct cell *cell)
{
	return (cell->text[0] == 0 || cell->text[0] == ' ') && cell->text[1] == 0;
}

/* The last column of a wrapped row is blank where a wide character had no room. */
static bool makes_room(const struct terminal *term, int64_t line, int width)
{
	struct cell last, next;

	if (width < terminal_columns(term))
		return false;
	terminal_cell(term, line_row(term, line), width - 1, &last);
	terminal_cell(term, line_row(term, line + 1), 0, &next);
	return last.text[0] == 0 && next.attributes & CELL_WIDE;
}

int line_columns(const struct terminal *term, int64_t line)
{
	int row = line_row(term, line), width = terminal_row_width(term, row);
	struct cell cell;

	if (line_wrapped(term, line))
		return makes_room(term, line, width) ? width - 1 : width;
	while (width > 0) {
		terminal_cell(term, row, width - 1, &cell);
		/* The right half of a wide character is blank too. */
		if (!is_blank(&cell))
			break;
		if (width > 1) {
			terminal_cell(term, row, width - 2, &cell);
			if (cell.attributes & CELL_WIDE)
				break;
		}
		width--;
	}
	return width;
}

/* Appends one character, and returns the column after it. */
static int add_cell(const struct terminal *term, int row, int column, struct str *out)
{
	struct cell cell;
	char bytes[4];

	terminal_cell(term, row, column, &cell);
	str_add(out, bytes, utf8_encode(cell.text[0] ? cell.text[0] : ' ', bytes));
	for (int i = 1; i < CELL_CHARS && cell.text[i]; i++)
		str_add(out, bytes, utf8_encode(cell.text[i], bytes));
	return column + (cell.attributes & CELL_WIDE ? 2 : 1);
}

/* Appends what is there up to column `to`: a run of ASCII, or one character. Returns the column after it. */
static int add_some(const struct terminal *term, int row, int column, int to, struct str *out)
{
	struct cell pen;
	char run[256];
	int room = to - column, count = terminal_run(term, row, column, run, room < 256 ? room : 256, &pen);

	if (count == 0)
		return add_cell(term, row, column, out);
	str_add(out, run, (size_t)count);
	return column + count;
}

void line_add_row(const struct terminal *term, struct terminal_point from, int to, struct str *out)
{
	int row = line_row(term, from.line), width = line_columns(term, from.line), column = from.column;
	struct cell before;

	if (column > 0) {
		terminal_cell(term, row, column - 1, &before);
		column += before.attributes & CELL_WIDE ? 1 : 0;
	}
	if (to > width)
		to = width;
	while (column < to)
		column = add_some(term, row, column, to, out);
}

int64_t line_first(const struct terminal *term, int64_t line)
{
	int64_t oldest = line_oldest(term), piece = line - line % LINE_ROWS;

	for (int64_t at = line; at > line - LINE_ROWS; at--) {
		if (at <= oldest || !line_wrapped(term, at - 1))
			return at;
	}
	return piece > oldest ? piece : oldest;
}

/* A piece that is not the first of its line begins within the one before it, unless that has its full length. */
static int64_t first_owned(const struct terminal *term, int64_t first)
{
	bool continues = first > line_oldest(term) && line_wrapped(term, first - 1);

	return continues ? line_first(term, first - 1) + LINE_ROWS : first;
}

static void read_row(struct line_text *out, const struct terminal *term, int64_t line)
{
	int row = line_row(term, line), width = line_columns(term, line), column = 0;
	size_t before;

	while (column < width) {
		int from = column;

		before = out->text.len;
		column = add_some(term, row, column, width, &out->text);
		out->places = mem_grow(out->places, &out->size, out->text.len, sizeof(*out->places));
		/* Each byte of a run is in the next column; all bytes of one character are where it begins. */
		bool run = (size_t)(column - from) == out->text.len - before;
		for (size_t i = before; i < out->text.len; i++)
			out->places[i] = (struct line_place){ out->rows, run ? from + (int)(i - before) : from };
	}
	out->places = mem_grow(out->places, &out->size, out->text.len + 1, sizeof(*out->places));
	out->places[out->text.len] = (struct line_place){ out->rows, width };
	out->rows++;
}

void line_text_read(struct line_text *out, const struct terminal *term, int64_t line)
{
	if (!out->text.text)
		str_init(&out->text);
	str_clear(&out->text);
	out->first = line = line_first(term, line);
	out->rows = 0;
	out->owned = first_owned(term, line);
	do
		read_row(out, term, line++);
	while (out->rows < LINE_ROWS && line_wrapped(term, line - 1));
}

void line_text_finish(struct line_text *line)
{
	if (line->text.text)
		str_finish(&line->text);
	free(line->places);
	*line = (struct line_text){ 0 };
}

struct terminal_point line_text_point(const struct line_text *line, size_t offset)
{
	struct line_place place = line->places[offset];

	return (struct terminal_point){ line->first + place.row, place.column };
}
