/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define ROWS 24
#define COLUMNS 80

static char answer[64];

static void on_answer(void *data, const void *bytes, size_t len)
{
	(void)data;
	snprintf(answer, sizeof(answer), "%.*s", (int)len, (const char *)bytes);
}

static const struct terminal_events events = { .answer = on_answer };

static struct terminal *new_terminal(void)
{
	struct terminal *term = terminal_new(ROWS, COLUMNS, 0, &events, NULL);

	terminal_answers(term, true);
	return term;
}

static void feed(struct terminal *term, const char *text)
{
	terminal_write(term, text, strlen(text));
}

static struct cell cell_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell;
}

static uint64_t newest(const struct terminal *term)
{
	uint64_t most = 0;

	for (int i = 0; i < ROWS; i++)
		if (terminal_row_version(term, i) > most)
			most = terminal_row_version(term, i);
	return most;
}

/* A few bytes can make the guest's whole screen change, again and again; versions count how often a row is opened. */
static void rows_are_changed_as_a_whole(void **state)
{
	static const char *const changes[] = {
		"\033#8", "\033[88$x", "\033[$z", "\033[${", "\033[1\"q\033[$z\033[${", "\033[;;;;1$r", "\033[2*x\033[;;;;7$t", "x\033[65535b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct terminal *term = new_terminal();
		uint64_t before;

		feed(term, "\033#8");
		before = newest(term);
		feed(term, changes[i]);
		assert_in_range(newest(term) - before, ROWS, 6 * ROWS);
		terminal_free(term);
	}
}

static void attributes_change_with_any_pen(void **state)
{
	struct terminal *term = new_terminal();

	(void)state;
	feed(term, "a\033[31;4mb\033[38;2;1;2;3;4:3mc\033[mde\033[2*x\033[1;1;1;6;1;24$r");
	for (int i = 0; i < 6; i++) {
		assert_int_equal(cell_at(term, 0, i).attributes, CELL_BOLD);
		assert_int_equal(cell_at(term, 0, i).underline, UNDERLINE_NONE);
	}
	assert_int_equal(cell_at(term, 0, 1).foreground, 1);
	assert_int_equal(cell_at(term, 0, 2).foreground, TERMINAL_RGB | 0x010203);
	assert_int_equal(cell_at(term, 0, 5).text[0], ' ');
	assert_int_equal(cell_at(term, 0, 6).attributes, 0);
	feed(term, "\033[1;2;1;4;0;4$t");
	assert_int_equal(cell_at(term, 0, 2).attributes, CELL_BLINK | CELL_REVERSE | CELL_CONCEAL);
	assert_int_equal(cell_at(term, 0, 1).foreground, 1);
	feed(term, "\033[1;1;1;6;4;0;8$r");
	assert_int_equal(cell_at(term, 0, 0).attributes, CELL_CONCEAL);
	terminal_free(term);
}

static void attributes_of_wide_characters_change_as_one(void **state)
{
	struct terminal *term = new_terminal();

	(void)state;
	feed(term, "a\xe6\xbc\xa2" "b\033[2*x\033[1;1;1;2;7$r");
	assert_int_equal(cell_at(term, 0, 1).attributes, CELL_REVERSE | CELL_WIDE);
	assert_int_equal(cell_at(term, 0, 2).attributes, CELL_REVERSE);
	assert_int_equal(cell_at(term, 0, 3).attributes, 0);
	feed(term, "\033[1;3;1;3;1$r");
	assert_int_equal(cell_at(term, 0, 1).attributes, CELL_REVERSE | CELL_WIDE);
	terminal_free(term);
}

static void streams_of_characters_leave_blanks_alone(void **state)
{
	struct terminal *term = new_terminal();

	(void)state;
	feed(term, "ab\033[4Gc\r\ndef\033[1;2;2;2;1$r");
	assert_int_equal(cell_at(term, 0, 0).attributes, 0);
	assert_int_equal(cell_at(term, 0, 1).attributes, CELL_BOLD);
	assert_int_equal(cell_at(term, 0, 2).attributes, 0);
	assert_int_equal(cell_at(term, 0, 3).attributes, CELL_BOLD);
	assert_int_equal(cell_at(term, 0, 4).attributes, 0);
	assert_int_equal(cell_at(term, 1, 0).attributes, CELL_BOLD);
	assert_int_equal(cell_at(term, 1, 1).attributes, CELL_BOLD);
	assert_int_equal(cell_at(term, 1, 2).attributes, 0);
	terminal_free(term);
}

static void selective_erasing_spares_protected_cells(void **state)
{
	struct terminal *term = new_terminal();
	char text[100];

	(void)state;
	feed(term, "ab\033[1\"qcd\033[38;2;1;2;3me\033[0\"qf\xe6\xbc\xa2" "g\033[1;1;1;8${");
	terminal_row_text(term, 0, text, sizeof(text));
	assert_string_equal(text, "  cde   g");
	feed(term, "\033[1;4;1;9$z");
	terminal_row_text(term, 0, text, sizeof(text));
	assert_string_equal(text, "  c");
	terminal_free(term);
}

