/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <vterm.h>
#include <cmocka.h>

static const struct terminal_events nobody = { .bell = NULL };

static struct cell cell_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell;
}

/* Random input against libvterm's own screen layer. */

struct random {
	uint64_t state;
};

static unsigned draw(struct random *random, unsigned below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random->state >> 33) % below;
}

static size_t text_piece(struct random *random, char *out, bool ascii)
{
	static const char *const others[] = { "\xc3\xa9", "\xe2\x94\x80", "\xc2\xb5", "\xd0\xb6", "\xe2\x82\xac" };
	size_t len = 0;

	for (unsigned i = 1 + draw(random, 14); i > 0; i--)
		len += (size_t)(ascii ? sprintf(out + len, "%c", 0x20 + draw(random, 0x5f))
		                      : sprintf(out + len, "%s", others[draw(random, 5)]));
	return len;
}

/*
 * Sequences that both understand, and in which libvterm alone stays inside its
 * memory. No marks: one that comes in a later write than its letter in the last
 * column makes libvterm wrap the line.
 */
static size_t piece(struct random *random, char *out)
{
	static const char *const plain[] = {
		"\r", "\n", "\r\n", "\b", "\t", "\a", "\0337", "\0338", "\033D", "\033E", "\033M", "\033H", "\033#8",
		"\033[?7h", "\033[?7l", "\033[?6h", "\033[?6l", "\033[4h", "\033[4l", "\033[20h", "\033[20l", "\033(0", "\033(B",
		"\033[?1049h", "\033[?1049l", "\033[?1047h", "\033[?1047l", "\033[r", "\033[m", "\033[0;1m", "\033[7;33m",
		"\033[38;5;99m", "\033[48;2;7;8;9m", "\033[1\"q", "\033[0\"q", "\033[3g", "\033[0g", "\033[!x", "\033[?25l",
		"\033[?25h", "\033)0", "\x0e", "\x0f", "\033[39;49m",
	};
	static const char finals[] = "ABCDEFGHJKLMPSTXZI@`adefjk";

	switch (draw(random, 5)) {
	case 0:
		return (size_t)sprintf(out, "%s", plain[draw(random, sizeof(plain) / sizeof(plain[0]))]);
	case 1:
		return (size_t)sprintf(out, "\033[%u;%u%c", draw(random, 12), draw(random, 24), "Hfr"[draw(random, 3)]);
	case 2:
		if (draw(random, 4) == 0)
			return (size_t)sprintf(out, "\033[?%u%c", draw(random, 3), "JK"[draw(random, 2)]);
		return (size_t)sprintf(out, "\033[%u%c", draw(random, 3), finals[draw(random, sizeof(finals) - 1)]);
	default:
		return text_piece(random, out, draw(random, 3) > 0);
	}
}

struct oracle {
	VTerm *vterm;
	VTermScreen *screen;
};

static struct oracle oracle_new(int rows, int columns)
{
	struct oracle oracle = { .vterm = vterm_new(rows, columns) };

	vterm_set_utf8(oracle.vterm, 1);
	oracle.screen = vterm_obtain_screen(oracle.vterm);
	vterm_screen_enable_altscreen(oracle.screen, 1);
	vterm_screen_reset(oracle.screen, 1);
	vterm_input_write(oracle.vterm, "\0337", 2);
	return oracle;
}

static int oracle_colour(const VTermColor *colour)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
		return -1;
	if (VTERM_COLOR_IS_INDEXED(colour))
		return colour->indexed.idx;
	return TERMINAL_RGB | colour->rgb.red << 16 | colour->rgb.green << 8 | colour->rgb.blue;
}

static bool same_cell(const VTermScreenCell *theirs, const struct cell *ours)
{
	for (int i = 0; i < CELL_CHARS && (theirs->chars[i] || ours->text[i]); i++) {
		if (theirs->chars[i] != ours->text[i])
			return false;
	}
	if (!ours->text[0])	/* blank cells: theirs keep the whole pen, ours the background */
		return true;
	return oracle_colour(&theirs->fg) == ours->foreground && oracle_colour(&theirs->bg) == ours->background
	       && !theirs->attrs.bold == !(ours->attributes & CELL_BOLD)
	       && !theirs->attrs.reverse == !(ours->attributes & CELL_REVERSE);
}

