/* SPDX-License-Identifier: MIT */
#include "core/terminal/charset.h"
#include "core/terminal/terminal_impl.h"

#include "core/base/str.h"
#include "core/base/utf8.h"

#include <string.h>

/*
 * A terminal written as bytes. What is drawn comes first, in plain modes; then
 * what would change the drawing: tab stops, margins, modes, character sets, the
 * pen, and last the cursor and what the scanner has begun.
 */

struct writer {
	const struct terminal *term;
	struct str *out;
	uint32_t packed;		/* the pen that was written last */
	bool is_protected;		/* as written last */
	uint16_t link;
	size_t links_left;		/* bytes that links may still take */
	const struct grid *grid;
};

/*
 * A link is written wherever another one ends, so a guest that changes between two long ones in every cell could make
 * the screen thousands of times as large as what it shows. What does not fit is not linked.
 */
#define LINK_BYTES_MAX (256 * 1024)

static void move(struct writer *writer, int row, int column)
{
	str_addf(writer->out, "\033[%d;%dH", row + 1, column + 1);
}

static void write_link(struct writer *writer, uint16_t number)
{
	const struct link *link = &writer->term->links[number];
	size_t len = link->uri ? strlen(link->uri) + (link->id ? strlen(link->id) : 0) : 0;

	if (number == writer->link)
		return;
	if (len > writer->links_left)
		number = 0;
	if (number == writer->link)
		return;
	writer->link = number;
	if (number)
		writer->links_left -= len;
	if (number == 0 || !link->uri)
		str_adds(writer->out, "\033]8;;\033\\");
	else if (link->id)
		str_addf(writer->out, "\033]8;id=%s;%s\033\\", link->id, link->uri);
	else	/* One that is written in several places has to be known again. */
		str_addf(writer->out, "\033]8;id=link-%d;%s\033\\", number, link->uri);
}

static void write_unpacked_pen(struct writer *writer, const struct pen *pen)
{
	char sgr[160];

	terminal_sgr_text(pen, sgr, sizeof(sgr));
	/* Many terminals know colons only in underline styles; ours knows both. */
	str_addf(writer->out, "\033[%sm", sgr);
	write_link(writer, pen->link);
	/* Without protection in force, the attribute of cells means nothing; writing it would turn protection on. */
	if (pen->is_protected == writer->is_protected || writer->term->protection == PROTECTION_OFF)
		return;
	writer->is_protected = pen->is_protected;
	if (writer->term->protection == PROTECTION_ISO)
		str_adds(writer->out, pen->is_protected ? "\033V" : "\033W");
	else
		str_addf(writer->out, "\033[%d\"q", pen->is_protected);
}

static void write_pen(struct writer *writer, uint32_t packed)
{
	struct pen pen;

	if (packed == writer->packed)
		return;
	writer->packed = packed;
	surface_unpack_pen(&writer->term->cells, packed, &pen);
	write_unpacked_pen(writer, &pen);
}

static void write_text(struct writer *writer, uint32_t text)
{
	uint32_t single[CELL_CHARS] = { text };
	const uint32_t *characters = text & GRID_MARKS ? writer->term->cells.marks.records[text & ~GRID_MARKS] : single;

	for (int i = 0; i < CELL_CHARS && characters[i]; i++) {
		char bytes[4];

		str_add(writer->out, bytes, utf8_encode(characters[i], bytes));
	}
}

/* An erase leaves the background's colour only. Half of a wide character that was overwritten may keep more. */
static bool can_be_erased(const struct writer *writer, uint32_t packed)
{
	struct pen pen;

	surface_unpack_pen(&writer->term->cells, packed, &pen);
	return pen.foreground < 0 && pen.underline_colour < 0 && !pen.attributes && !pen.link && !pen.is_protected;
}

/* Returns the number of cells before those at the end of the row that are blank in one pen, which it sets. */
static int used_cells(const struct writer *writer, const struct grid_row *row, uint32_t *rest)
{
	int used = row->used < writer->grid->columns ? row->used : writer->grid->columns;

	*rest = row->fill;
	if (used == writer->grid->columns && row->cells[used - 1].text == 0 && can_be_erased(writer, row->cells[used - 1].pen))
		*rest = row->cells[used - 1].pen;
	while (used > 0 && row->cells[used - 1].text == 0 && row->cells[used - 1].pen == *rest)
		used--;
	return used;
}

