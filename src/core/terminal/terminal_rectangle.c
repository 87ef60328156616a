/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

/* Rectangular areas of the VT420: copy, fill, erase, change attributes, checksum. */

static int param(const struct terminal *term, int i)
{
	return i < term->scan.param_count ? (int)term->scan.param[i] : 0;
}

/* Reads top, left, bottom and right at param[i]. Returns false if the rectangle is empty or begins outside. */
static bool read_rect(const struct terminal *term, int i, struct grid_rect *out)
{
	const struct grid *grid = term->cells.grid;
	bool origin = terminal_has(term, FLAG_ORIGIN);
	int row = origin ? term->top : 0, column = origin ? term->left : 0;
	int rows = origin ? term->bottom + 1 : grid->rows, columns = origin ? term->right + 1 : grid->columns;

	out->top = row + (param(term, i) > 0 ? param(term, i) - 1 : 0);
	out->left = column + (param(term, i + 1) > 0 ? param(term, i + 1) - 1 : 0);
	out->bottom = param(term, i + 2) > 0 ? row + param(term, i + 2) : rows;
	out->right = param(term, i + 3) > 0 ? column + param(term, i + 3) : columns;
	if (out->bottom > rows)
		out->bottom = rows;
	if (out->right > columns)
		out->right = columns;
	return out->top < out->bottom && out->left < out->right;
}

static struct grid_cell cell_at(const struct terminal *term, int row, int column)
{
	return grid_cell(term->cells.grid, grid_row(term->cells.grid, row), column);
}

static void copy(struct terminal *term)
{
	bool origin = terminal_has(term, FLAG_ORIGIN);
	struct grid_rect from;

	if (read_rect(term, 0, &from))
		grid_copy(term->cells.grid, from, (origin ? term->top : 0) + (param(term, 5) > 0 ? param(term, 5) - 1 : 0),
		          (origin ? term->left : 0) + (param(term, 6) > 0 ? param(term, 6) - 1 : 0));
}

static void fill(struct terminal *term, struct grid_rect rect, uint32_t character, uint32_t pen, bool selective)
{
	for (int row = rect.top; row < rect.bottom; row++) {
		for (int column = rect.left; column < rect.right; column++) {
			struct pen old;

			surface_unpack_pen(&term->cells, cell_at(term, row, column).pen, &old);
			if (!selective || !old.is_protected || term->protection != PROTECTION_DEC)
				grid_put(term->cells.grid, row, column, (struct grid_cell){ character, pen }, 1);
		}
	}
}

static bool is_latin1(uint32_t character)
{
	return (character >= 0x20 && character < 0x7f) || (character >= 0xa0 && character <= 0xff);
}

/* What DECCARA (or DECRARA) does with param[4] and those that follow. */
static void change_pen(const struct terminal *term, struct pen *pen, bool reverse)
{
	static const struct { uint8_t on, off; uint16_t attribute; } rows[] = {
		{ 1, 22, CELL_BOLD }, { 4, 24, CELL_UNDERLINE }, { 5, 25, CELL_BLINK }, { 7, 27, CELL_REVERSE },
		{ 8, 28, CELL_CONCEAL },
	};
	unsigned all = CELL_BOLD | CELL_UNDERLINE | CELL_BLINK | CELL_REVERSE | CELL_CONCEAL, attributes = pen->attributes;

	for (int i = 4; i < term->scan.param_count || i == 4; i++) {
		if (param(term, i) == 0)
			attributes = reverse ? attributes ^ all : attributes & ~all;
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
			if (param(term, i) == rows[j].on)
				attributes = reverse ? attributes ^ rows[j].attribute : attributes | rows[j].attribute;
			else if (param(term, i) == rows[j].off && !reverse)
				attributes &= ~(unsigned)rows[j].attribute;
		}
	}
	if (!(attributes & CELL_UNDERLINE))
		pen->underline = UNDERLINE_NONE;
	else if (!pen->underline)
		pen->underline = UNDERLINE_SINGLE;
	pen->attributes = (uint16_t)attributes;
}

