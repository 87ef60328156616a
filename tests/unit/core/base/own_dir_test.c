/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "fake/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define NOBODY 65534
#define EMPTY_GROUP 54321	/* nobody is in it */

static void expect_refused(const char *path, const char *words)
{
	struct error err;

	assert_false(own_dir_check(path, &err));
	if (!strstr(err.text, words))
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void make_dir(const char *path, mode_t mode)
{
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void a_directory_of_ours_is_trusted_unless_everybody_may_write(void **state)
{
	struct error err;

	(void)state;
	make_dir("private", 0700);
	make_dir("readable", 0755);
	make_dir("shared", 01777);
	assert_true(own_dir_check("private", &err));
	assert_true(own_dir_check("readable", &err));
	expect_refused("shared", "chmod go-w 'shared'");
}

static void a_link_of_ours_leads_to_what_is_judged(void **state)
{
	struct error err;

	(void)state;
	make_dir("target", 0700);
	make_dir("open", 0777);
	assert_int_equal(symlink("target", "good-link"), 0);
	assert_int_equal(symlink("open", "bad-link"), 0);
	assert_true(own_dir_check("good-link", &err));
	expect_refused("bad-link", "other users can write");
}

static void need_root(void)
{
	if (geteuid() == 0)
		return;
	print_message("skipped: only root can be two users\n");
	skip();
}

static void what_another_user_made_is_refused(void **state)
{
	(void)state;
	need_root();
	make_dir("foreign", 0700);
	make_dir("own", 0700);
	assert_int_equal(chown("foreign", NOBODY, NOBODY), 0);
	assert_int_equal(symlink("own", "foreign-link"), 0);
	assert_int_equal(lchown("foreign-link", NOBODY, NOBODY), 0);
	expect_refused("foreign", "belongs to user 65534");
	expect_refused("foreign-link", "symbolic link created by user 65534");
}

static void a_group_may_write_where_nobody_else_is_in_it(void **state)
{
	struct error err;
	bool trusted;

	(void)state;
	need_root();
	make_dir("group", 0770);
	assert_int_equal(chown("group", 0, EMPTY_GROUP), 0);
	expect_refused("group", "other users can write");	/* we are not in it */
	assert_int_equal(setegid(EMPTY_GROUP), 0);
	trusted = own_dir_check("group", &err);
	assert_int_equal(setegid(0), 0);
	assert_true(trusted);
	/* The first group of another user. */
	assert_int_equal(chown("group", 0, NOBODY), 0);
	assert_int_equal(setegid(NOBODY), 0);
	trusted = own_dir_check("group", &err);
	assert_int_equal(setegid(0), 0);
	assert_false(trusted);
}

static void only_regular_files_are_opened_and_nothing_waits(void **state)
{
	char text[8];
	int fd;

	(void)state;
	scratch_put("precious", "precious", 8, 0);
	assert_int_equal(symlink("precious", "link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(own_file_open("link", O_WRONLY | O_CREAT | O_TRUNC), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(own_file_open("fifo", O_RDONLY), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(own_file_open("fifo", O_RDWR | O_CREAT), -1);
	assert_int_equal(own_file_head("link", text, sizeof(text)), -1);
	assert_int_equal(own_file_head("fifo", text, sizeof(text)), -1);
	assert_string_equal(text, "");
	assert_int_equal(own_file_head("precious", text, sizeof(text)), 7);
	assert_string_equal(text, "preciou");
	fd = own_file_open("new", O_WRONLY | O_CREAT);
	assert_true(fd >= 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_of_ours_is_trusted_unless_everybody_may_write),
		cmocka_unit_test(a_link_of_ours_leads_to_what_is_judged),
		cmocka_unit_test(what_another_user_made_is_refused),
		cmocka_unit_test(a_group_may_write_where_nobody_else_is_in_it),
		cmocka_unit_test(only_regular_files_are_opened_and_nothing_waits),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
