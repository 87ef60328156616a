/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

/* Rectangular areas of the VT420: copy, fill, erase, change attributes, checksum. */

/*
 * A few bytes ask for work on all cells, and 4 KiB of them would take a second on a very large screen. So a guest gets a
 * number of cells for each byte that it writes, and can save some up; where that is not enough, a rectangle counts as empty.
 */
#define CELLS_BYTE 1000
#define CELLS_SAVED 4000000

bool terminal_may_work(struct terminal *term, int rows, int columns)
{
	uint64_t cells = (uint64_t)rows * (uint64_t)columns, earned = (term->bytes - term->rectangle_bytes) * CELLS_BYTE;

	term->rectangle_bytes = term->bytes;
	term->rectangle_cells = term->rectangle_cells > earned ? term->rectangle_cells - earned : 0;
	if (cells > CELLS_SAVED - term->rectangle_cells)
		return false;
	term->rectangle_cells += cells;
	return true;
}

/* Reads top, left, bottom and right at param[i]. Returns false if the rectangle is empty, begins outside or is too much work. */
static bool read_rect(struct terminal *term, int i, struct grid_rect *out)
{
	const struct grid *grid = term->cells.grid;
	bool origin = terminal_has(term, FLAG_ORIGIN);
	int row = origin ? term->top : 0, column = origin ? term->left : 0;
	int rows = origin ? term->bottom + 1 : grid->rows, columns = origin ? term->right + 1 : grid->columns;

	out->top = row + (terminal_param(term, i) > 0 ? terminal_param(term, i) - 1 : 0);
	out->left = column + (terminal_param(term, i + 1) > 0 ? terminal_param(term, i + 1) - 1 : 0);
	out->bottom = terminal_param(term, i + 2) > 0 ? row + terminal_param(term, i + 2) : rows;
	out->right = terminal_param(term, i + 3) > 0 ? column + terminal_param(term, i + 3) : columns;
	if (out->bottom > rows)
		out->bottom = rows;
	if (out->right > columns)
		out->right = columns;
	return out->top < out->bottom && out->left < out->right && terminal_may_work(term, out->bottom - out->top, out->right - out->left);
}

static void copy(struct terminal *term)
{
	bool origin = terminal_has(term, FLAG_ORIGIN);
	struct grid_rect from;

	if (read_rect(term, 0, &from))
		grid_copy(term->cells.grid, from, (origin ? term->top : 0) + (terminal_param(term, 5) > 0 ? terminal_param(term, 5) - 1 : 0),
		          (origin ? term->left : 0) + (terminal_param(term, 6) > 0 ? terminal_param(term, 6) - 1 : 0));
}

/* DECSERA: spares what DECSCA has protected. */
static void erase_selectively(struct terminal *term, struct grid_rect rect, uint32_t blank)
{
	struct grid *grid = term->cells.grid;
	struct grid_rect run = rect;

	for (run.top = rect.top; run.top < rect.bottom; run.top++) {
		run.bottom = run.top + 1;
		for (int column = run.left = rect.left; column <= rect.right; column++) {
			struct pen old = { .is_protected = true };	/* ends the last run */

			if (column < rect.right)
				surface_unpack_pen(&term->cells, grid_cell(grid, grid_row(grid, run.top), column).pen, &old);
			if (!old.is_protected)
				continue;
			run.right = column;
			grid_fill(grid, run, (struct grid_cell){ ' ', blank });
			run.left = column + 1;
		}
	}
}

static bool is_latin1(uint32_t character)
{
	return (character >= 0x20 && character < 0x7f) || (character >= 0xa0 && character <= 0xff);
}

#define CHANGEABLE (CELL_BOLD | CELL_UNDERLINE | CELL_BLINK | CELL_REVERSE | CELL_CONCEAL)

/* What becomes of attributes: (attributes & keep) ^ flip. */
struct change {
	unsigned keep, flip;
};

/* What DECCARA (or DECRARA) does by param[4] and those that follow. */
static struct change read_change(const struct terminal *term, bool reverse)
{
	static const struct { uint8_t on, off; uint16_t attributes; } rows[] = {
		{ 0, 0, CHANGEABLE }, { 1, 22, CELL_BOLD }, { 4, 24, CELL_UNDERLINE }, { 5, 25, CELL_BLINK },
		{ 7, 27, CELL_REVERSE }, { 8, 28, CELL_CONCEAL },
	};
	struct change change = { .keep = ~0u, .flip = 0 };

	for (int i = 4; i < term->scan.param_count || i == 4; i++) {
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
			bool off = terminal_param(term, i) == rows[j].off;

			if ((!off && terminal_param(term, i) != rows[j].on) || (reverse && off && j > 0))
				continue;
			if (reverse) {
				change.flip ^= rows[j].attributes;
				continue;
			}
			change.keep &= ~(unsigned)rows[j].attributes;
			change.flip = (change.flip & ~(unsigned)rows[j].attributes) | (off ? 0 : rows[j].attributes);
		}
	}
	return change;
}

static uint32_t changed_pen(struct terminal *term, uint32_t packed, struct change change)
{
	struct pen pen;

	if (!(packed & GRID_RGB))	/* its low bits are the attributes */
		return (packed & change.keep) ^ change.flip;
	surface_unpack_pen(&term->cells, packed, &pen);
	pen.attributes = (uint16_t)((pen.attributes & change.keep) ^ change.flip);
	if (!(pen.attributes & CELL_UNDERLINE))
		pen.underline = UNDERLINE_NONE;
	else if (!pen.underline)
		pen.underline = UNDERLINE_SINGLE;
	return surface_pen(&term->cells, &pen);
}

