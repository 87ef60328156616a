/* SPDX-License-Identifier: MIT */
#include "core/terminal/charset.h"
#include "core/terminal/terminal_impl.h"

#include "core/base/alloc.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void terminal_control(struct terminal *term, unsigned char control)
{
	switch (control) {
	case '\a':
		if (term->events->bell)
			term->events->bell(term->data);
		break;
	case '\b':
		terminal_back(term, 1);
		break;
	case '\t':
		terminal_tab(term, 1);
		break;
	case '\n': case '\v': case '\f':
		terminal_index(term, 1);
		if (terminal_has(term, FLAG_NEWLINE))
			terminal_return(term);
		break;
	case '\r':
		terminal_return(term);
		break;
	case 0x0e: case 0x0f:
		term->sets.gl = control == 0x0e;
		terminal_sets_changed(term);
		break;
	default:
		break;
	}
}

static bool is_alternate(const struct terminal *term)
{
	return term->cells.grid == &term->cells.alternate;
}

void terminal_save_cursor(struct terminal *term)
{
	term->saved[is_alternate(term)] = (struct terminal_saved){
		.valid = true, .row = term->row, .column = term->column, .wrap = term->wrap,
		.origin = terminal_has(term, FLAG_ORIGIN), .pen = term->pen, .sets = term->sets,
	};
}

static const struct pen default_pen = { .foreground = -1, .background = -1, .underline_colour = -1 };
static const struct terminal_sets default_sets = { .gr = 2 };

/* Where nothing was saved, to the beginning and the defaults (VT510 manual, DECRC). */
void terminal_restore_cursor(struct terminal *term)
{
	struct terminal_saved saved = term->saved[is_alternate(term)];
	const struct grid *grid = term->cells.grid;

	if (!saved.valid)
		saved = (struct terminal_saved){ .pen = default_pen, .sets = default_sets };
	term->flags &= ~(1ull << FLAG_ORIGIN);
	term->flags |= (uint64_t)saved.origin << FLAG_ORIGIN;
	term->pen = saved.pen;
	term->sets = saved.sets;
	terminal_sets_changed(term);
	terminal_pen_changed(term);
	/* In origin mode, the cursor is never outside of the margins. */
	if (saved.origin)
		terminal_move(term, saved.row < term->top ? 0 : saved.row - term->top,
		              saved.column < term->left ? 0 : saved.column - term->left);
	else
		terminal_move(term, saved.row, saved.column);
	/* After a change of size, the column may be another. */
	term->wrap = saved.wrap && (term->column == term->right || term->column == grid->columns - 1);
}

void terminal_reset_margins(struct terminal *term)
{
	term->top = term->left = 0;
	term->bottom = term->cells.grid->rows - 1;
	term->right = term->cells.grid->columns - 1;
}

void terminal_default_tabs(struct terminal *term, int from)
{
	for (int i = from; i < term->tab_count; i++)
		term->tabs[i] = i % 8 == 0 && i > 0;
}

/* DECSTR, as xterm does it. */
void terminal_soft_reset(struct terminal *term)
{
	term->flags &= ~(1ull << FLAG_ORIGIN | 1ull << FLAG_INSERT | 1ull << FLAG_MARGINS | 1ull << FLAG_REVERSE_WRAP |
	                 1ull << FLAG_REVERSE_WRAP_FAR | 1ull << FLAG_KEYBOARD_LOCK);
	term->flags |= 1ull << FLAG_AUTOWRAP | 1ull << FLAG_CURSOR;
	input_soft_reset(&term->modes);
	terminal_reset_margins(term);
	term->pen = default_pen;
	terminal_pen_changed(term);
	term->sets = default_sets;
	terminal_sets_changed(term);
	term->shift = -1;
	term->protection = PROTECTION_OFF;
	term->cursor_style = 0;
	terminal_save_cursor(term);
	term->saved[is_alternate(term)].row = term->saved[is_alternate(term)].column = 0;
	term->saved[is_alternate(term)].wrap = false;
}

