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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(three_resets_within_a_minute_are_a_loop) };

	return cmocka_run_group_tests_name("reset loop", tests, NULL, NULL);
}
