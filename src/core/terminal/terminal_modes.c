/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include "core/base/str.h"

#include <assert.h>

struct mode_row {
	uint16_t number;
	uint8_t flag;		/* FLAG_OTHERS: remembered, but without an effect here */
	bool on;		/* after a reset */
};

static const struct mode_row ansi_modes[] = {
	{ 2, FLAG_KEYBOARD_LOCK, false }, { 4, FLAG_INSERT, false }, { 12, FLAG_ECHO, true }, { 20, FLAG_NEWLINE, false },
};

static const struct mode_row private_modes[] = {
	/* Without a meaning in a pane; programs save and restore them. At the beginning: the row is their bit. */
	{ 4, FLAG_OTHERS, false }, { 8, FLAG_OTHERS, true }, { 18, FLAG_OTHERS, false }, { 19, FLAG_OTHERS, false },
	{ 30, FLAG_OTHERS, false }, { 35, FLAG_OTHERS, true }, { 44, FLAG_OTHERS, false }, { 1010, FLAG_OTHERS, false },
	{ 1011, FLAG_OTHERS, false }, { 1034, FLAG_OTHERS, false }, { 1035, FLAG_OTHERS, true },
	{ 1036, FLAG_OTHERS, true }, { 1037, FLAG_OTHERS, false }, { 1039, FLAG_OTHERS, true },
	{ 1040, FLAG_OTHERS, false }, { 1041, FLAG_OTHERS, false }, { 1042, FLAG_OTHERS, false },
	{ 1043, FLAG_OTHERS, false }, { 1046, FLAG_OTHERS, true },
	{ 3, FLAG_132, false }, { 5, FLAG_REVERSE_VIDEO, false }, { 6, FLAG_ORIGIN, false }, { 7, FLAG_AUTOWRAP, true },
	{ 12, FLAG_BLINK, false }, { 25, FLAG_CURSOR, true }, { 40, FLAG_ALLOW_132, false }, { 42, FLAG_NATIONAL, false },
	{ 45, FLAG_REVERSE_WRAP, false }, { 1045, FLAG_REVERSE_WRAP_FAR, false }, { 69, FLAG_MARGINS, false },
	{ 95, FLAG_KEEP_ON_132, false }, { 2026, FLAG_SYNCHRONIZED, false },
	{ 41, FLAG_MORE_FIX, false },
	{ 47, FLAG_INPUT, false }, { 1047, FLAG_INPUT, false }, { 1049, FLAG_INPUT, false },
	/* What input_modes keeps. */
	{ 1, FLAG_INPUT, false }, { 9, FLAG_INPUT, false }, { 66, FLAG_INPUT, false }, { 67, FLAG_INPUT, false },
	{ 1000, FLAG_INPUT, false }, { 1002, FLAG_INPUT, false }, { 1003, FLAG_INPUT, false }, { 1004, FLAG_INPUT, false },
	{ 1005, FLAG_INPUT, false }, { 1006, FLAG_INPUT, false }, { 1007, FLAG_INPUT, false }, { 1015, FLAG_INPUT, false },
	{ 1016, FLAG_INPUT, false }, { 2004, FLAG_INPUT, false },
};

#define OTHERS 19			/* rows with FLAG_OTHERS */
#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

static_assert(ROWS(private_modes) <= 64 && FLAG_OTHERS + OTHERS <= 64, "each mode has a bit");

static int row_of(const struct mode_row *table, int rows, int mode)
{
	int i = 0;

	while (i < rows && table[i].number != mode)
		i++;
	return i;
}

static uint64_t bit_of(const struct mode_row *table, int row)
{
	return 1ull << (table[row].flag == FLAG_OTHERS ? FLAG_OTHERS + row : table[row].flag);
}

static bool is_on(const struct terminal *term, int row)
{
	if (private_modes[row].flag == FLAG_INPUT)
		return input_mode_get(&term->modes, private_modes[row].number) == INPUT_MODE_SET;
	return term->flags & bit_of(private_modes, row);
}

static void put_bit(struct terminal *term, uint64_t bit, bool on)
{
	term->flags = on ? term->flags | bit : term->flags & ~bit;
}

static void show_alternate(struct terminal *term, bool on)
{
	struct grid *grid = on ? &term->cells.alternate : &term->cells.primary;

	if (term->cells.grid == grid)
		return;
	term->cells.grid = grid;
	surface_touch_all(&term->cells);
}

static void erase_screen(struct terminal *term)
{
	terminal_erase(term, (struct grid_rect){ 0, term->cells.grid->rows, 0, term->cells.grid->columns }, false);
	term->wrap = false;
}