/* Writes the cells from the cursor on. */
static void write_row(struct writer *writer, const struct grid_row *row)
{
	uint32_t rest;
	int used = used_cells(writer, row, &rest);

	for (int i = 0; i < used;) {
		struct grid_cell cell = row->cells[i];
		int run = 1;

		if (cell.text == GRID_TAIL) {
			i++;
			continue;
		}
		if (cell.text != 0 || !can_be_erased(writer, cell.pen)) {
			write_pen(writer, cell.pen);
			write_text(writer, cell.text ? cell.text : ' ');
			i++;
			continue;
		}
		while (i + run < used && row->cells[i + run].text == 0 && row->cells[i + run].pen == cell.pen)
			run++;
		if (cell.pen != 0) {
			write_pen(writer, cell.pen);
			str_addf(writer->out, "\033[%dX", run);
		}
		i += run;
		if (i < writer->grid->columns)
			str_addf(writer->out, "\033[%dC", run);
	}
	if (rest != 0 && used < writer->grid->columns) {
		write_pen(writer, rest);
		str_adds(writer->out, "\033[K");
	}
}

static bool is_blank(const struct writer *writer, const struct grid_row *row)
{
	uint32_t rest;

	return used_cells(writer, row, &rest) == 0 && rest == 0;
}

/* True if a character printed after the row goes on in the next one by itself, which keeps the soft wrap. */
static bool runs_on(const struct grid *grid, int number)
{
	const struct grid_row *row = grid_row(grid, number), *next = grid_row(grid, number + 1);
	bool wide, full;

	if (!row->wrapped || !next || next->used == 0 || next->cells[0].text == 0)
		return false;
	full = row->used >= grid->columns && row->cells[grid->columns - 1].text != 0;
	wide = next->used > 1 && next->cells[1].text == GRID_TAIL;
	return full || (wide && row->used == grid->columns - 1 && row->cells[row->used - 1].text != 0);
}

/* On a screen that was just cleared. */
static void write_grid(struct writer *writer, const struct grid *grid)
{
	bool follows = false;

	writer->grid = grid;
	write_unpacked_pen(writer, &(struct pen){ .foreground = -1, .background = -1, .underline_colour = -1 });
	writer->packed = 0;
	str_adds(writer->out, "\033[2J");
	for (int i = 0; i < grid->rows; i++) {
		const struct grid_row *row = grid_row(grid, i);

		if (!follows && !is_blank(writer, row))
			move(writer, i, 0);
		if (!is_blank(writer, row))
			write_row(writer, row);
		follows = runs_on(grid, i);
	}
}

static bool grid_is_blank(struct writer *writer, const struct grid *grid)
{
	writer->grid = grid;
	for (int i = 0; i < grid->rows; i++)
		if (!is_blank(writer, grid_row(grid, i)))
			return false;
	return true;
}

static void write_sets(struct writer *writer, const struct terminal_sets *sets)
{
	static const char first[] = "()*+", first_96[] = "?-./";
	static const char *const left[] = { "\017", "\016", "\033n", "\033o" };
	static const char *const right[] = { "", "\033~", "\033}", "\033|" };

	for (int i = 0; i < 4; i++) {
		enum charset set = sets->g[i];
		char place = charset_is_96(set) ? first_96[i] : first[i];

		if (set != CHARSET_ASCII)
			str_addf(writer->out, "\033%c%s", place, charset_designation(set));
	}
	if (sets->gl != 0)
		str_adds(writer->out, left[sets->gl]);
	if (sets->gr != 2)
		str_adds(writer->out, right[sets->gr]);
}

/* Undoes write_sets. */
static void clear_sets(struct writer *writer, const struct terminal_sets *sets)
{
	for (int i = 0; i < 4; i++)
		if (sets->g[i] != CHARSET_ASCII)
			str_addf(writer->out, "\033%cB", "()*+"[i]);
	if (sets->gl != 0)
		str_adds(writer->out, "\017");
	if (sets->gr != 2)
		str_adds(writer->out, "\033}");
}

/* Prints the character at a position again, which leaves the cursor after it, or before a pending wrap. */
static void print_again(struct writer *writer, int row, int column)
{
	struct grid_cell cell = grid_cell(writer->grid, grid_row(writer->grid, row), column);

	if (cell.text == GRID_TAIL && column > 0)
		cell = grid_cell(writer->grid, grid_row(writer->grid, row), --column);
	move(writer, row, column);
	write_pen(writer, cell.pen);
	write_text(writer, cell.text ? cell.text : ' ');
}

