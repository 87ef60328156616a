/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct terminal_events nobody = { .bell = NULL };

static struct cell cell_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell;
}

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
	static const char *const others[] = {
		"\xc3\xa9", "\xe2\x94\x80", "\xc2\xb5", "\xd0\xb6", "\xe2\x82\xac", "\xe4\xb8\xad", "\xcc\x81", "\xf0\x9f\x98\x80",
	};
	size_t len = 0;

	for (unsigned i = 1 + draw(random, 14); i > 0; i--)
		len += (size_t)(ascii ? sprintf(out + len, "%c", 0x20 + draw(random, 0x5f))
		                      : sprintf(out + len, "%s", others[draw(random, 8)]));
	return len;
}

static size_t piece(struct random *random, char *out)
{
	static const char *const plain[] = {
		"\r", "\n", "\r\n", "\b", "\t", "\a", "\0337", "\0338", "\033D", "\033E", "\033M", "\033H", "\033#8",
		"\033[?7h", "\033[?7l", "\033[?6h", "\033[?6l", "\033[4h", "\033[4l", "\033[20h", "\033[20l", "\033(0", "\033(B",
		"\033[?1049h", "\033[?1049l", "\033[?1047h", "\033[?1047l", "\033[r", "\033[m", "\033[0;1m", "\033[7;33m",
		"\033[38;5;99m", "\033[48;2;7;8;9m", "\033[1\"q", "\033[0\"q", "\033[3g", "\033[0g", "\033[!x", "\033[?25l",
		"\033[?25h", "\033)0", "\x0e", "\x0f", "\033[39;49m", "\033[?69h", "\033[?69l", "\033[2;7s", "\033[4;12s",
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

static void assert_same_screen(const struct terminal *a, const struct terminal *b, uint64_t seed)
{
	int row, column, shape, other_row, other_column, other_shape;

	terminal_cursor(a, &row, &column, &shape);
	terminal_cursor(b, &other_row, &other_column, &other_shape);
	if (row != other_row || column != other_column)
		fail_msg("seed %llu: cursor %d,%d, want %d,%d", (unsigned long long)seed, other_row, other_column, row, column);
	for (row = -(int)terminal_scrollback(a); row < terminal_rows(a); row++) {
		for (column = 0; column < terminal_columns(a); column++) {
			struct cell one = cell_at(a, row, column), two = cell_at(b, row, column);

			if (memcmp(&one, &two, sizeof(one)) != 0)
				fail_msg("seed %llu: cell %d,%d is U+%04x, want U+%04x", (unsigned long long)seed, row, column,
				         two.text[0], one.text[0]);
		}
	}
}

static void random_input_in_random_pieces_looks_as_in_one(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		int rows = 2 + (int)draw(&random, 10), columns = 2 + (int)draw(&random, 22);
		size_t scrollback = draw(&random, 4);
		struct terminal *whole = terminal_new(rows, columns, scrollback, &nobody, NULL);
		struct terminal *term = terminal_new(rows, columns, scrollback, &nobody, NULL);
		char input[8192];
		size_t len = 0;

		for (int i = 0; i < 120; i++)
			len += piece(&random, input + len);
		terminal_write(whole, input, len);
		for (size_t at = 0, step; at < len; at += step) {
			step = 1 + draw(&random, draw(&random, 2) ? 3 : 200);
			if (step > len - at)
				step = len - at;
			terminal_write(term, input + at, step);
		}
		assert_same_screen(whole, term, seed);
		terminal_free(term);
		terminal_free(whole);
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

/* For the sanitizers, and for what must always hold. */
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
		cmocka_unit_test(random_input_in_random_pieces_looks_as_in_one),
		cmocka_unit_test(noise_and_resizes_never_leave_the_screen),
	};

	return cmocka_run_group_tests_name("terminal, at random", tests, NULL, NULL);
}
