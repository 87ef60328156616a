/* SPDX-License-Identifier: MIT */
#include "ui/cli/moment.h"

#include "core/base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1700000000		/* 2023-11-14 22:13:20 UTC, 23:13:20 in this test */

static void a_moment_is_read(void **state)
{
	static const struct { const char *text; long long seconds; } cases[] = {
		{ "boot", 0 }, { "now", NOW }, { "today", 1699916400 }, { "yesterday", 1699916400 - 86400 },
		{ "10m", NOW - 600 }, { "2h ago", NOW - 7200 }, { "1h30m", NOW - 5400 }, { "2 days ago", NOW - 172800 },
		{ "45s", NOW - 45 }, { "1d 1h", NOW - 90000 }, { "0s", NOW },
		{ "13:00", 1699963200 }, { "13:00:05", 1699963205 }, { "00:00", 1699916400 },
		{ "2023-11-14 13:00", 1699963200 }, { "2023-11-14T13:00:05", 1699963205 }, { "2023-11-14", 1699916400 },
		{ "2024-02-29", 1709161200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err;
		int64_t ms;

		assert_true(moment_parse(cases[i].text, NOW, &ms, &err));
		assert_int_equal(ms, cases[i].seconds * 1000);
	}
}

static void what_is_not_a_moment_is_rejected(void **state)
{
	static const char *const wrong[] = {
		"", " ", "10", "m", "10x", "10m x", "ago", "-10m", "24:00", "13:60", "13:00:60", "1:00", "13:00 ", "2023-02-30",
		"2023-13-01", "2023-11-14 25:00", "23-11-14", "2023-11-14 ", "1969-01-01", "noon", "99999999999999999999d",
		"9999999999999s", "10m ago ago",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err;
		int64_t ms;

		assert_false(moment_parse(wrong[i], NOW, &ms, &err));
		assert_non_null(strstr(err.text, "is not a time"));
	}
}

static void a_moment_is_written_with_its_zone(void **state)
{
	char buf[MOMENT_SIZE];

	(void)state;
	assert_string_equal(moment_text(NOW * INT64_C(1000) + 7, buf), "2023-11-14T23:13:20.007+01:00");
	assert_string_equal(moment_text(0, buf), "1970-01-01T01:00:00.000+01:00");
}

static void no_number_is_too_large_for_the_text(void **state)
{
	char buf[MOMENT_SIZE];

	(void)state;
	assert_true(strlen(moment_text(INT64_C(999999999999999999), buf)) < MOMENT_SIZE);
	assert_true(strlen(moment_text(INT64_MAX, buf)) < MOMENT_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_read),
		cmocka_unit_test(what_is_not_a_moment_is_rejected),
		cmocka_unit_test(a_moment_is_written_with_its_zone),
		cmocka_unit_test(no_number_is_too_large_for_the_text),
	};

	setenv("TZ", "UTC-1", 1);
	return cmocka_run_group_tests_name("moment", tests, NULL, NULL);
}