/* 1049 saves the cursor and begins with a blank screen; 1047 leaves a blank one behind. */
static void alternate_mode(struct terminal *term, int mode, bool on)
{
	bool was = term->cells.grid == &term->cells.alternate;

	if (on && mode == 1049)
		terminal_save_cursor(term);
	if (!on && mode == 1047 && was)
		erase_screen(term);
	show_alternate(term, on);
	if (on && mode == 1049)
		erase_screen(term);
	if (!on && mode == 1049)
		terminal_restore_cursor(term);
}

/* DECCOLM. The pane keeps its width, but programs rely on the rest. */
static void column_mode(struct terminal *term)
{
	if (!terminal_has(term, FLAG_KEEP_ON_132))
		erase_screen(term);
	terminal_reset_margins(term);
	terminal_move(term, 0, 0);
}

void terminal_set_mode(struct terminal *term, int mode, bool on)
{
	int row = row_of(private_modes, ROWS(private_modes), mode);

	if (mode == 1048) {
		if (on)
			terminal_save_cursor(term);
		else
			terminal_restore_cursor(term);
	}
	if (row == ROWS(private_modes) || (mode == 3 && !terminal_has(term, FLAG_ALLOW_132)) ||
	    (mode == 69 && term->level < 4) || (mode == 95 && term->level < 5))
		return;
	term->touched |= 1ull << row;
	if (private_modes[row].flag == FLAG_INPUT)
		input_mode(&term->modes, mode, on);
	else
		put_bit(term, bit_of(private_modes, row), on);
	switch (mode) {
	case 3:
		column_mode(term);
		break;
	case 5:
		if (term->cells.reversed != on) {
			term->cells.reversed = on;
			surface_touch_all(&term->cells);
		}
		break;
	case 6:
		terminal_move(term, 0, 0);
		break;
	case 42:
		terminal_sets_changed(term);
		break;
	case 47: case 1047: case 1049:
		alternate_mode(term, mode, on);
		break;
	case 69:
		term->left = 0;
		term->right = term->cells.grid->columns - 1;
		break;
	default:
		break;
	}
}

void terminal_set_modes(struct terminal *term, bool private, bool on)
{
	for (int i = 0; i < term->scan.param_count; i++) {
		int mode = (int)term->scan.param[i], row = row_of(ansi_modes, ROWS(ansi_modes), mode);

		if (private)
			terminal_set_mode(term, mode, on);
		else if (row < ROWS(ansi_modes))
			put_bit(term, bit_of(ansi_modes, row), on);
		if (!private && (mode == 4 || mode == 20))
			term->touched_others |= mode == 4 ? TOUCHED_INSERT : TOUCHED_NEWLINE;
	}
}

/* XTSAVE and XTRESTORE. */
void terminal_store_modes(struct terminal *term, bool restore)
{
	for (int i = 0; i < term->scan.param_count; i++) {
		int mode = (int)term->scan.param[i], row = row_of(private_modes, ROWS(private_modes), mode);
		uint64_t bit = 1ull << row;

		if (mode == 1048)
			terminal_set_mode(term, mode, !restore);
		else if (row == ROWS(private_modes))
			continue;
		else if (restore)
			terminal_set_mode(term, mode, (term->stored & bit) != 0);
		else
			term->stored = (term->stored & ~bit) | (is_on(term, row) ? bit : 0);
	}
}

/* DECRQM: 1 set, 2 reset, 4 always reset, 0 not known. */
void terminal_report_mode(struct terminal *term, bool private)
{
	const struct mode_row *table = private ? private_modes : ansi_modes;
	int rows = private ? ROWS(private_modes) : ROWS(ansi_modes);
	int mode = (int)term->scan.param[0], row = row_of(table, rows, mode), state = 0;

	if (row < rows)
		state = (private ? is_on(term, row) : (term->flags & bit_of(table, row)) != 0) ? 1 : 2;
	else if (!private && ((mode >= 1 && mode <= 19) || mode == 21 || mode == 22))
		state = 4;
	terminal_reply(term, '[', "%s%d;%d$y", private ? "?" : "", mode, state);
}

/* All modes but the current screen. */
void terminal_reset_modes(struct terminal *term)
{
	term->flags = 0;
	for (int i = 0; i < ROWS(ansi_modes); i++)
		put_bit(term, bit_of(ansi_modes, i), ansi_modes[i].on);
	for (int i = 0; i < ROWS(private_modes); i++)
		if (private_modes[i].on)
			put_bit(term, bit_of(private_modes, i), true);
	input_reset(&term->modes);
	term->stored = 0;
	for (int i = 0; i < ROWS(private_modes); i++)
		term->stored |= (uint64_t)is_on(term, i) << i;
}

