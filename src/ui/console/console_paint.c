/* SPDX-License-Identifier: MIT */
#include "ui/console/console_paint.h"

#include "core/terminal/terminal.h"
#include "ui/console/link_clean.h"
#include "ui/kit/screen.h"
#include "ui/kit/theme.h"

#include <string.h>
#include <wchar.h>

#define REPLACEMENT 0xfffd
#define RUN_MAX 256

/* A run of cells of one column each, which is written to the window at once. */
struct painter {
	WINDOW *window;
	const struct terminal *term;
	const struct theme *theme;
	int row, column;	/* position of the first cell of the run */
	int count;
	cchar_t waiting[256];
	struct cell pen;	/* the cell whose attributes were looked up last; its text is unused */
	attr_t attributes;	/* the same for ncurses */
	int pair;
	bool last_pair;		/* it was the last free pair; the next one will replace a pair in use */
	cchar_t blank;		/* a blank with these attributes */
	int link;		/* of the pen, as screen_link returned it */
};

static char box_ascii(uint32_t c)
{
	/* Light, heavy and double; the dashed ones are 2504..250b and 254c..254f. */
	switch (c) {
	case 0x2500: case 0x2501: case 0x2504: case 0x2505: case 0x2508: case 0x2509:
	case 0x254c: case 0x254d: case 0x2574: case 0x2576: case 0x2578: case 0x257a: case 0x257c: case 0x257e:
		return '-';
	case 0x2502: case 0x2503: case 0x2506: case 0x2507: case 0x250a: case 0x250b:
	case 0x254e: case 0x254f: case 0x2551: case 0x2575: case 0x2577: case 0x2579: case 0x257b: case 0x257d: case 0x257f:
		return '|';
	case 0x2550:
		return '=';
	case 0x2571:
		return '/';
	case 0x2572:
		return '\\';
	case 0x2573:
		return 'X';
	default:
		return '+';
	}
}

char paint_ascii(uint32_t c)
{
	static const struct { uint32_t from; char as; } likeness[] = {
		{ 0xa0, ' ' }, { 0xab, '<' }, { 0xb7, '.' }, { 0xbb, '>' }, { 0xd7, 'x' },
		{ 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' }, { 0x2014, '-' },
		{ 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2022, '*' }, { 0x2026, '.' },
		{ 0x2190, '<' }, { 0x2191, '^' }, { 0x2192, '>' }, { 0x2193, 'v' }, { 0x2212, '-' },
		{ 0x25a0, '#' }, { 0x25b2, '^' }, { 0x25b6, '>' }, { 0x25bc, 'v' }, { 0x25c0, '<' },
		{ 0x25c6, '+' }, { 0x25cf, '*' },
	};

	if (c < 0x80)
		return (char)c;
	if (c >= 0x2500 && c < 0x2580)
		return box_ascii(c);
	if (c >= 0x2580 && c < 0x25a0)
		return '#';
	for (size_t i = 0; i < sizeof(likeness) / sizeof(likeness[0]); i++) {
		if (likeness[i].from == c)
			return likeness[i].as;
	}
	return '?';
}

/* The cell's attributes for ncurses, as far as this terminal has them. */
static attr_t attributes_of(const struct theme *theme, const struct cell *cell)
{
	const struct { uint16_t ours; attr_t theirs; } table[] = {
		{ CELL_BOLD, A_BOLD }, { CELL_DIM, A_DIM }, { CELL_ITALIC, A_ITALIC }, { CELL_BLINK, A_BLINK },
		{ CELL_REVERSE, A_REVERSE }, { CELL_STRIKE, theme->strike }, { CELL_OVERLINE, theme->overline },
		{ CELL_UNDERLINE, theme->underline[cell->underline] },
	};
	attr_t attributes = A_NORMAL;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (cell->attributes & table[i].ours)
			attributes |= table[i].theirs;
	}
	/* Without colours, a coloured background is in reverse: many programs show menus and selections only by that. */
	if (!theme->colour && cell->background > 0 && cell->background != TERMINAL_RGB)
		attributes ^= A_REVERSE;
	return attributes;
}

