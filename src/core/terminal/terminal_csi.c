/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include <string.h>

/* A count, at least 1. */
static int count(const struct terminal *term)
{
	int value = terminal_param(term, 0);

	return value > 0 ? value : 1;
}

/* Position of the cursor as it is addressed in the current modes. */

static int addressed_row(const struct terminal *term)
{
	return term->row - (terminal_has(term, FLAG_ORIGIN) ? term->top : 0);
}

static int addressed_column(const struct terminal *term)
{
	return term->column - (terminal_has(term, FLAG_ORIGIN) ? term->left : 0);
}

/* Erasing. */

static struct grid_rect row_rect(const struct terminal *term, int left, int right)
{
	return (struct grid_rect){ .top = term->row, .bottom = term->row + 1, .left = left, .right = right };
}

static void erase_line(struct terminal *term, bool selective)
{
	int columns = term->cells.grid->columns;

	switch (terminal_param(term, 0)) {
	case 0:
		if (term->protection == PROTECTION_OFF)
			grid_erase_right(term->cells.grid, term->row, term->column, terminal_blank_pen(term));
		else
			terminal_erase(term, row_rect(term, term->column, columns), selective);
		term->wrap = false;
		break;
	case 1:
		terminal_erase(term, row_rect(term, 0, term->column + 1), selective);
		break;
	case 2:
		terminal_erase(term, row_rect(term, 0, columns), selective);
		break;
	default:
		break;
	}
}

static void erase_rows(struct terminal *term, int top, int bottom, bool selective)
{
	terminal_erase(term, (struct grid_rect){ top, bottom, 0, term->cells.grid->columns }, selective);
}

static void erase_display(struct terminal *term, bool selective)
{
	int rows = term->cells.grid->rows;

	switch (terminal_param(term, 0)) {
	case 0:
		erase_line(term, selective);
		erase_rows(term, term->row + 1, rows, selective);
		break;
	case 1:
		erase_rows(term, 0, term->row, selective);
		terminal_erase(term, row_rect(term, 0, term->column + 1), selective);
		break;
	case 2:
		erase_rows(term, 0, rows, selective);
		term->wrap = false;
		break;
	case 3:
		if (!selective)
			grid_forget(&term->cells.primary);
		break;
	default:
		break;
	}
}

/* Inserting and deleting. */

/* Positive: deletes characters, negative: inserts blanks. */
static void shift_characters(struct terminal *term, int left)
{
	if (term->column >= term->left && term->column <= term->right)
		terminal_scroll(term, row_rect(term, term->column, term->right + 1), 0, left);
	term->wrap = false;
}

static void shift_lines(struct terminal *term, int up)
{
	struct grid_rect rect = terminal_region(term);

	if (!terminal_inside(term))
		return;
	rect.top = term->row;
	terminal_scroll(term, rect, up, 0);
	term->column = term->left;
	term->wrap = false;
}

/* DECIC, DECDC: columns at the cursor, in all rows of the region. */
static void shift_columns(struct terminal *term, int left)
{
	struct grid_rect rect = terminal_region(term);

	rect.left = term->column;
	if (terminal_inside(term))
		terminal_scroll(term, rect, 0, left);
}

/* Margins. */

static void set_margins(struct terminal *term)
{
	int rows = term->cells.grid->rows, top = count(term) - 1, bottom = terminal_param(term, 1);

	if (bottom == 0 || bottom > rows)
		bottom = rows;
	if (bottom - 1 <= top)
		return;
	term->top = top;
	term->bottom = bottom - 1;
	terminal_move(term, 0, 0);
}

static void set_side_margins(struct terminal *term)
{
	int columns = term->cells.grid->columns, left = count(term) - 1, right = terminal_param(term, 1);

	if (right == 0 || right > columns)
		right = columns;
	if (right - 1 <= left)
		return;
	term->left = left;
	term->right = right - 1;
	terminal_move(term, 0, 0);
}

static void clear_tabs(struct terminal *term)
{
	if (terminal_param(term, 0) == 0)
		term->tabs[term->column] = 0;
	else if (terminal_param(term, 0) == 3)
		memset(term->tabs, 0, (size_t)term->tab_count);
}

static void set_level(struct terminal *term)
{
	int level = terminal_param(term, 0) - 60;

	if (level < 1 || level > 5)
		return;
	terminal_soft_reset(term);
	term->level = (uint8_t)level;
	term->eight_bit = level > 1 && terminal_param(term, 1) != 1;
}

/* Without parameters, all of the pen is saved and restored. */
static void push_pen(struct terminal *term)
{
	if (term->pen_count < PEN_STACK)
		term->pens[term->pen_count++] = term->pen;
}

static void pop_pen(struct terminal *term)
{
	if (term->pen_count == 0)
		return;
	term->pen = term->pens[--term->pen_count];
	terminal_pen_changed(term);
}