/* In plain modes: what DECRC will bring back on the current screen. save: the sequence that saves it. */
static void write_saved(struct writer *writer, const struct terminal_saved *saved, const char *save)
{
	if (!saved->valid)
		return;
	/* Origin mode moves the cursor, so it comes first. */
	if (saved->origin)
		str_adds(writer->out, "\033[?6h");
	if (saved->wrap)
		print_again(writer, saved->row, saved->column);
	else
		move(writer, saved->row, saved->column);
	write_sets(writer, &saved->sets);
	write_unpacked_pen(writer, &saved->pen);
	writer->packed = UINT32_MAX;
	str_adds(writer->out, save);
	if (saved->origin)
		str_adds(writer->out, "\033[?6l");
	clear_sets(writer, &saved->sets);
}

static void write_titles(struct writer *writer)
{
	const struct terminal *term = writer->term;

	for (int i = 0; i < term->title_count; i++) {
		const char *title = term->titles[i].title, *icon = term->titles[i].icon;

		if (title)
			str_addf(writer->out, "\033]2;%s\033\\", title);
		if (icon)
			str_addf(writer->out, "\033]1;%s\033\\", icon);
		str_addf(writer->out, "\033[22;%dt", title && icon ? 0 : title ? 2 : 1);
	}
	if (term->title || term->title_count)
		str_addf(writer->out, "\033]2;%s\033\\", term->title ? term->title : "");
	if (term->icon || term->title_count)
		str_addf(writer->out, "\033]1;%s\033\\", term->icon ? term->icon : "");
}

static void write_colour(struct writer *writer, const char *name, int number, int32_t colour)
{
	if (colour >= 0)
		str_addf(writer->out, "\033]%s%d;#%06x\033\\", name, number, (unsigned)colour);
}

static void write_colours(struct writer *writer)
{
	const struct terminal_colours *colours = writer->term->colours;

	for (int i = 0; colours && i < 256 + SPECIAL; i++)
		write_colour(writer, i < 256 ? "4;" : "5;", i < 256 ? i : i - 256, colours->palette[i]);
	for (int i = 0; colours && i < 10; i++)
		write_colour(writer, "", 10 + i, colours->dynamic[i]);
}

static void write_tabs(struct writer *writer)
{
	const struct terminal *term = writer->term;
	bool usual = true;

	for (int i = 0; i < term->tab_count; i++)
		usual &= term->tabs[i] == (i % 8 == 0 && i > 0);
	if (usual)
		return;
	str_adds(writer->out, "\033[3g");
	for (int i = 0; i < term->tab_count && i < term->cells.grid->columns; i++) {
		if (term->tabs[i])
			str_addf(writer->out, "\033[%dG\033H", i + 1);
	}
}

static void write_kitty_keys(struct writer *writer, bool alternate)
{
	const struct kitty_stack *stack = &writer->term->modes.kitty[alternate];

	if (stack->flags[0])
		str_addf(writer->out, "\033[=%du", stack->flags[0]);
	for (int i = 1; i <= stack->top; i++)
		str_addf(writer->out, "\033[>%du", stack->flags[i]);
}

static void write_keys(struct writer *writer)
{
	const struct input_modes *modes = &writer->term->modes;

	if (modes->other_keys)
		str_addf(writer->out, "\033[>4;%dm", modes->other_keys);
	if (modes->other_keys_format)
		str_addf(writer->out, "\033[>4;%df", modes->other_keys_format);
}

static void write_pen_stack(struct writer *writer)
{
	const struct terminal *term = writer->term;

	for (int i = 0; i < term->pen_count; i++) {
		write_unpacked_pen(writer, &term->pens[i]);
		str_adds(writer->out, "\033[#{");
	}
}

static void write_margins(struct writer *writer)
{
	const struct terminal *term = writer->term;

	if (term->top > 0 || term->bottom < term->cells.grid->rows - 1)
		str_addf(writer->out, "\033[%d;%dr", term->top + 1, term->bottom + 1);
	if (term->left > 0 || term->right < term->cells.grid->columns - 1)
		str_addf(writer->out, "\033[%d;%ds", term->left + 1, term->right + 1);
}

/* DECSCA and SPA protect alike, but differ in what respects it. */
static void write_protection(struct writer *writer)
{
	const struct terminal *term = writer->term;

	if (term->protection == PROTECTION_ISO)
		str_adds(writer->out, term->pen.is_protected ? "\033V" : "\033V\033W");
	else if (term->protection == PROTECTION_DEC)
		str_addf(writer->out, "\033[%d\"q", term->pen.is_protected);
}

