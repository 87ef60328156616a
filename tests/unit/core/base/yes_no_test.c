/* SPDX-License-Identifier: MIT */
#include "core/base/yes_no.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_switch_has_several_words(void **state)
{
	static const char *const words[][2] = {
		{ "no", "yes" }, { "off", "on" }, { "false", "true" }, { "0", "1" },
		{ "NO", "YES" }, { "Off", "oN" }, { "False", "True" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int value = 0; value < 2; value++) {
			bool got = !value;

			assert_true(yes_no_parse(words[i][value], &got));
			assert_int_equal(got, value);
		}
	}
}

static void nothing_else_is_one(void **state)
{
	static const char *const words[] = { "", " ", "y", "n", "yes ", " no", "ye", "o", "2", "01", "tr", "maybe", "ja" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool kept = true;

		assert_false(yes_no_parse(words[i], &kept));
		assert_true(kept);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_has_several_words),
		cmocka_unit_test(nothing_else_is_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