static void change_attributes(struct terminal *term, struct grid_rect rect, bool reverse)
{
	struct grid *grid = term->cells.grid;

	for (int row = rect.top; row < rect.bottom; row++) {
		bool exact = term->exact_rectangle;
		int left = exact || row == rect.top ? rect.left : 0;
		int right = exact || row == rect.bottom - 1 ? rect.right : grid->columns;

		for (int column = left; column < right; column++) {
			struct grid_cell cell = cell_at(term, row, column);
			bool wide = column + 1 < grid->columns && cell_at(term, row, column + 1).text == GRID_TAIL;
			struct pen pen;

			/* A stream of characters has none where nothing was written. */
			if (cell.text == GRID_TAIL || (cell.text == 0 && !exact))
				continue;
			surface_unpack_pen(&term->cells, cell.pen, &pen);
			change_pen(term, &pen, reverse);
			cell.pen = surface_pen(&term->cells, &pen);
			if (cell.text == 0)
				cell.text = ' ';
			grid_put(grid, row, column, cell, wide ? 2 : 1);
		}
	}
}

/* Bits of XTCHECKSUM; without any it is DEC's. */
enum { CHECKSUM_POSITIVE = 1, CHECKSUM_NO_ATTRIBUTES = 2, CHECKSUM_NO_TRIM = 4, CHECKSUM_ALL_BITS = 16 };

static unsigned cell_sum(const struct terminal *term, struct grid_cell cell)
{
	static const struct { uint16_t attribute; uint8_t value; } values[] = {
		{ CELL_CONCEAL, 0x08 }, { CELL_UNDERLINE, 0x10 }, { CELL_REVERSE, 0x20 }, { CELL_BLINK, 0x40 }, { CELL_BOLD, 0x80 },
	};
	uint32_t base = cell.text == GRID_TAIL ? 0 : surface_base(&term->cells, cell.text);
	unsigned sum = base == 0 ? ' ' : term->checksum & CHECKSUM_ALL_BITS ? base : base & 0xff;
	struct pen pen;

	if (term->checksum & CHECKSUM_NO_ATTRIBUTES)
		return sum;
	surface_unpack_pen(&term->cells, cell.pen, &pen);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		sum += pen.attributes & values[i].attribute ? values[i].value : 0;
	return sum;
}

/* DECRQCRA: the answer is the negative sum, modulo 65536, of characters and attributes, as xterm counts them. */
static void checksum(struct terminal *term)
{
	struct grid_rect rect;
	unsigned total = 0, trimmed = 0, embedded = 0;
	bool first = true, keep_blanks = term->checksum & CHECKSUM_NO_TRIM;

	if (read_rect(term, 2, &rect)) {
		for (int row = rect.top; row < rect.bottom; row++) {
			for (int column = rect.left; column < rect.right; column++) {
				struct grid_cell cell = cell_at(term, row, column);
				unsigned sum;

				sum = cell_sum(term, cell);
				if (first || sum != ' ') {
					trimmed += sum + embedded;
					embedded = 0;
				} else if (keep_blanks) {
					embedded += sum;
				}
				total += sum;
				first = keep_blanks;
			}
			if (!keep_blanks) {
				embedded = 0;
				first = false;
			}
		}
	}
	if (!keep_blanks)
		total = trimmed;
	if (!(term->checksum & CHECKSUM_POSITIVE))
		total = -total;
	terminal_reply(term, 'P', "%d!~%04X", param(term, 0), total & 0xffff);
}

bool terminal_rectangle(struct terminal *term)
{
	const struct scan *scan = &term->scan;
	struct grid_rect rect;

	if (scan->prefix || term->level < 4)
		return false;
	if (scan->intermediate[0] == '*' && scan->final == 'x') {
		if (param(term, 0) <= 2)
			term->exact_rectangle = param(term, 0) == 2;
		return true;
	}
	if (scan->intermediate[0] == '*' && scan->final == 'y') {
		checksum(term);
		return true;
	}
	if (scan->intermediate[0] == '#' && scan->final == 'y') {
		term->checksum = (uint8_t)(param(term, 0) & 0x1f);
		return true;
	}
	if (scan->intermediate[0] != '$')
		return false;
	switch (scan->final) {
	case 'r': case 't':
		if (read_rect(term, 0, &rect))
			change_attributes(term, rect, scan->final == 't');
		return true;
	case 'v':
		copy(term);
		return true;
	case 'x':
		if (is_latin1((uint32_t)param(term, 0)) && read_rect(term, 1, &rect))
			fill(term, rect, (uint32_t)param(term, 0), terminal_packed_pen(term), false);
		return true;
	case 'z': case '{':
		if (read_rect(term, 0, &rect))
			fill(term, rect, ' ', terminal_blank_pen(term), scan->final == '{');
		return true;
	default:
		return false;
	}
}
