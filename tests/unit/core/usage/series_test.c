/* SPDX-License-Identifier: MIT */
#include "core/usage/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LATE 1000000U	/* a host that has been up for days */

#define assert_value(value, wanted) assert_float_equal(value, wanted, 0.01)

static void an_empty_series_knows_nothing(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	for (unsigned ago = 0; ago < 70; ago++) {
		assert_value(series_minute(&series, ago), SERIES_UNKNOWN);
		assert_value(series_hour(&series, ago), SERIES_UNKNOWN);
	}
}

static void seconds_become_minutes(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	/* Minute m has the values 100 m to 100 m + 59, whose mean is 100 m + 29.5. */
	for (unsigned second = 0; second < 5 * 60 + 10; second++) {
		unsigned minute = second / 60, value = minute * 100 + second % 60;

		series_add(&series, 6000 + second - 1, 6000 + second, (float)value);
	}
	assert_value(series_minute(&series, 0), 509);
	assert_value(series_minute(&series, 9), 500);
	assert_value(series_minute(&series, 10), 459);
	assert_value(series_minute(&series, 59), 410);
	assert_value(series_minute(&series, 60), SERIES_UNKNOWN);
	for (unsigned ago = 0; ago < 5; ago++)
		assert_value(series_hour(&series, ago), (4 - (double)ago) * 100 + 29.5);
	assert_value(series_hour(&series, 5), SERIES_UNKNOWN);
}

static void a_time_without_samples_has_its_mean(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	series_add(&series, LATE - 1, LATE, 80);
	series_add(&series, LATE, LATE + 600, 20);
	assert_int_equal(series.second, LATE + 600);
	for (unsigned ago = 0; ago < 60; ago++)
		assert_value(series_minute(&series, ago), 20);
	for (unsigned ago = 0; ago < 9; ago++)
		assert_value(series_hour(&series, ago), 20);
	/* Of the minute with the first value, what is known counts. */
	assert_true(series_hour(&series, 9) > 20 && series_hour(&series, 9) < 80);
	assert_value(series_hour(&series, 10), SERIES_UNKNOWN);
}

static void what_was_before_a_pause_without_a_value_is_unknown(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	series_add(&series, LATE - 1, LATE, 80);
	series_add(&series, LATE + 4, LATE + 5, 20);
	assert_value(series_minute(&series, 0), 20);
	for (unsigned ago = 1; ago < 5; ago++)
		assert_value(series_minute(&series, ago), SERIES_UNKNOWN);
	assert_value(series_minute(&series, 5), 80);
}

static void a_second_has_one_value_and_time_never_goes_back(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	series_add(&series, 99, 100, 1);
	series_add(&series, 100, 100, 2);
	series_add(&series, 90, 95, 3);
	assert_value(series_minute(&series, 0), 1);
	assert_value(series_minute(&series, 1), SERIES_UNKNOWN);
}

static void after_a_long_sleep_nothing_old_is_left(void **state)
{
	struct series series;

	(void)state;
	series_init(&series);
	for (unsigned second = 1; second < 4000; second++)
		series_add(&series, second - 1, second, 90);
	series_add(&series, UINT64_MAX / 2, UINT64_MAX / 2 + 1, 5);
	assert_value(series_minute(&series, 0), 5);
	for (unsigned ago = 1; ago < 60; ago++)
		assert_value(series_minute(&series, ago), SERIES_UNKNOWN);
	for (unsigned ago = 0; ago < 60; ago++)
		assert_value(series_hour(&series, ago), SERIES_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_series_knows_nothing),
		cmocka_unit_test(seconds_become_minutes),
		cmocka_unit_test(a_time_without_samples_has_its_mean),
		cmocka_unit_test(what_was_before_a_pause_without_a_value_is_unknown),
		cmocka_unit_test(a_second_has_one_value_and_time_never_goes_back),
		cmocka_unit_test(after_a_long_sleep_nothing_old_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