static void assert_sum(struct terminal *term, const char *what, unsigned sum)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "\033P1!~%04X\033\\", sum & 0xffff);
	feed(term, what);
	assert_string_equal(answer, expected);
}

/* The first cell counts in any case, other plain blanks only if asked for. */
static void checksums_are_of_characters_and_attributes(void **state)
{
	struct terminal *term = new_terminal();

	(void)state;
	feed(term, " a\033[1mb\033[38;2;1;2;3;7mc\033[m d\r\n\033[44me\033[m");
	assert_sum(term, "\033[1;1;1;1;1;8*y", -(unsigned)(' ' + 'a' + 'b' + 0x80 + 'c' + 0xa0 + 'd'));
	assert_sum(term, "\033[1#y\033[1;1;1;1;2;8*y", ' ' + 'a' + 'b' + 0x80 + 'c' + 0xa0 + 'd' + 'e');
	assert_sum(term, "\033[5#y\033[1;1;1;1;1;8*y", 4 * ' ' + 'a' + 'b' + 0x80 + 'c' + 0xa0 + 'd');
	assert_sum(term, "\033[7#y\033[1;1;1;1;1;8*y", 4 * ' ' + 'a' + 'b' + 'c' + 'd');
	assert_sum(term, "\033[1#y\033[1;1;3;1;4;8*y", ' ');
	assert_sum(term, "\033[5#y\033[1;1;3;1;4;8*y", 16 * ' ');
	terminal_free(term);
}

/* Otherwise 4 KiB would take a second, and the keeper does nothing else meanwhile. */
static void rectangles_of_a_huge_screen_are_worked_on_in_proportion_to_what_is_written(void **state)
{
	struct terminal *term = terminal_new(500, 1000, 0, &events, NULL);
	int answered = 0;

	(void)state;
	terminal_answers(term, true);
	feed(term, "\033[1#yx");
	for (int i = 0; i < 1000; i++) {
		feed(term, "\033[1*y");
		answered += strcmp(answer, "\033P1!~0000\033\\") != 0;
	}
	assert_in_range(answered, 8, 18);
	/* Right after the last one that was worked on. */
	do
		feed(term, "\033[1*y");
	while (strcmp(answer, "\033P1!~0000\033\\") == 0);
	feed(term, "\033[2*x\033[1;1;500;1000;7$r");
	assert_int_equal(cell_at(term, 0, 0).attributes, 0);
	for (int i = 0; i < 4000; i++)
		feed(term, "\033[mx\r");
	assert_sum(term, "\033[1;1;1;1;500;1000*y", 2 * 'x');
	feed(term, "\033[1;1;500;1000;7$r");
	assert_int_equal(cell_at(term, 0, 0).attributes, CELL_REVERSE);
	terminal_free(term);
}

/* Rows between the first and the last count as a whole. */
static void a_stream_of_characters_is_work_for_all_its_rows(void **state)
{
	struct terminal *term = terminal_new(500, 1000, 0, &events, NULL);
	int changes = 0;

	(void)state;
	feed(term, "x");
	for (int i = 0, before = 0; i < 1000; i++, before = cell_at(term, 0, 0).attributes) {
		feed(term, "\033[;1;;1;7$t");
		changes += i > 0 && cell_at(term, 0, 0).attributes != before;
	}
	assert_in_range(changes, 5, 40);
	terminal_free(term);
}

static void no_rectangle_of_an_ordinary_screen_is_too_much(void **state)
{
	struct terminal *term = new_terminal();

	(void)state;
	feed(term, "\033[1#yx");
	for (int i = 0; i < 10000; i++)
		assert_sum(term, "\033[1*y", 'x');
	terminal_free(term);
}

static void repeated_characters_wrap_and_stay_whole(void **state)
{
	struct terminal *term = new_terminal();
	char text[400];

	(void)state;
	feed(term, "-\xe6\xbc\xa2\033[40b.\033[2b");
	assert_int_equal(cell_at(term, 0, 77).attributes, CELL_WIDE);
	assert_int_equal(cell_at(term, 0, 79).text[0], 0);
	terminal_row_text(term, 1, text, sizeof(text));
	assert_string_equal(text, "\xe6\xbc\xa2\xe6\xbc\xa2...");
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_changed_as_a_whole),
		cmocka_unit_test(attributes_change_with_any_pen),
		cmocka_unit_test(attributes_of_wide_characters_change_as_one),
		cmocka_unit_test(streams_of_characters_leave_blanks_alone),
		cmocka_unit_test(selective_erasing_spares_protected_cells),
		cmocka_unit_test(checksums_are_of_characters_and_attributes),
		cmocka_unit_test(rectangles_of_a_huge_screen_are_worked_on_in_proportion_to_what_is_written),
		cmocka_unit_test(a_stream_of_characters_is_work_for_all_its_rows),
		cmocka_unit_test(no_rectangle_of_an_ordinary_screen_is_too_much),
		cmocka_unit_test(repeated_characters_wrap_and_stay_whole),
	};

	return cmocka_run_group_tests_name("terminal, rectangles", tests, NULL, NULL);
}
