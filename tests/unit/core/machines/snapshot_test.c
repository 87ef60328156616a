/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/machines/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void a_tag_cannot_be_taken_for_a_number_an_option_or_a_path(void **state)
{
	static const char *const good[] = { "a", "base", "2026-11-29.before_update", "1a", "x+y" };
	static const char *const bad[] = { "", "1", "12", "1.2", "-a", ".a", "a/b", "a b", "a,b", "\303\244", "a\n" };
	struct error err;
	char longest[66];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(snapshot_tag_check(good[i], &err));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (snapshot_tag_check(bad[i], &err))
			fail_msg("\"%s\" is a tag", bad[i]);
	memset(longest, 'a', sizeof(longest));
	longest[65] = '\0';
	assert_false(snapshot_tag_check(longest, &err));
	longest[64] = '\0';
	assert_true(snapshot_tag_check(longest, &err));
}

static void the_snapshots_of_all_disks_are_one_list(void **state)
{
	struct snapshots list = { 0 };

	(void)state;
	assert_true(snapshots_read("{\"snapshots\": [{\"name\": \"new\", \"date-sec\": 20}, {\"name\": \"old\", \"date-sec\": 10}]}", &list));
	assert_true(snapshots_read("{\"snapshots\": [{\"name\": \"old\", \"date-sec\": 11}, {\"name\": 7}, 7, {\"date-sec\": 3}]}", &list));
	assert_true(snapshots_read("{\"format\": \"qcow2\"}", &list));
	assert_int_equal(list.disks, 3);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].tag, "old");
	assert_int_equal(list.items[0].disks, 2);
	assert_int_equal(list.items[0].when, 10);
	assert_string_equal(list.items[1].tag, "new");
	assert_int_equal(list.items[1].disks, 1);
	snapshots_finish(&list);
}

static void what_is_not_an_answer_is_refused(void **state)
{
	static const char *const bad[] = { "", "[]", "{", "null", "{\"snapshots\": [}" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct snapshots list = { 0 };

		assert_false(snapshots_read(bad[i], &list));
		assert_int_equal(list.count, 0);
		snapshots_finish(&list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_cannot_be_taken_for_a_number_an_option_or_a_path),
		cmocka_unit_test(the_snapshots_of_all_disks_are_one_list),
		cmocka_unit_test(what_is_not_an_answer_is_refused),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