static void assert_same_screen(const struct oracle *oracle, const struct terminal *term, uint64_t seed)
{
	int row, column, shape;
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(oracle->vterm), &pos);
	terminal_cursor(term, &row, &column, &shape);
	if (pos.row != row || pos.col != column)
		fail_msg("seed %llu: cursor %d,%d, want %d,%d", (unsigned long long)seed, row, column, pos.row, pos.col);
	for (pos.row = 0; pos.row < terminal_rows(term); pos.row++) {
		for (pos.col = 0; pos.col < terminal_columns(term); pos.col++) {
			struct cell cell = cell_at(term, pos.row, pos.col);
			VTermScreenCell theirs;

			vterm_screen_get_cell(oracle->screen, pos, &theirs);
			if (!same_cell(&theirs, &cell))
				fail_msg("seed %llu: cell %d,%d is U+%04x, want U+%04x", (unsigned long long)seed,
				         pos.row, pos.col, cell.text[0], theirs.chars[0]);
		}
	}
}

static void random_input_in_random_pieces_looks_as_in_libvterms_own_screen(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		int rows = 2 + (int)draw(&random, 10), columns = 2 + (int)draw(&random, 22);
		struct oracle oracle = oracle_new(rows, columns);
		struct terminal *term = terminal_new(rows, columns, draw(&random, 4), &nobody, NULL);
		char input[8192];
		size_t len = 0;

		for (int i = 0; i < 120; i++) {
			size_t got = piece(&random, input + len);

			vterm_input_write(oracle.vterm, input + len, got);
			len += got;
		}
		for (size_t at = 0, step; at < len; at += step) {
			step = 1 + draw(&random, draw(&random, 2) ? 3 : 200);
			if (step > len - at)
				step = len - at;
			terminal_write(term, input + at, step);
		}
		assert_same_screen(&oracle, term, seed);
		terminal_free(term);
		vterm_free(oracle.vterm);
	}
}

static size_t noise(struct random *random, char *out, size_t size)
{
	static const char alphabet[] = "\033\033\033[[[]?;:0123456789mhlHJKLMSTrbsuXPpq!$\"#()8790cDEMNOk\\\a\b\n\r\t\x18 aZ";
	size_t len = 0;

	while (len + 4 < size) {
		if (draw(random, 12) == 0)
			out[len++] = (char)draw(random, 256);
		else if (draw(random, 15) == 0)
			len += (size_t)sprintf(out + len, "%s", draw(random, 2) ? "\xe4\xb8\xad" : "\xcc\x81");
		else
			out[len++] = alphabet[draw(random, sizeof(alphabet) - 1)];
	}
	return len;
}

/* Nothing to compare with: this is for the sanitizers, and for what must always hold. */
static void noise_and_resizes_never_leave_the_screen(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct random random = { seed * 0x2545f4914f6cdd1du };
		struct terminal *term = terminal_new(5, 9, draw(&random, 5), &nobody, NULL);
		char input[512];

		for (int i = 0; i < 30; i++) {
			int row, column, shape;

			terminal_write(term, input, noise(&random, input, sizeof(input)));
			terminal_cursor(term, &row, &column, &shape);
			assert_in_range(row, 0, terminal_rows(term) - 1);
			assert_in_range(column, 0, terminal_columns(term) - 1);
			for (int r = -(int)terminal_scrollback(term) - 1; r <= terminal_rows(term); r++) {
				terminal_row_text(term, r, input, sizeof(input));
				cell_at(term, r, (int)draw(&random, 12) - 1);
			}
			if (draw(&random, 3) == 0)
				terminal_resize(term, 1 + (int)draw(&random, 12), 1 + (int)draw(&random, 30));
			if (draw(&random, 20) == 0)
				terminal_reset(term);
		}
		terminal_free(term);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_input_in_random_pieces_looks_as_in_libvterms_own_screen),
		cmocka_unit_test(noise_and_resizes_never_leave_the_screen),
	};

	return cmocka_run_group_tests_name("terminal, at random", tests, NULL, NULL);
}
