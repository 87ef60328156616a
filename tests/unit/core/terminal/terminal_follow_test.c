/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct terminal_events none = { .answer = NULL };

static void feed(struct terminal *term, const char *text)
{
	terminal_write(term, text, strlen(text));
}

static uint32_t character_at(const struct terminal *term, struct terminal_point at)
{
	struct cell cell;

	terminal_cell(term, (int)(at.line - (int64_t)terminal_lines(term)), at.column, &cell);
	return cell.text[0];
}

/* Points at characters that occur once, in the history and on the screen. */
static void points_follow_their_characters_through_any_sizes(void **state)
{
	static const struct { int rows, columns; } sizes[] = { { 5, 12 }, { 9, 33 }, { 4, 7 }, { 24, 80 }, { 3, 20 }, { 5, 12 } };
	struct terminal *term = terminal_new(5, 20, 1000, &none, NULL);
	struct terminal_point points[3] = { { 2, 5 }, { 7, 0 }, { 10, 19 } };

	(void)state;
	for (int i = 0; i < 5; i++)
		feed(term, "some text of a line that is wrapped\r\n");
	feed(term, "\033[0m\033[5;1Hend of everything  Q");
	terminal_follow(term, points, 3);
	uint32_t before[3] = { character_at(term, points[0]), character_at(term, points[1]), character_at(term, points[2]) };
	for (size_t i = 0; i < 3; i++)
		assert_true(before[i] > ' ');
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		terminal_resize(term, sizes[i].rows, sizes[i].columns);
		for (size_t j = 0; j < 3; j++)
			assert_int_equal(character_at(term, points[j]), before[j]);
	}
	terminal_follow(term, NULL, 0);
	points[0].column = 99;
	terminal_resize(term, 10, 10);
	assert_int_equal(points[0].column, 99);
	terminal_free(term);
}

static void points_stay_in_their_rows_on_the_alternate_screen(void **state)
{
	struct terminal *term = terminal_new(5, 20, 1000, &none, NULL);
	struct terminal_point points[2] = { { 0, 0 }, { 0, 18 } };

	(void)state;
	feed(term, "\r\n\n\n\n\n\n\n\033[?1049h\033[3;1HA menu of a program");
	points[0].line = points[1].line = 2 + (int64_t)terminal_lines(term);
	terminal_follow(term, points, 2);
	terminal_resize(term, 8, 10);
	assert_int_equal(character_at(term, points[0]), 'A');
	assert_int_equal(points[1].column, 9);
	terminal_free(term);
}

static void a_point_whose_line_was_dropped_is_at_the_oldest_one(void **state)
{
	struct terminal *term = terminal_new(2, 20, 3, &none, NULL);
	struct terminal_point point = { 0, 5 };

	(void)state;
	for (int i = 0; i < 20; i++)
		feed(term, "line of text\r\n");
	terminal_follow(term, &point, 1);
	terminal_resize(term, 2, 15);
	assert_int_equal(point.line, (int64_t)terminal_lines(term) - (int64_t)terminal_scrollback(term));
	terminal_free(term);
}

static void a_row_that_continues_says_so(void **state)
{
	struct terminal *term = terminal_new(3, 10, 100, &none, NULL);
	static const bool wrapped[] = { false, true, true, false, false };

	(void)state;
	feed(term, "short\r\n0123456789abcdefghijKLM\r\n");
	for (int i = 0; i < 5; i++)
		assert_int_equal(terminal_row_wrapped(term, i - (int)terminal_scrollback(term)), wrapped[i]);
	assert_false(terminal_row_wrapped(term, 3));
	assert_false(terminal_row_wrapped(term, -100));
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_follow_their_characters_through_any_sizes),
		cmocka_unit_test(points_stay_in_their_rows_on_the_alternate_screen),
		cmocka_unit_test(a_point_whose_line_was_dropped_is_at_the_oldest_one),
		cmocka_unit_test(a_row_that_continues_says_so),
	};
	return cmocka_run_group_tests_name("points and wrapped rows", tests, NULL, NULL);
}
