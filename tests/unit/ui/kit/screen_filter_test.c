/* SPDX-License-Identifier: MIT */
#include "fake/keepers_impl.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_filter_starts_empty_each_time_it_is_opened(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, "/ w e Enter");
	assert_true(sees("Machines / we"));
	assert_true(sees_not("alpine"));
	press(f, "/");
	assert_true(sees("Machines /  ─"));
	assert_true(sees("alpine"));
	press(f, "a l p");
	assert_true(sees("Machines / alp ─"));
	assert_true(sees("alpine"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(the_filter_starts_empty_each_time_it_is_opened),
	};

	return cmocka_run_group_tests_name("screen filter", tests, NULL, NULL);
}
