/* SPDX-License-Identifier: MIT */
#include "ui/kit/scroller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_movement_goes_its_distance_and_stops_at_the_ends(void **state)
{
	static const struct { size_t from; enum scroller_move move; size_t to, top; } cases[] = {
		{ 0, MOVE_UP, 0, 0 }, { 0, MOVE_DOWN, 1, 0 }, { 9, MOVE_DOWN, 10, 1 }, { 39, MOVE_DOWN, 39, 30 },
		{ 0, MOVE_PAGE_DOWN, 9, 0 }, { 9, MOVE_PAGE_DOWN, 18, 9 }, { 39, MOVE_PAGE_UP, 30, 30 }, { 3, MOVE_PAGE_UP, 0, 0 },
		{ 9, MOVE_HALF_DOWN, 14, 5 }, { 20, MOVE_HALF_UP, 15, 11 }, { 20, MOVE_FIRST, 0, 0 }, { 20, MOVE_LAST, 39, 30 },
		{ 20, MOVE_WHEEL_UP, 17, 11 }, { 9, MOVE_WHEEL_DOWN, 12, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scroller scroller = { 0 };

		scroller_fit(&scroller, 40, 10);
		scroller_to(&scroller, cases[i].from);
		scroller_move(&scroller, cases[i].move);
		assert_int_equal(scroller.at, cases[i].to);
		assert_int_equal(scroller.top, cases[i].top);
	}
}

/* For any number of rows, page and movement. */
static void the_selected_row_exists_and_is_visible(void **state)
{
	(void)state;
	for (size_t count = 0; count < 12; count++) {
		for (int page = -1; page < 8; page++) {
			for (size_t from = 0; from < 14; from++) {
				struct scroller scroller = { .at = from, .top = from };

				scroller_fit(&scroller, count, page);
				for (int move = MOVE_UP; move <= MOVE_WHEEL_DOWN; move++) {
					size_t rows = page > 0 ? (size_t)page : 1;

					scroller_move(&scroller, (enum scroller_move)move);
					assert_true(count == 0 ? scroller.at == 0 : scroller.at < count);
					assert_true(scroller.top <= scroller.at && scroller.at < scroller.top + rows);
					assert_true(scroller.top == 0 || scroller.top + rows <= count);
				}
			}
		}
	}
}

static void a_line_shows_a_row_or_nothing(void **state)
{
	struct scroller scroller = { 0 };
	size_t row;

	(void)state;
	scroller_fit(&scroller, 5, 3);
	scroller_to(&scroller, 4);
	assert_true(scroller_row_at(&scroller, 0, &row));
	assert_int_equal(row, 2);
	assert_true(scroller_row_at(&scroller, 2, &row));
	assert_false(scroller_row_at(&scroller, 3, &row));
	assert_false(scroller_row_at(&scroller, -1, &row));
	scroller_fit(&scroller, 1, 3);
	assert_false(scroller_row_at(&scroller, 1, &row));
}

static void the_extent_is_shown_unless_all_rows_are_visible(void **state)
{
	static const struct { size_t top, visible, count; const char *text; } cases[] = {
		{ 0, 10, 40, " 1-10 of 40 " }, { 35, 10, 40, " 36-40 of 40 " }, { 1, 9, 10, " 2-10 of 10 " },
		{ 0, 10, 10, "" }, { 0, 12, 10, "" }, { 0, 0, 0, "" },
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(scroller_extent(cases[i].top, cases[i].visible, cases[i].count, buf, sizeof(buf)), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_movement_goes_its_distance_and_stops_at_the_ends),
		cmocka_unit_test(the_selected_row_exists_and_is_visible),
		cmocka_unit_test(a_line_shows_a_row_or_nothing),
		cmocka_unit_test(the_extent_is_shown_unless_all_rows_are_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
