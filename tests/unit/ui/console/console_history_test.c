/* SPDX-License-Identifier: MIT */
#include "ui/console/console_history.h"

#include "core/base/str.h"
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define LINES 40

static const struct terminal_events nobody = { .bell = NULL };

/* A guest's output: a text, then numbered lines, then a prompt. */
static void write_output(struct terminal *term, const char *begin, const char *end)
{
	char line[32];

	terminal_write(term, begin, strlen(begin));
	for (int i = 0; i < LINES; i++) {
		int len = snprintf(line, sizeof(line), "line %d\r\n", i);

		terminal_write(term, line, (size_t)len);
	}
	terminal_write(term, end, strlen(end));
}

/* The keeper's screen of this size, as a client of another size gets it. */
static struct str screen_of(int rows, int columns, int client_rows, int client_columns, const char *end)
{
	struct terminal *term = terminal_new(rows, columns, 0, &nobody, NULL);
	struct str out;

	str_init(&out);
	write_output(term, "", end);
	terminal_resize(term, client_rows, client_columns);
	terminal_snapshot(term, &out);
	terminal_free(term);
	return out;
}

static void assert_row(const struct terminal *term, int row, const char *want)
{
	char text[100];

	terminal_row_text(term, row, text, sizeof(text));
	assert_string_equal(text, want);
}