/* Writes the modes that differ from those after a reset; not which screen is shown, nor DECCOLM, which erases it. */
void terminal_write_modes(const struct terminal *term, struct str *out)
{
	for (int i = 0; i < ROWS(ansi_modes); i++) {
		bool on = term->flags & bit_of(ansi_modes, i);

		if (on != ansi_modes[i].on)
			str_addf(out, "\033[%d%c", ansi_modes[i].number, on ? 'h' : 'l');
	}
	for (int i = 0; i < ROWS(private_modes); i++) {
		int mode = private_modes[i].number;
		bool on = is_on(term, i);

		/* DECPAM is known to more terminals than mode 66. */
		if (mode == 66 && on)
			str_adds(out, "\033=");
		else if (on != private_modes[i].on && mode != 3 && mode != 47 && mode != 1047 && mode != 1049)
			str_addf(out, "\033[?%d%c", mode, on ? 'h' : 'l');
	}
}

/* What XTSAVE has stored, as far as it differs from the modes after a reset, which are the current ones here. */
void terminal_write_stored_modes(const struct terminal *term, struct str *out)
{
	for (int i = 0; i < ROWS(private_modes); i++) {
		int mode = private_modes[i].number;
		bool on = term->stored >> i & 1, usual = private_modes[i].on;

		if (on == usual)
			continue;
		if (mode == 3)
			str_adds(out, "\033[?40h");
		str_addf(out, "\033[?%d%c\033[?%ds\033[?%d%c", mode, on ? 'h' : 'l', mode, mode, usual ? 'h' : 'l');
		if (mode == 3)
			str_adds(out, "\033[?40l");
	}
}

void terminal_write_column_mode(const struct terminal *term, struct str *out)
{
	bool allowed = terminal_has(term, FLAG_ALLOW_132), keeps = terminal_has(term, FLAG_KEEP_ON_132);

	if (allowed || terminal_has(term, FLAG_132))
		str_adds(out, "\033[?40h");
	if (keeps)
		str_adds(out, "\033[?95h");
	if (terminal_has(term, FLAG_132))
		str_addf(out, "\033[?3h%s", allowed ? "" : "\033[?40l");
}

static bool was_touched(const struct terminal *term, int mode)
{
	return term->touched >> row_of(private_modes, ROWS(private_modes), mode) & 1;
}

bool terminal_may_report(const struct terminal *term)
{
	static const int modes[] = { 9, 1000, 1002, 1003, 1004 };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (was_touched(term, modes[i]))
			return true;
	return false;
}

/* Resets the margins without moving the cursor if possible; in origin mode, it can only go to the bottom. */
static void leave_margins(const struct terminal *term, struct str *out)
{
	const char *sides = was_touched(term, 69) ? "\033[?69l" : "";
	/* Leaving the alternate screen may have brought it back with the cursor. */
	bool restored = terminal_alternate(term) && term->saved[0].origin;

	if (terminal_has(term, FLAG_ORIGIN) || restored)
		str_addf(out, "%s\033[?6l\033[r\033[999;1H", sides);
	else if (*sides || (term->touched_others & TOUCHED_MARGINS))
		str_addf(out, "\0337%s\033[r\0338", sides);
}

void terminal_leave(const struct terminal *term, struct str *out)
{
	static const struct { uint16_t touched; char text[8]; } others[] = {
		{ TOUCHED_G0, "\033(B" }, { TOUCHED_G1, "\033)B" }, { TOUCHED_G2, "\033*B" }, { TOUCHED_G3, "\033+B" },
		{ TOUCHED_INSERT, "\033[4l" }, { TOUCHED_NEWLINE, "\033[20l" }, { TOUCHED_PROTECTION, "\033[0\"q" },
		{ TOUCHED_OTHER_KEYS, "\033[>4m" },
	};
	const char *kitty = term->touched_others & TOUCHED_KITTY ? KITTY_PLAIN : "";

	/* Leaving it without having entered it would move the cursor. Each screen has its own keys. */
	if (terminal_alternate(term))
		str_addf(out, "%s\033[?1049l", kitty);
	str_adds(out, kitty);
	leave_margins(term, out);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (term->touched_others & others[i].touched)
			str_adds(out, others[i].text);
	for (int i = 0; i < ROWS(private_modes); i++) {
		int mode = private_modes[i].number;

		if (!(term->touched >> i & 1) || mode == 47 || mode == 1047 || mode == 1049 || mode == 6 || mode == 69 || mode == 12)
			continue;
		if (mode == 66)
			str_adds(out, "\033>");
		else
			str_addf(out, "\033[?%d%c", mode, private_modes[i].on ? 'h' : 'l');
	}
	if ((term->touched_others & TOUCHED_CURSOR) || was_touched(term, 12))
		str_adds(out, "\033[0 q");
	str_adds(out, "\033[0m\017");
}
