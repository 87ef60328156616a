/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void the_first_value_of_a_key_is_found(void **state)
{
	struct record record = { 0 };

	(void)state;
	record_put(&record, "name", "web");
	record_put(&record, "name", "db");
	record_put(&record, "image", NULL);
	record_put_number(&record, "pid", -1);
	assert_string_equal(record_get(&record, "name"), "web");
	assert_string_equal(record_get(&record, "image"), "");
	assert_string_equal(record_get(&record, "pid"), "-1");
	assert_string_equal(record_get(&record, "none"), "");
	assert_int_equal(record.keys.count, record.values.count);
	record_finish(&record);
}

static void a_number_out_of_range_is_zero(void **state)
{
	(void)state;
	assert_int_equal(record_number("42", 42), 42);
	assert_int_equal(record_number("43", 42), 0);
	assert_int_equal(record_number("-1", 42), 0);
	assert_int_equal(record_number("", 42), 0);
	assert_int_equal(record_number("4x", 42), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_value_of_a_key_is_found),
		cmocka_unit_test(a_number_out_of_range_is_zero),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