/* Lines 0 to 39 and a prompt: each is there once, in order, whatever the sizes were. */
static void lines_above_the_screen_are_there_once(void **state)
{
	static const int sizes[][4] = {
		{ 24, 80, 24, 80 }, { 24, 80, 30, 90 }, { 24, 80, 60, 100 }, { 30, 90, 24, 80 }, { 10, 20, 24, 80 }, { 60, 80, 50, 80 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const int *size = sizes[i];
		struct str screen = screen_of(size[0], size[1], size[2], size[3], "$ ");
		struct terminal *term = terminal_new(size[2], size[3], 1000, &nobody, NULL);
		int row, column, shape;
		char want[32];

		write_output(term, "", "$ ");
		console_history_join(term, &screen);
		terminal_cursor(term, &row, &column, &shape);
		assert_int_equal(column, 2);
		assert_row(term, row, "$");
		for (int line = LINES - 1; line >= 0; line--) {
			snprintf(want, sizeof(want), "line %d", line);
			assert_row(term, row - (LINES - line), want);
		}
		assert_int_equal((int)terminal_scrollback(term) + row, LINES);
		terminal_free(term);
		str_finish(&screen);
	}
}

/* The screen is right in any case; what else the log says is kept above. */
static void a_log_that_does_not_lead_to_the_screen_is_kept_above_it(void **state)
{
	struct str screen = screen_of(24, 80, 24, 80, "another end");
	struct terminal *term = terminal_new(24, 80, 1000, &nobody, NULL);

	(void)state;
	write_output(term, "", "cut sho");
	console_history_join(term, &screen);
	assert_row(term, 23, "another end");
	assert_row(term, 0, "line 17");
	assert_row(term, -1, "cut sho");
	terminal_free(term);
	str_finish(&screen);
}

static void a_full_screen_program_leaves_the_history_alone(void **state)
{
	struct str screen = screen_of(24, 80, 24, 80, "\033[?1049h\033[Hedit");
	struct terminal *term = terminal_new(24, 80, 1000, &nobody, NULL);

	(void)state;
	write_output(term, "", "\033[?1049h\033[Hedit");
	console_history_join(term, &screen);
	assert_true(terminal_alternate(term));
	assert_row(term, 0, "edit");
	terminal_write(term, "\033[?1049l", 8);
	assert_row(term, 22, "line 39");
	assert_row(term, -1, "line 16");
	terminal_free(term);
	str_finish(&screen);
}

/* The keeper has lost the beginning of the first line in a narrow screen, so what is left of it has other rows. */
static void a_line_that_the_screen_begins_within_does_not_matter(void **state)
{
	static const char text[] = "a line of sixty columns that begins above the upper edge of it\r\none\r\ntwo\r\nthree\r\n$ ";
	struct terminal *keeper = terminal_new(5, 25, 0, &nobody, NULL), *term = terminal_new(10, 40, 1000, &nobody, NULL);
	struct str screen;

	(void)state;
	terminal_write(keeper, text, sizeof(text) - 1);
	terminal_resize(keeper, 10, 40);
	str_init(&screen);
	terminal_snapshot(keeper, &screen);
	write_output(term, "", text);
	console_history_join(term, &screen);
	assert_row(term, 0, "r edge of it");
	assert_row(term, 1, "one");
	assert_row(term, 4, "$");
	assert_row(term, -1, "e the upper edge of it");
	assert_row(term, -2, "a line of sixty columns that begins abov");
	assert_row(term, -3, "line 39");
	terminal_free(keeper);
	terminal_free(term);
	str_finish(&screen);
}

/* A space that has wrapped to a row of its own is gone once the line has been wrapped again. */
static void rows_of_the_screen_need_not_be_those_of_the_log(void **state)
{
	static const char text[] = "0123456789012345678901234567890123456789 \r\none\r\ntwo\r\n$ ";
	struct terminal *keeper = terminal_new(5, 30, 0, &nobody, NULL), *term = terminal_new(10, 40, 1000, &nobody, NULL);
	struct str screen;

	(void)state;
	write_output(keeper, "", text);
	terminal_resize(keeper, 10, 40);
	str_init(&screen);
	terminal_snapshot(keeper, &screen);
	write_output(term, "", text);
	console_history_join(term, &screen);
	assert_row(term, 0, "0123456789012345678901234567890123456789");
	assert_row(term, 1, "one");
	assert_row(term, 3, "$");
	assert_row(term, -1, "line 39");
	terminal_free(keeper);
	terminal_free(term);
	str_finish(&screen);
}

/* The screen that comes back after the program is below its history, in any size. */
static void history_is_kept_while_a_full_screen_program_runs(void **state)
{
	struct str screen = screen_of(24, 80, 40, 90, "\033[?1049h\033[Hedit");
	struct terminal *term = terminal_new(40, 90, 1000, &nobody, NULL);

	(void)state;
	write_output(term, "", "\033[?1049h\033[Hedit");
	console_history_join(term, &screen);
	assert_row(term, 0, "edit");
	terminal_write(term, "\033[?1049l", 8);
	for (int i = 0; i < LINES; i++) {
		char want[32];

		snprintf(want, sizeof(want), "line %d", i);
		assert_row(term, i - (int)terminal_scrollback(term), want);
	}
	terminal_free(term);
	str_finish(&screen);
}

static void the_first_switch_says_in_which_screen_a_log_begins(void **state)
{
	static const struct { const char *log, *since; bool after, want; } rows[] = {
		{ "text", "more", false, false }, { "text", "more", true, true },
		{ "\033[?1049l\033[?1049h", "", true, true }, { "\033[?25l\033[?1049h\033[?1049l", "", false, false },
		{ "x", "\033[?1049l", false, true }, { "x\033[?10", "49h", true, false }, { "\033[?47l", "", false, true },
		{ "\033[?25;1047h", "", true, false }, { "\033c", "", true, false }, { "\033[1049h", "", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str log, since;

		str_init(&log);
		str_init(&since);
		str_adds(&log, rows[i].log);
		str_adds(&since, rows[i].since);
		if (console_history_alternate(&log, &since, rows[i].after) != rows[i].want)
			fail_msg("row %zu", i);
		str_finish(&log);
		str_finish(&since);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_above_the_screen_are_there_once),
		cmocka_unit_test(a_log_that_does_not_lead_to_the_screen_is_kept_above_it),
		cmocka_unit_test(a_full_screen_program_leaves_the_history_alone),
		cmocka_unit_test(a_line_that_the_screen_begins_within_does_not_matter),
		cmocka_unit_test(rows_of_the_screen_need_not_be_those_of_the_log),
		cmocka_unit_test(history_is_kept_while_a_full_screen_program_runs),
		cmocka_unit_test(the_first_switch_says_in_which_screen_a_log_begins),
	};

	return cmocka_run_group_tests_name("history of a console", tests, NULL, NULL);
}
