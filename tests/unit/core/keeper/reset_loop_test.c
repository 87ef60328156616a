/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/reset_loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void three_resets_within_a_minute_are_a_loop(void **state)
{
	static const struct { uint64_t at[6]; const char *loops; } rows[] = {
		{ { 1, 2, 3 }, "nny" },
		{ { 0, 60000, 60000 }, "nny" },
		{ { 0, 60000, 60001 }, "nnn" },
		{ { 0, 1000, 100000, 101000, 102000, 103000 }, "nnnnyy" },
		{ { 0, 40000, 80000, 120000, 160000, 160001 }, "nnnnny" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct reset_loop loop = { .count = 0 };

		for (size_t k = 0; rows[i].loops[k]; k++)
			assert_int_equal(reset_loop_add(&loop, rows[i].at[k]), rows[i].loops[k] == 'y');
	}
}

static void what_a_firmware_adds_to_a_reset_is_not_counted(void **state)
{
	static const struct { uint64_t ms; bool by_guest, counts; } rows[] = {
		{ 5, true, true }, { 10, true, false }, { 1004, true, false }, { 1005, true, true },
		{ 1010, false, true }, { 1020, true, false }, { 1021, false, true }, { 3000, true, true },
	};
	struct reset_loop loop = { .count = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(reset_counts(&loop, rows[i].ms, 1000, rows[i].by_guest), rows[i].counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_resets_within_a_minute_are_a_loop),
		cmocka_unit_test(what_a_firmware_adds_to_a_reset_is_not_counted),
	};

	return cmocka_run_group_tests_name("reset loop", tests, NULL, NULL);
}
