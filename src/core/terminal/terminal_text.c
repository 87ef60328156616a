/* SPDX-License-Identifier: MIT */
#include "core/terminal/charset.h"
#include "core/terminal/terminal_impl.h"
#include "core/terminal/width.h"

/* Pens. */

uint32_t terminal_packed_pen(struct terminal *term)
{
	if (!term->packed_valid) {
		term->cells.held = surface_pen(&term->cells, &term->pen);
		term->packed_valid = true;
	}
	return term->cells.held;
}

static __attribute__((noinline)) uint32_t pen_of_background(struct terminal *term)
{
	struct pen blank = { .foreground = -1, .background = term->pen.background, .underline_colour = -1 };

	return surface_pen(&term->cells, &blank);
}

/* What is erased takes the background's colour and nothing else, as with xterm. */
uint32_t terminal_blank_pen(struct terminal *term)
{
	return term->pen.background < 0 ? 0 : pen_of_background(term);
}

/* The cursor. */

static int left_margin(const struct terminal *term)
{
	return term->column < term->left ? 0 : term->left;
}

/* The last column that the cursor can reach by itself. */
static int right_margin(const struct terminal *term)
{
	return term->column > term->right ? term->cells.grid->columns - 1 : term->right;
}

bool terminal_inside(const struct terminal *term)
{
	return term->row >= term->top && term->row <= term->bottom && term->column >= term->left &&
	       term->column <= term->right;
}

