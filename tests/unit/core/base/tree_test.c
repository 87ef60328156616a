/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/tree.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void make(void)
{
	scratch_put("tree/a", "a", 1, 0);
	scratch_put("tree/sub/b", "b", 1, 0);
	scratch_put("tree/sub/deep/c", "c", 1, 0);
	scratch_put("kept/d", "d", 1, 0);
	assert_int_equal(symlink("../kept", "tree/link"), 0);
}

static void it_is_removed_a_few_files_at_a_time_and_links_are_not_followed(void **state)
{
	struct error err;
	bool gone = false;
	int slices = 0;

	(void)state;
	make();
	for (; !gone; slices++) {
		unsigned entries = 2;

		assert_true(slices < 10);
		assert_true(tree_remove_some("tree", &entries, &gone, &err));
		assert_true(gone || entries == 0);
	}
	/* Three directories, three files and a link. */
	assert_int_equal(slices, 4);
	assert_int_equal(access("tree", F_OK), -1);
	assert_int_equal(access("kept/d", F_OK), 0);

	unsigned entries = 5;

	assert_true(tree_remove_some("tree", &entries, &gone, &err));
	assert_true(gone);
	assert_int_equal(entries, 5);
}

static void a_link_itself_is_removed(void **state)
{
	unsigned entries = 5;
	struct error err;
	bool gone;

	(void)state;
	scratch_put("kept/d", "d", 1, 0);
	assert_int_equal(symlink("kept", "way"), 0);
	assert_true(tree_remove_some("way", &entries, &gone, &err));
	assert_true(gone);
	assert_int_equal(access("kept/d", F_OK), 0);
}

static void a_sparse_file_has_the_size_that_it_takes(void **state)
{
	char bytes[10000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	scratch_put("sized/full", bytes, sizeof(bytes), 0);
	scratch_put("sized/sparse", "", 0, 1 << 30);
	assert_true(tree_size("sized") >= sizeof(bytes));
	assert_true(tree_size("sized") < 1 << 20);
	assert_int_equal(tree_size("nothing"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_removed_a_few_files_at_a_time_and_links_are_not_followed),
		cmocka_unit_test(a_link_itself_is_removed),
		cmocka_unit_test(a_sparse_file_has_the_size_that_it_takes),
	};

	return cmocka_run_group_tests_name("tree", tests, scratch_enter, scratch_leave);
}
