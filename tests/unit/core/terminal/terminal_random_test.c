/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"
#include "fake/twins.h"

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
		"\xc3\xa9", "\xe2\x94\x80", "\xc2\xb5", "\xd0\xb6", "\xe2\x82\xac", "\xe6\xbc\xa2", "\xcc\x81", "\xf0\x9f\xa5\xb0",
		"\xe2\x94", "\xa3", "\xf0\x9f", "\xc2\x85", "x", " ",
	};
	size_t len = 0;

	for (unsigned i = 1 + draw(random, 14); i > 0; i--)
		len += (size_t)(ascii ? sprintf(out + len, "%c", 0x20 + draw(random, 0x5f))
		                      : sprintf(out + len, "%s", others[draw(random, sizeof(others) / sizeof(others[0]))]));
	return len;
}

static size_t mode_piece(struct random *random, char *out)
{
	static const int modes[] = {
		1, 3, 5, 6, 7, 12, 25, 40, 41, 42, 45, 47, 69, 95, 1000, 1002, 1004, 1006, 1045, 1047, 1048, 1049, 2004, 2026, 35, 66,
	};
	int mode = modes[draw(random, sizeof(modes) / sizeof(modes[0]))];

	if (draw(random, 6) == 0)
		return (size_t)sprintf(out, "\033[%u%c", draw(random, 21), "hl"[draw(random, 2)]);
	return (size_t)sprintf(out, "\033[?%d%c", mode, "hhllsr"[draw(random, 6)]);
}

static size_t sgr_piece(struct random *random, char *out)
{
	static const char *const forms[] = {
		"0", "1", "4:3", "4", "7", "21", "24", "53", "58:2::1:2:3", "59", "38;5;99", "48;2;7;8;9", "38:2:1:2:3", "39;49", "33;44", "95",
	};
	size_t len = (size_t)sprintf(out, "\033[");

	for (unsigned i = 1 + draw(random, 4); i > 0; i--)
		len += (size_t)sprintf(out + len, "%s%s", forms[draw(random, sizeof(forms) / sizeof(forms[0]))], i > 1 ? ";" : "m");
	return len;
}

static size_t string_piece(struct random *random, char *out)
{
	static const char *const strings[] = {
		"]0;title \xc3\xa9", "]2;other", "]8;id=a;http://a", "]8;;http://b", "]8;;", "]4;1;rgb:12/34/56;7;?", "]104;1", "]10;#123;?",
		"]P1aabbcc", "P$qm", "P$qr", "P+q436f;544e", "_x", "^y", "Xz",
	};
	static const char *const ends[] = { "\033\\", "\a", "\xc2\x9c", "\x18", "\033[m" };

	return (size_t)sprintf(out, "\033%s%s", strings[draw(random, sizeof(strings) / sizeof(strings[0]))], ends[draw(random, 5)]);
}

static size_t sequence_piece(struct random *random, char *out)
{
	static const char finals[] = "ABCDEFGHJKLMPSTXZI@`adefjkbgu";
	static const char *const others[] = { " @", " A", "'}", "'~", "#{", "#}", "\"q", "!p", " q", "$r", "$t", "$v", "$x", "$z", "${", "*x" };

	switch (draw(random, 4)) {
	case 0:
		return (size_t)sprintf(out, "\033[%u;%u%c", draw(random, 12), draw(random, 24), "Hfrs"[draw(random, 4)]);
	case 1:
		return (size_t)sprintf(out, "\033[%u;%u;%u;%u;%u%s", draw(random, 9), draw(random, 9), draw(random, 9), draw(random, 9),
		                       draw(random, 9), others[draw(random, sizeof(others) / sizeof(others[0]))]);
	case 2:
		return (size_t)sprintf(out, "\033[?%u%c", draw(random, 3), "JK"[draw(random, 2)]);
	default:
		return (size_t)sprintf(out, "\033[%u%c", draw(random, 3), finals[draw(random, sizeof(finals) - 1)]);
	}
}

static size_t piece(struct random *random, char *out)
{
	static const char *const plain[] = {
		"\r", "\n", "\r\n", "\b", "\t", "\a", "\0337", "\0338", "\033D", "\033E", "\033M", "\033H", "\033#8", "\033V", "\033W",
		"\033(0", "\033(B", "\033)0", "\033*A", "\033-A", "\033+>", "\x0e", "\x0f", "\033n", "\033o", "\033~", "\033}", "\033N",
		"\033O", "\033[r", "\033[3g", "\033[!x", "\0336", "\0339", "\033[1;2:3H", "\033[1\n2m", "\033[6n",
	};

	switch (draw(random, 8)) {
	case 0:
		return (size_t)sprintf(out, "%s", plain[draw(random, sizeof(plain) / sizeof(plain[0]))]);
	case 1:
		return mode_piece(random, out);
	case 2:
		return sgr_piece(random, out);
	case 3:
		return string_piece(random, out);
	case 4: case 5:
		return sequence_piece(random, out);
	default:
		return text_piece(random, out, draw(random, 3) > 0);
	}
}

/* Not only the cells: modes, pens, what is saved, what was answered, and the sequence that was not complete. */
static void random_input_in_random_pieces_gives_the_same_terminal(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		int rows = 2 + (int)draw(&random, 10), columns = 2 + (int)draw(&random, 22);
		size_t scrollback = draw(&random, 4), len = 0;
		struct twin whole, pieces;
		char input[8192], *what;

		twin_open(&whole, rows, columns, scrollback);
		twin_open(&pieces, rows, columns, scrollback);
		for (int i = 0; i < 120; i++)
			len += piece(&random, input + len);
		len -= draw(&random, 3);
		terminal_write(whole.term, input, len);
		for (size_t at = 0, step; at < len; at += step) {
			step = 1 + draw(&random, draw(&random, 2) ? 3 : 200);
			if (step > len - at)
				step = len - at;
			terminal_write(pieces.term, input + at, step);
		}
		what = twins_differ(&whole, &pieces);
		if (what)
			fail_msg("seed %llu: %s", (unsigned long long)seed, what);
		twin_close(&whole);
		twin_close(&pieces);
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
		cmocka_unit_test(random_input_in_random_pieces_gives_the_same_terminal),
		cmocka_unit_test(noise_and_resizes_never_leave_the_screen),
	};

	return cmocka_run_group_tests_name("terminal, at random", tests, NULL, NULL);
}