static void change_row(struct terminal *term, int row, int left, int right, struct change change)
{
	const struct grid *grid = term->cells.grid;
	bool exact = term->exact_rectangle;
	struct grid_cell *cells = grid_cells(term->cells.grid, row, &right, exact);
	uint32_t last = 0, result = changed_pen(term, 0, change);

	for (int i = left; i < right; i++) {
		/* A stream of characters has none where nothing was written. */
		if (cells[i].text == GRID_TAIL || (cells[i].text == 0 && !exact))
			continue;
		if (cells[i].pen != last) {
			last = cells[i].pen;
			result = changed_pen(term, last, change);
		}
		cells[i].pen = result;
		if (cells[i].text == 0)
			cells[i].text = ' ';
		if (i + 1 < grid_row(grid, row)->used && cells[i + 1].text == GRID_TAIL)
			cells[i + 1].pen = result;
	}
}

static void change_attributes(struct terminal *term, struct grid_rect rect, bool reverse)
{
	struct change change = read_change(term, reverse);
	bool exact = term->exact_rectangle;

	/* A stream has the rest of its rows, too. */
	if (!exact && !terminal_may_work(term, rect.bottom - rect.top, term->cells.grid->columns))
		return;
	for (int row = rect.top; row < rect.bottom; row++)
		change_row(term, row, exact || row == rect.top ? rect.left : 0,
		           exact || row == rect.bottom - 1 ? rect.right : term->cells.grid->columns, change);
}

/* Bits of XTCHECKSUM; without any it is DEC's. */
enum { CHECKSUM_POSITIVE = 1, CHECKSUM_NO_ATTRIBUTES = 2, CHECKSUM_NO_TRIM = 4, CHECKSUM_ALL_BITS = 16 };

static unsigned pen_sum(const struct terminal *term, uint32_t packed)
{
	static const struct { uint16_t attribute; uint8_t value; } values[] = {
		{ CELL_CONCEAL, 0x08 }, { CELL_UNDERLINE, 0x10 }, { CELL_REVERSE, 0x20 }, { CELL_BLINK, 0x40 }, { CELL_BOLD, 0x80 },
	};
	struct pen pen;
	unsigned sum = 0;

	if (term->checksum & CHECKSUM_NO_ATTRIBUTES)
		return 0;
	surface_unpack_pen(&term->cells, packed, &pen);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		sum += pen.attributes & values[i].attribute ? values[i].value : 0;
	return sum;
}

static unsigned text_sum(const struct terminal *term, uint32_t text)
{
	uint32_t base = text == GRID_TAIL ? 0 : surface_base(&term->cells, text);

	return base == 0 ? ' ' : term->checksum & CHECKSUM_ALL_BITS ? base : base & 0xff;
}

/* The sum of the columns [left, right) of a row; of blanks, only the `first` cell counts unless all do. */
static unsigned row_sum(const struct terminal *term, const struct grid_row *row, int left, int right, bool first)
{
	bool keep_blanks = term->checksum & CHECKSUM_NO_TRIM;
	unsigned total = 0, last_sum = pen_sum(term, 0), rest = ' ' + pen_sum(term, row->fill);
	uint32_t last = 0;
	int i = left;

	for (; i < right && i < row->used; i++) {
		unsigned sum;

		if (row->cells[i].pen != last) {
			last = row->cells[i].pen;
			last_sum = pen_sum(term, last);
		}
		sum = last_sum + text_sum(term, row->cells[i].text);
		if (sum != ' ' || keep_blanks || (first && i == left))
			total += sum;
	}
	if (i == right)
		return total;
	if (rest != ' ' || keep_blanks)
		return total + rest * (unsigned)(right - i);
	return total + (first && i == left ? ' ' : 0);
}

/* DECRQCRA: the answer is the negative sum, modulo 65536, of characters and attributes, as xterm counts them. */
static void checksum(struct terminal *term)
{
	struct grid_rect rect;
	unsigned total = 0;

	if (read_rect(term, 2, &rect)) {
		for (int i = rect.top; i < rect.bottom; i++)
			total += row_sum(term, grid_row(term->cells.grid, i), rect.left, rect.right, i == rect.top);
	}
	if (!(term->checksum & CHECKSUM_POSITIVE))
		total = -total;
	terminal_reply(term, 'P', "%d!~%04X", terminal_param(term, 0), total & 0xffff);
}

bool terminal_rectangle(struct terminal *term)
{
	const struct scan *scan = &term->scan;
	struct grid_rect rect;

	if (scan->prefix || term->level < 4)
		return false;
	if (scan->intermediate[0] == '*' && scan->final == 'x') {
		if (terminal_param(term, 0) <= 2)
			term->exact_rectangle = terminal_param(term, 0) == 2;
		return true;
	}
	if (scan->intermediate[0] == '*' && scan->final == 'y') {
		checksum(term);
		return true;
	}
	if (scan->intermediate[0] == '#' && scan->final == 'y') {
		term->checksum = (uint8_t)(terminal_param(term, 0) & 0x1f);
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
		if (is_latin1((uint32_t)terminal_param(term, 0)) && read_rect(term, 1, &rect))
			grid_fill(term->cells.grid, rect, (struct grid_cell){ (uint32_t)terminal_param(term, 0), terminal_packed_pen(term) });
		return true;
	case 'z': case '{':
		if (!read_rect(term, 0, &rect))
			return true;
		if (scan->final == '{' && term->protection == PROTECTION_DEC)
			erase_selectively(term, rect, terminal_blank_pen(term));
		else
			grid_fill(term->cells.grid, rect, (struct grid_cell){ ' ', terminal_blank_pen(term) });
		return true;
	default:
		return false;
	}
}