/* In insert mode, what is printed again takes the place of what is removed first. */
static void write_cursor(struct writer *writer)
{
	const struct terminal *term = writer->term;
	bool origin = terminal_has(term, FLAG_ORIGIN);
	int row = term->row - (origin ? term->top : 0), column = term->column - (origin ? term->left : 0);
	int back = 0;

	if (term->wrap || term->last) {
		const struct grid_row *line = grid_row(term->cells.grid, term->row);

		back = !term->wrap;
		if (grid_cell(term->cells.grid, line, term->column - back).text == GRID_TAIL)
			back++;
		if (term->column - back < 0 || (back && column - back < 0))
			back = 0;
	}
	/*
	 * The character sets would translate what is printed again, unless it was printed in them: then it must be the last,
	 * since a sequence after it would make it unrepeatable.
	 */
	if (term->last)
		write_sets(writer, &term->sets);
	move(writer, row, column - back);
	if (back || term->wrap) {
		struct grid_cell cell = grid_cell(term->cells.grid, grid_row(term->cells.grid, term->row), term->column - back);

		if (terminal_has(term, FLAG_INSERT))
			str_addf(writer->out, "\033[%dP", back > 1 || (term->wrap && back) ? 2 : 1);
		write_pen(writer, cell.pen);
		write_text(writer, cell.text ? cell.text : ' ');
	}
	if (!term->last)
		write_sets(writer, &term->sets);
	if (!term->last || !term->packed_valid || writer->packed != term->cells.held)
		write_unpacked_pen(writer, &term->pen);
}

static void write_rectangles(struct writer *writer)
{
	if (writer->term->exact_rectangle)
		str_adds(writer->out, "\033[2*x");
	if (writer->term->checksum)
		str_addf(writer->out, "\033[%d#y", writer->term->checksum);
}

static void write_others(struct writer *writer)
{
	const struct terminal *term = writer->term;

	if (term->cursor_style)
		str_addf(writer->out, "\033[%d q", term->cursor_style);
	if (term->level >= 4)
		write_rectangles(writer);
	if (term->eight_bit)
		str_adds(writer->out, "\033 G");
}

/* All modes, but not the cursor and the pen. */
static void write_state(struct writer *writer)
{
	write_tabs(writer);
	write_keys(writer);
	write_others(writer);
	terminal_write_modes(writer->term, writer->out);
	write_margins(writer);
	write_protection(writer);
	writer->is_protected = writer->term->pen.is_protected;
}

void terminal_resume(const struct terminal *term, struct str *out)
{
	struct writer writer = { .term = term, .out = out };
	bool alternate = terminal_alternate(term);

	if (alternate)
		str_adds(out, "\033[?1049h");
	write_kitty_keys(&writer, alternate);
	write_state(&writer);
	write_sets(&writer, &term->sets);
	write_unpacked_pen(&writer, &term->pen);
}

/* What a lower level keeps but does not let anyone set comes first, and what setting the level resets comes later. */
static void write_level(struct writer *writer)
{
	const struct terminal *term = writer->term;

	terminal_write_stored_modes(term, writer->out);
	terminal_write_column_mode(term, writer->out);
	if (term->level < 4)
		write_rectangles(writer);
	if (term->level != 5)
		str_addf(writer->out, "\033[%d;1\"p", 60 + term->level);
}

void terminal_snapshot(const struct terminal *term, struct str *out)
{
	bool alternate = terminal_alternate(term);
	struct writer writer = { .term = term, .out = out, .links_left = LINK_BYTES_MAX };

	/* Into plain modes, for a terminal that is not new. */
	str_adds(out, TERMINAL_PLAIN);
	write_level(&writer);
	write_titles(&writer);
	write_colours(&writer);
	write_pen_stack(&writer);
	write_grid(&writer, &term->cells.primary);
	write_kitty_keys(&writer, false);
	write_saved(&writer, &term->saved[0], alternate ? "\033[?1049h" : "\0337");
	if (alternate || term->saved[1].valid || term->modes.kitty[1].top || !grid_is_blank(&writer, &term->cells.alternate)) {
		if (!alternate || !term->saved[0].valid)
			str_adds(out, "\033[?47h");
		write_grid(&writer, &term->cells.alternate);
		write_saved(&writer, &term->saved[1], "\0337");
		write_kitty_keys(&writer, true);
		if (!alternate)
			str_adds(out, "\033[?47l");
	}
	writer.grid = term->cells.grid;
	write_state(&writer);
	write_cursor(&writer);
	if (term->shift >= 0)
		str_adds(out, term->shift == 2 ? "\033N" : "\033O");
	scan_pending(&term->scan, out);
}