/* Sequences without prefix and intermediates: moves, edits, modes. */

static bool moves(struct terminal *term, int final)
{
	switch (final) {
	case 'A':
		terminal_up(term, count(term));
		break;
	case 'B':
		terminal_down(term, count(term));
		break;
	case 'C':
		terminal_forward(term, count(term));
		break;
	case 'D':
		terminal_back(term, count(term));
		break;
	case 'E':
		terminal_down(term, count(term));
		terminal_return(term);
		break;
	case 'F':
		terminal_up(term, count(term));
		terminal_return(term);
		break;
	case 'G': case '`':
		terminal_move(term, addressed_row(term), count(term) - 1);
		break;
	case 'H': case 'f':
		terminal_move(term, count(term) - 1, terminal_param(term, 1) > 0 ? terminal_param(term, 1) - 1 : 0);
		break;
	case 'I':
		terminal_tab(term, count(term));
		break;
	case 'Z':
		terminal_back_tab(term, count(term));
		break;
	case 'a':
		terminal_move(term, addressed_row(term), addressed_column(term) + count(term));
		break;
	case 'd':
		terminal_move(term, count(term) - 1, addressed_column(term));
		break;
	case 'e':
		terminal_move(term, addressed_row(term) + count(term), addressed_column(term));
		break;
	default:
		return false;
	}
	return true;
}

static bool edits(struct terminal *term, int final)
{
	switch (final) {
	case '@':
		shift_characters(term, -count(term));
		break;
	case 'J':
		erase_display(term, false);
		break;
	case 'L':
		shift_lines(term, -count(term));
		break;
	case 'M':
		shift_lines(term, count(term));
		break;
	case 'P':
		shift_characters(term, count(term));
		break;
	case 'S':
		terminal_scroll(term, terminal_region(term), count(term), 0);
		break;
	case 'T': case '^':
		if (term->scan.param_count == 1)	/* more of them would track the mouse */
			terminal_scroll(term, terminal_region(term), -count(term), 0);
		break;
	case 'X':
		terminal_erase(term, row_rect(term, term->column, term->column + count(term)), false);
		term->wrap = false;
		break;
	case 'b':
		terminal_repeat(term, count(term));
		break;
	default:
		return false;
	}
	return true;
}

static bool modes(struct terminal *term, int final)
{
	switch (final) {
	case 'g':
		clear_tabs(term);
		break;
	case 'h': case 'l':
		terminal_set_modes(term, false, final == 'h');
		break;
	case 'r':
		set_margins(term);
		term->touched_others |= TOUCHED_MARGINS;
		break;
	case 's':
		if (terminal_has(term, FLAG_MARGINS))
			set_side_margins(term);
		else
			terminal_save_cursor(term);
		break;
	case 'u':
		terminal_restore_cursor(term);
		break;
	default:
		return false;
	}
	return true;
}

/* All others. */

#define SEQUENCE(prefix, intermediate, final) ((prefix) << 16 | (intermediate) << 8 | (final))

static bool other_edits(struct terminal *term, int sequence)
{
	switch (sequence) {
	case SEQUENCE('?', 0, 'J'):
		erase_display(term, true);
		break;
	case SEQUENCE('?', 0, 'K'):
		erase_line(term, true);
		break;
	case SEQUENCE(0, ' ', '@'): case SEQUENCE(0, ' ', 'A'):
		if (terminal_inside(term))
			terminal_scroll(term, terminal_region(term), 0, (sequence & 0xff) == '@' ? count(term) : -count(term));
		break;
	case SEQUENCE(0, '\'', '}'): case SEQUENCE(0, '\'', '~'):
		if (term->level >= 4)
			shift_columns(term, (sequence & 0xff) == '~' ? count(term) : -count(term));
		break;
	default:
		return false;
	}
	return true;
}