static int limit(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

void terminal_move(struct terminal *term, int row, int column)
{
	const struct grid *grid = term->cells.grid;

	if (terminal_has(term, FLAG_ORIGIN)) {
		term->row = limit(row + term->top, 0, term->bottom);
		term->column = limit(column + term->left, 0, term->right);
	} else {
		term->row = limit(row, 0, grid->rows - 1);
		term->column = limit(column, 0, grid->columns - 1);
	}
	term->wrap = false;
}

void terminal_up(struct terminal *term, int count)
{
	int first = term->row < term->top ? 0 : term->top;

	term->row = term->row - count < first ? first : term->row - count;
	term->wrap = false;
}

void terminal_down(struct terminal *term, int count)
{
	int last = term->row > term->bottom ? term->cells.grid->rows - 1 : term->bottom;

	term->row = term->row + count > last ? last : term->row + count;
	term->wrap = false;
}

void terminal_forward(struct terminal *term, int count)
{
	int last = right_margin(term);

	term->column = term->column + count > last ? last : term->column + count;
	term->wrap = false;
}

/* With reverse wrapping, the column before the first one is the last one of the row above, or of the last row. */
void terminal_back(struct terminal *term, int count)
{
	uint64_t reverse = 1ull << FLAG_REVERSE_WRAP | 1ull << FLAG_REVERSE_WRAP_FAR;
	bool wraps = terminal_has(term, FLAG_AUTOWRAP) && (term->flags & reverse);
	int most = term->cells.grid->rows * term->cells.grid->columns;

	if (wraps && term->wrap)
		count--;
	term->wrap = false;
	for (int i = 0; i < count && i < most; i++) {
		if (term->column > left_margin(term)) {
			term->column--;
		} else if (wraps) {
			term->row = term->row == term->top ? term->bottom : term->row > 0 ? term->row - 1 : term->cells.grid->rows - 1;
			term->column = term->right;
		} else {
			break;
		}
	}
}

void terminal_return(struct terminal *term)
{
	term->column = terminal_has(term, FLAG_ORIGIN) ? term->left : left_margin(term);
	term->wrap = false;
}

void terminal_tab(struct terminal *term, int count)
{
	int last;

	/* The "more" fix: a tab after the last column goes to the next row. */
	if (terminal_has(term, FLAG_MORE_FIX) && terminal_has(term, FLAG_AUTOWRAP) && term->wrap) {
		terminal_index(term, 1);
		term->column = 0;
	}
	last = terminal_has(term, FLAG_MARGINS) ? right_margin(term) : term->cells.grid->columns - 1;
	for (; count > 0 && term->column < last; count--) {
		do
			term->column++;
		while (term->column < last && !term->tabs[term->column]);
	}
}

void terminal_back_tab(struct terminal *term, int count)
{
	int first = terminal_has(term, FLAG_ORIGIN) ? term->left : 0;

	for (; count > 0 && term->column > first; count--) {
		do
			term->column--;
		while (term->column > first && !term->tabs[term->column]);
	}
	term->wrap = false;
}

/* Scrolling and erasing. */

struct grid_rect terminal_region(const struct terminal *term)
{
	return (struct grid_rect){ .top = term->top, .bottom = term->bottom + 1, .left = term->left,
	                           .right = term->right + 1 };
}

void terminal_scroll(struct terminal *term, struct grid_rect rect, int up, int left)
{
	grid_scroll(term->cells.grid, rect, up, left, terminal_blank_pen(term));
}

/* `count` rows down; at the bottom of the region, it scrolls instead. */
void terminal_index(struct terminal *term, int count)
{
	int beyond = term->row + count - term->bottom;

	if (term->row <= term->bottom && beyond > 0 && term->column >= term->left && term->column <= term->right)
		terminal_scroll(term, terminal_region(term), beyond, 0);
	terminal_down(term, count);
}

void terminal_reverse_index(struct terminal *term, int count)
{
	int beyond = term->top - (term->row - count);

	if (term->row >= term->top && beyond > 0 && term->column >= term->left && term->column <= term->right)
		terminal_scroll(term, terminal_region(term), -beyond, 0);
	terminal_up(term, count);
}

void terminal_erase(struct terminal *term, struct grid_rect rect, bool selective)
{
	bool keep = term->protection == PROTECTION_ISO || (selective && term->protection == PROTECTION_DEC);
	uint32_t blank = terminal_blank_pen(term);	/* which may move the records */

	grid_erase(term->cells.grid, rect, blank, keep,
	           (const uint32_t (*)[6])term->cells.pens.records);
}

/* Text. */

static void wrap_line(struct terminal *term)
{
	grid_set_wrapped(term->cells.grid, term->row, true);
	terminal_index(term, 1);
	term->column = term->left;
}

static void wrap_if_due(struct terminal *term)
{
	if (!term->wrap)
		return;
	term->wrap = false;
	if (terminal_has(term, FLAG_AUTOWRAP))
		wrap_line(term);
}

/* Makes room for the columns from the cursor on in insert mode. */
static void insert_room(struct terminal *term, int columns, int last)
{
	if (terminal_has(term, FLAG_INSERT)) {
		struct grid_rect rect = { term->row, term->row + 1, term->column, last + 1 };

		grid_scroll(term->cells.grid, rect, 0, -columns, terminal_blank_pen(term));
	}
}

static void advance(struct terminal *term, int columns, int last)
{
	term->column += columns;
	if (term->column > last) {
		term->column = last;
		term->wrap = true;
	}
}

/* A mark belongs to the character before the cursor, or to that in the last column while a wrap is pending. */
static void add_mark(struct terminal *term, uint32_t mark)
{
	struct grid *grid = term->cells.grid;
	const struct grid_row *row = grid_row(grid, term->row);
	int column = term->wrap ? term->column : term->column - 1;
	bool wide;
	struct grid_cell cell;

	if (column > 0 && grid_cell(grid, row, column).text == GRID_TAIL)
		column--;
	if (column < 0)
		return;
	cell = grid_cell(grid, row, column);
	if (cell.text == 0 || cell.text == GRID_TAIL)
		return;
	wide = column + 1 < grid->columns && grid_cell(grid, row, column + 1).text == GRID_TAIL;
	cell.text = surface_add_mark(&term->cells, cell.text, mark);
	grid_put(grid, term->row, column, cell, wide ? 2 : 1);
}

/* Writes a character of one or two columns. */
static void put(struct terminal *term, uint32_t character, int width)
{
	int last;

	wrap_if_due(term);
	last = right_margin(term);
	if (term->column + width - 1 > last) {
		if (!terminal_has(term, FLAG_AUTOWRAP) || term->column <= term->left)
			return;
		wrap_line(term);
		last = right_margin(term);
		if (term->column + width - 1 > last)
			return;
	}
	insert_room(term, width, last);
	grid_put(term->cells.grid, term->row, term->column,
	         (struct grid_cell){ .text = character, .pen = terminal_packed_pen(term) }, width);
	advance(term, width, last);
	term->last = character;
}

static enum charset set_of(const struct terminal *term, int index)
{
	enum charset set = term->sets.g[index];

	/* National sets have seven bits, and Latin-1 is then the British one, as in xterm. */
	if (terminal_has(term, FLAG_NATIONAL))
		return set == CHARSET_LATIN1 ? CHARSET_BRITISH : set;
	return charset_is_national(set) ? CHARSET_ASCII : set;
}

/* With any other set than ASCII in GR, bytes are characters of that set instead of UTF-8, as in xterm. */
void terminal_sets_changed(struct terminal *term)
{
	term->plain = set_of(term, term->sets.gl) == CHARSET_ASCII;
	term->scan.single = set_of(term, term->sets.gr) != CHARSET_ASCII;
}

/* Translates by the character sets, which apply to the characters up to U+00FF. */
static uint32_t translate(struct terminal *term, uint32_t character)
{
	int index = term->shift >= 0 ? term->shift : character < 0x80 ? term->sets.gl : term->sets.gr;
	enum charset set = set_of(term, index);

	term->shift = -1;
	if (set == CHARSET_ASCII || character > 0xff || (character >= 0x80 && character < 0xa0))
		return character;
	/* A set of 94 characters has none at the first and the last position. */
	if ((character == 0xa0 || character == 0xff) && !charset_is_96(set))
		return character == 0xa0 ? ' ' : character;
	return charset_map(set, character & 0x7f);
}

/*
 * Writes the first characters of a text, as many as fit up to the right margin and take columns. Returns their number;
 * 0 if the first one needs more than that.
 */
static int print_row(struct terminal *term, const uint32_t *characters, int count)
{
	int columns = 0, done = 0, last, room;
	uint32_t cells[2 * SCAN_CHARS];

	wrap_if_due(term);
	last = right_margin(term);
	room = last + 1 - term->column;
	for (; done < count && done < SCAN_CHARS; done++) {
		int width = width_of(characters[done]);

		if (width <= 0 || columns + width > room)
			break;
		cells[columns] = characters[done];
		cells[columns + 1] = GRID_TAIL;
		columns += width;
	}
	if (done == 0)
		return 0;
	insert_room(term, columns, last);
	grid_put_text(term->cells.grid, term->row, term->column, cells, columns, terminal_packed_pen(term));
	advance(term, columns, last);
	term->last = characters[done - 1];
	return done;
}

static void print_one(struct terminal *term, uint32_t character)
{
	int width = width_of(character);

	if (width > 0)
		put(term, character, width);
	else if (width == 0)
		add_mark(term, character);
}

void terminal_print(struct terminal *term, const uint32_t *characters, int count)
{
	for (int i = 0; i < count;) {
		int done = 0;

		if (term->plain && !term->scan.single && term->shift < 0) {
			done = width_of(characters[i]) > 0 ? print_row(term, characters + i, count - i) : 0;
			if (done == 0)
				print_one(term, characters[i++]);
			i += done;
		} else {
			print_one(term, translate(term, characters[i++]));
		}
	}
}

/* A run that needs more than one row, room, or a character set. Apart, so that others need not save its registers. */
static __attribute__((noinline)) void print_long_run(struct terminal *term, const unsigned char *text, size_t len)
{
	for (; len > 0 && (term->shift >= 0 || !term->plain); len--)
		put(term, translate(term, *text++), 1);
	while (len > 0) {
		int last, count;

		wrap_if_due(term);
		last = right_margin(term);
		count = last + 1 - term->column;
		if ((size_t)count > len)
			count = (int)len;
		insert_room(term, count, last);
		grid_put_run(term->cells.grid, term->row, term->column, text, count, terminal_packed_pen(term));
		advance(term, count, last);
		text += count;
		len -= (size_t)count;
		term->last = text[-1];
	}
}

void terminal_print_ascii(struct terminal *term, const unsigned char *text, size_t len)
{
	int room = right_margin(term) - term->column;

	if (room < (ptrdiff_t)len || term->wrap || !term->plain || term->shift >= 0 || terminal_has(term, FLAG_INSERT)) {
		print_long_run(term, text, len);
		return;
	}
	grid_put_run(term->cells.grid, term->row, term->column, text, (int)len, terminal_packed_pen(term));
	term->column += (int)len;
	term->last = text[len - 1];
}

/* At most a screen full of it, and only once. */
void terminal_repeat(struct terminal *term, int count)
{
	int most = term->cells.grid->rows * term->cells.grid->columns;
	uint32_t run[SCAN_CHARS];

	if (!term->last)
		return;
	for (int i = 0; i < SCAN_CHARS; i++)
		run[i] = term->last;
	for (count = count < most ? count : most; count > 0;) {
		int done = print_row(term, run, count < SCAN_CHARS ? count : SCAN_CHARS);

		if (done == 0)
			put(term, run[0], width_of(run[0]));
		count -= done > 0 ? done : 1;
	}
	term->last = 0;
}
