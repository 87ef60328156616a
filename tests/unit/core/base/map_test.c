/* SPDX-License-Identifier: MIT */
#include "core/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void a_map_finds_each_of_ten_thousand(void **state)
{
	static char names[10000][8];
	struct map map = { 0 };

	(void)state;
	assert_null(map_get(&map, "vm0"));
	for (int i = 0; i < 10000; i++) {
		snprintf(names[i], sizeof(names[i]), "vm%d", i);
		map_put(&map, names[i], &names[i]);
	}
	for (int i = 0; i < 10000; i++)
		assert_ptr_equal(map_get(&map, names[i]), &names[i]);
	assert_null(map_get(&map, "vm10000"));
	map_put(&map, "vm7", &map);
	assert_ptr_equal(map_get(&map, "vm7"), &map);
	assert_int_equal(map.count, 10000);
	map_finish(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_finds_each_of_ten_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