static bool other_modes(struct terminal *term, int sequence)
{
	switch (sequence) {
	case SEQUENCE('?', 0, 'W'):
		if (terminal_param(term, 0) == 5)
			terminal_default_tabs(term, 0);
		break;
	case SEQUENCE('?', 0, 'h'): case SEQUENCE('?', 0, 'l'):
		terminal_set_modes(term, true, (sequence & 0xff) == 'h');
		break;
	case SEQUENCE('?', 0, 's'): case SEQUENCE('?', 0, 'r'):
		terminal_store_modes(term, (sequence & 0xff) == 'r');
		break;
	case SEQUENCE(0, '#', '{'): case SEQUENCE(0, '#', 'p'):
		push_pen(term);
		break;
	case SEQUENCE(0, '#', '}'): case SEQUENCE(0, '#', 'q'):
		pop_pen(term);
		break;
	case SEQUENCE(0, ' ', 'q'):
		if (terminal_param(term, 0) <= 6) {
			term->cursor_style = (uint8_t)terminal_param(term, 0);
			term->touched_others |= TOUCHED_CURSOR;
			term->flags &= ~(1ull << FLAG_BLINK);
			term->flags |= (uint64_t)(term->cursor_style % 2) << FLAG_BLINK;
		}
		break;
	case SEQUENCE(0, '!', 'p'):
		terminal_soft_reset(term);
		break;
	case SEQUENCE(0, '"', 'p'):
		set_level(term);
		break;
	case SEQUENCE(0, '"', 'q'):
		term->protection = PROTECTION_DEC;
		term->touched_others |= TOUCHED_PROTECTION;
		if (terminal_param(term, 0) <= 2)
			term->pen.is_protected = terminal_param(term, 0) == 1;
		terminal_pen_changed(term);
		break;
	default:
		return false;
	}
	return true;
}

/* What keys send: modifyOtherKeys of xterm, and kitty's protocol. */
static bool key_modes(struct terminal *term, int sequence)
{
	bool alternate = terminal_alternate(term);

	switch (sequence) {
	case SEQUENCE('>', 0, 'm'): case SEQUENCE('>', 0, 'n'):
		term->touched_others |= TOUCHED_OTHER_KEYS;
		if (terminal_param(term, 0) == 4 || terminal_param(term, 0) == 0)
			input_other_keys(&term->modes, terminal_param(term, 0) && (sequence & 0xff) == 'm' ? terminal_param(term, 1) : 0);
		break;
	case SEQUENCE('>', 0, 'f'):
		if (terminal_param(term, 0) == 4 || terminal_param(term, 0) == 0)
			input_other_keys_format(&term->modes, terminal_param(term, 0) ? terminal_param(term, 1) : 0);
		break;
	case SEQUENCE('?', 0, 'm'):
		if (terminal_param(term, 0) == 4)
			terminal_reply(term, '[', ">4;%dm", term->modes.other_keys);
		break;
	case SEQUENCE('>', 0, 'u'):
		term->touched_others |= TOUCHED_KITTY;
		input_kitty_push(&term->modes, alternate, (unsigned)terminal_param(term, 0));
		break;
	case SEQUENCE('<', 0, 'u'):
		term->touched_others |= TOUCHED_KITTY;
		input_kitty_pop(&term->modes, alternate, (unsigned)terminal_param(term, 0));
		break;
	case SEQUENCE('=', 0, 'u'):
		term->touched_others |= TOUCHED_KITTY;
		input_kitty_set(&term->modes, alternate, (unsigned)terminal_param(term, 0), (unsigned)terminal_param(term, 1));
		break;
	case SEQUENCE('?', 0, 'u'):
		terminal_reply(term, '[', "?%uu", input_kitty_flags(&term->modes, alternate));
		break;
	default:
		return false;
	}
	return true;
}

static void reports(struct terminal *term, int sequence)
{
	switch (sequence) {
	case 'c': case SEQUENCE('>', 0, 'c'): case SEQUENCE('=', 0, 'c'): case SEQUENCE('>', 0, 'q'):
		terminal_device_attributes(term);
		break;
	case 'n': case SEQUENCE('?', 0, 'n'):
		terminal_status(term);
		break;
	case 't':
		terminal_window(term);
		break;
	case 'x':
		if (terminal_param(term, 0) <= 1)
			terminal_reply(term, '[', "%d;1;1;128;128;1;0x", terminal_param(term, 0) + 2);
		break;
	case SEQUENCE(0, '$', 'p'): case SEQUENCE('?', '$', 'p'):
		if (term->level >= 3)
			terminal_report_mode(term, sequence >> 16);
		break;
	default:
		break;
	}
}

/* Apart, so that the common sequences need not save the registers of all others. */
static __attribute__((noinline)) void rare(struct terminal *term, int sequence)
{
	if (sequence <= 0xff && (edits(term, sequence) || modes(term, sequence)))
		return;
	if (!other_edits(term, sequence) && !other_modes(term, sequence) && !key_modes(term, sequence) &&
	    !terminal_rectangle(term))
		reports(term, sequence);
}

void terminal_csi(struct terminal *term)
{
	const struct scan *scan = &term->scan;
	int sequence = SEQUENCE(scan->prefix, scan->intermediate[0], scan->final);

	if (sequence == 'm') {
		terminal_pen_changed(term);
		terminal_sgr(scan, &term->pen);
	} else if (scan->intermediate[1] || scan->sub) {
		return;		/* nothing else has sub-parameters */
	} else if (sequence == 'K') {
		erase_line(term, false);
	} else if (sequence > 0xff || !moves(term, sequence)) {
		rare(term, sequence);
	}
}