/* A guest that shows pictures can use more pairs than fit into a short. */
static void set_cell(const struct painter *painter, cchar_t *out, const wchar_t *glyph)
{
#if NCURSES_EXT_COLORS
	int pair = painter->pair;

	setcchar(out, glyph, painter->attributes, 0, &pair);
#else
	setcchar(out, glyph, painter->attributes, (short)painter->pair, NULL);
#endif
}

static void flush(struct painter *painter)
{
	if (painter->count > 0)
		mvwadd_wchnstr(painter->window, painter->row, painter->column, painter->waiting, painter->count);
	painter->column += painter->count;
	painter->count = 0;
}

/* 0 for one that would not be safe on the user's host. */
static int link_of(const struct painter *painter, const struct cell *cell)
{
	const char *uri = cell->link ? terminal_link(painter->term, cell->link) : NULL;

	return uri && link_is_clean(uri) ? screen_link(cell->link, uri) : 0;
}

/* The next columns of the row, behind the run, have the pen's link. */
static void place_link(const struct painter *painter, int columns)
{
	if (painter->link)
		screen_place_link(getbegy(painter->window) + painter->row,
		                  getbegx(painter->window) + painter->column + painter->count, columns, painter->link);
}

static void take_pen(struct painter *painter, const struct cell *cell)
{
	if (cell->foreground == painter->pen.foreground && cell->background == painter->pen.background
	    && cell->attributes == painter->pen.attributes && cell->underline == painter->pen.underline
	    && cell->underline_colour == painter->pen.underline_colour && cell->link == painter->pen.link)
		return;
	painter->pen = *cell;
	painter->link = link_of(painter, cell);
	painter->attributes = attributes_of(painter->theme, cell) | (painter->link ? SCREEN_LINKED : A_NORMAL);
	painter->pair = theme_pair_lined(painter->theme, cell->foreground, cell->background,
	                                 cell->underline ? cell->underline_colour : -1);
	painter->last_pair |= theme_pairs_used_up(painter->pair);
	set_cell(painter, &painter->blank, L" ");
}

/* How many columns ncurses will use for the text, with the marks that it accepts; 0 if it cannot show it. */
static int as_wide(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
	int count = 0, width = wcwidth((wchar_t)cell->text[0]);

	if (width < 1)
		return 0;
	out[count++] = (wchar_t)cell->text[0];
	for (int i = 1; i < CELL_CHARS && cell->text[i] && count < CCHARW_MAX; i++) {
		if (wcwidth((wchar_t)cell->text[i]) == 0)
			out[count++] = (wchar_t)cell->text[i];
	}
	out[count] = L'\0';
	return width;
}

/* Returns how many columns the glyph takes: 1 or 2, but no more than are left. */
static int choose_glyph(const struct painter *painter, const struct cell *cell, int room, wchar_t out[CCHARW_MAX + 1])
{
	int width;

	out[0] = L' ';
	out[1] = L'\0';
	if (cell->text[0] <= ' ' || cell->attributes & CELL_CONCEAL)
		return 1;
	if (cell->text[0] < 0x7f && !cell->text[1]) {
		out[0] = (wchar_t)cell->text[0];
		return 1;
	}
	if (!painter->theme->utf8) {
		out[0] = (wchar_t)paint_ascii(cell->text[0]);
		return 1;
	}
	width = as_wide(cell, out);
	if (width >= 1 && width <= room && width <= (cell->attributes & CELL_WIDE ? 2 : 1))
		return width;
	out[0] = REPLACEMENT;
	out[1] = L'\0';
	return 1;
}