void terminal_full_reset(struct terminal *term)
{
	struct grid_rect all = { 0, term->cells.grid->rows, 0, term->cells.grid->columns };

	terminal_set_mode(term, 1047, false);
	terminal_reset_modes(term);
	memset(term->saved, 0, sizeof(term->saved));
	terminal_soft_reset(term);
	term->exact_rectangle = term->eight_bit = false;
	term->checksum = 0;
	term->level = 5;
	term->pen_count = 0;
	term->last = 0;
	free(term->colours);
	term->colours = NULL;
	term->cells.palette = NULL;
	if (term->cells.reversed) {
		term->cells.reversed = false;
		surface_touch_all(&term->cells);
	}
	terminal_default_tabs(term, 0);
	terminal_forget_titles(term);
	grid_erase(&term->cells.primary, all, 0, false, NULL);
	grid_erase(&term->cells.alternate, all, 0, false, NULL);
	terminal_move(term, 0, 0);
	terminal_save_cursor(term);
}

/* DECALN: E's on the whole screen, without margins and attributes, and the cursor at the beginning. */
static void fill_with_e(struct terminal *term)
{
	struct grid *grid = term->cells.grid;

	terminal_reset_margins(term);
	term->flags &= ~(1ull << FLAG_ORIGIN);
	grid_fill(grid, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, (struct grid_cell){ .text = 'E' });
	terminal_move(term, 0, 0);
}

/* DECBI, DECFI: a column back or forward; at the margin, the content moves. */
static void index_column(struct terminal *term, bool back)
{
	struct grid_rect region = terminal_region(term);

	if (terminal_inside(term) && term->column == (back ? term->left : term->right))
		terminal_scroll(term, region, 0, back ? -1 : 1);
	else if (back)
		terminal_back(term, 1);
	else
		terminal_forward(term, 1);
}

static void designate(struct terminal *term, char first, char second, char final)
{
	static const char order[] = "()*+";
	static const char order_96[] = "-./";
	int set = charset_of(first, second, final);
	const char *place = strchr(order, first);
	ptrdiff_t index;

	if (set < 0)
		return;
	index = place ? place - order : strchr(order_96, first) - order_96 + 1;
	term->sets.g[index] = (uint8_t)set;
	term->touched_others |= TOUCHED_G0 << index;
	terminal_sets_changed(term);
}

static void plain_escape(struct terminal *term, unsigned char final)
{
	switch (final) {
	case '6': case '9':
		index_column(term, final == '6');
		break;
	case '7':
		terminal_save_cursor(term);
		break;
	case '8':
		terminal_restore_cursor(term);
		break;
	case '=': case '>':
		terminal_set_mode(term, 66, final == '=');
		break;
	case 'D':
		terminal_index(term, 1);
		break;
	case 'E':
		terminal_index(term, 1);
		terminal_return(term);
		break;
	case 'H':
		term->tabs[term->column] = 1;
		break;
	case 'M':
		terminal_reverse_index(term, 1);
		break;
	case 'N': case 'O':
		term->shift = final == 'N' ? 2 : 3;
		break;
	case 'V':
		term->protection = PROTECTION_ISO;
		term->touched_others |= TOUCHED_PROTECTION;
		term->pen.is_protected = true;
		terminal_pen_changed(term);
		break;
	case 'W':
		term->pen.is_protected = false;
		terminal_pen_changed(term);
		break;
	case 'Z':
		terminal_device_attributes(term);
		break;
	case 'c':
		terminal_full_reset(term);
		grid_forget(&term->cells.primary);
		break;
	case 'n': case 'o':
		term->sets.gl = final == 'n' ? 2 : 3;
		terminal_sets_changed(term);
		break;
	case '|': case '}': case '~':
		term->sets.gr = (uint8_t)('~' - final + 1);
		terminal_sets_changed(term);
		break;
	default:
		break;
	}
}

void terminal_escape(struct terminal *term)
{
	const struct scan *scan = &term->scan;
	char first = (char)scan->intermediate[0], second = (char)scan->intermediate[1];

	if (!first)
		plain_escape(term, scan->final);
	else if (first == '#' && scan->final == '8' && terminal_may_work(term, term->cells.grid->rows, term->cells.grid->columns))
		fill_with_e(term);
	else if (first == ' ' && (scan->final == 'F' || scan->final == 'G'))
		term->eight_bit = scan->final == 'G';
	else if (first >= '(' && first <= '/' && first != ',')
		designate(term, first, second, (char)scan->final);
}
