/* SPDX-License-Identifier: MIT */
#include "core/terminal/side.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static uint32_t intern(struct side *side, uint32_t number)
{
	uint32_t record[6] = { number };

	return side_intern(side, record);
}

/* A sweep that finds the first `used` records in use. */
static bool sweep(struct side *side, uint32_t used)
{
	side_begin(side);
	memset(side->marked, true, used);
	return side_end(side);
}

static void fill(struct side *side)
{
	for (uint32_t i = 0; i < SIDE_MAX; i++) {
		if (intern(side, i) != SIDE_FULL)
			continue;
		sweep(side, side->count);
		assert_int_equal(intern(side, i), i);
	}
}

static void a_table_that_is_full_of_used_records_is_rarely_swept(void **state)
{
	struct side side = { 0 };
	int sweeps = 0;

	(void)state;
	fill(&side);
	for (uint32_t i = 0; i < SIDE_MAX; i++) {
		if (intern(&side, SIDE_MAX + i) == SIDE_FULL && side_due(&side)) {
			sweeps++;
			assert_false(sweep(&side, SIDE_MAX));
		}
	}
	assert_in_range(sweeps, 1, 64);
	side_finish(&side);
}

static void a_sweep_that_is_late_still_frees_what_is_unused(void **state)
{
	struct side side = { 0 };
	uint32_t number = SIDE_MAX;

	(void)state;
	fill(&side);
	assert_false(sweep(&side, SIDE_MAX));
	while (!side_due(&side))
		assert_int_equal(intern(&side, number++), SIDE_FULL);
	assert_true(sweep(&side, 10));
	assert_int_equal(side.live, 10);
	assert_int_not_equal(intern(&side, number), SIDE_FULL);
	assert_int_equal(intern(&side, 7), 7);
	side_finish(&side);
}

static void a_table_that_can_grow_is_swept_at_once(void **state)
{
	struct side side = { 0 };
	uint32_t number = 0;

	(void)state;
	while (intern(&side, number) != SIDE_FULL)
		number++;
	assert_true(side_due(&side));
	assert_true(sweep(&side, number));
	assert_int_equal(intern(&side, number), number);
	side_finish(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_that_is_full_of_used_records_is_rarely_swept),
		cmocka_unit_test(a_sweep_that_is_late_still_frees_what_is_unused),
		cmocka_unit_test(a_table_that_can_grow_is_swept_at_once),
	};

	return cmocka_run_group_tests_name("side", tests, NULL, NULL);
}