static void put(struct painter *painter, const struct cell *cell, const wchar_t *glyph, int width)
{
	cchar_t *at;

	take_pen(painter, cell);
	if (width == 2)	/* written alone: the next cell has its own column */
		flush(painter);
	place_link(painter, width);
	at = &painter->waiting[painter->count++];
	*at = painter->blank;
	if (glyph[1])
		set_cell(painter, at, glyph);
	else
		at->chars[0] = glyph[0];
	if (width == 2) {
		mvwadd_wchnstr(painter->window, painter->row, painter->column, painter->waiting, 1);
		painter->column += 2;
		painter->count = 0;
	} else if (painter->count == (int)(sizeof(painter->waiting) / sizeof(painter->waiting[0]))) {
		flush(painter);
	}
}

/* Most output is ASCII, which curses takes this way at a fifth of the cost. Returns 0 if nothing was written. */
static int put_run(struct painter *painter, const struct terminal *term, int row, int column, int room)
{
	char text[RUN_MAX];
	chtype run[RUN_MAX], look;
	struct cell pen;
	int count = terminal_run(term, row, column, text, room < RUN_MAX ? room : RUN_MAX, &pen);

	if (count == 0)
		return 0;
	take_pen(painter, &pen);
	look = painter->attributes | (chtype)COLOR_PAIR(painter->pair);
	if (PAIR_NUMBER(look) != painter->pair)	/* too large for a short */
		return 0;
	flush(painter);
	place_link(painter, count);
	for (int i = 0; i < count; i++)
		run[i] = look | (chtype)(pen.attributes & CELL_CONCEAL ? ' ' : text[i]);
	mvwaddchnstr(painter->window, painter->row, painter->column, run, count);
	painter->column += count;
	return count;
}

static void paint_row(struct painter *painter, const struct terminal *term, int row, int first, int columns)
{
	struct cell blank = { .foreground = -1, .background = -1 };

	if (columns > terminal_row_width(term, row) - first)
		columns = terminal_row_width(term, row) - first;
	painter->column = 0;
	for (int i = 0; i < columns;) {
		wchar_t glyph[CCHARW_MAX + 1];
		struct cell cell;
		int width, taken = put_run(painter, term, row, first + i, columns - i);

		if (taken > 0) {
			i += taken;
			continue;
		}
		terminal_cell(term, row, first + i, &cell);
		width = cell.attributes & CELL_WIDE && i + 1 < columns ? 2 : 1;
		taken = choose_glyph(painter, &cell, width, glyph);
		put(painter, &cell, glyph, taken);
		blank.background = cell.background;
		blank.attributes = cell.attributes;
		blank.underline = cell.underline;
		blank.underline_colour = cell.underline_colour;
		blank.link = cell.link;
		if (taken < width)
			put(painter, &blank, L" ", 1);
		i += width;
	}
	flush(painter);
}

static bool paint_rows(WINDOW *window, const struct theme *theme, const struct terminal *term, const struct paint_area *area,
                       uint64_t *versions)
{
	struct painter painter = { .window = window, .theme = theme, .term = term };

	setcchar(&painter.blank, L" ", A_NORMAL, 0, NULL);
	painter.pen.foreground = painter.pen.background = painter.pen.underline_colour = -1;
	for (int i = 0; i < area->rows; i++) {
		uint64_t version = terminal_row_version(term, area->row + i);

		if (version && version == versions[i])
			continue;
		versions[i] = version;
		painter.row = i;
		wmove(window, i, 0);
		wclrtoeol(window);
		screen_place_link(getbegy(window) + i, getbegx(window), area->columns, 0);
		paint_row(&painter, term, area->row + i, area->column, area->columns);
	}
	return !painter.last_pair;
}

bool console_paint(WINDOW *window, const struct theme *theme, const struct terminal *term, const struct paint_area *area,
                   uint64_t *versions)
{
	unsigned long reused = screen_pairs_reused();
	bool enough = paint_rows(window, theme, term, area, versions);

	if (screen_pairs_reused() == reused)
		return enough;
	/* The pairs of a row painted earlier may have been given to a later row. */
	memset(versions, 0, (size_t)area->rows * sizeof(*versions));
	return paint_rows(window, theme, term, area, versions);
}
