/* SPDX-License-Identifier: MIT */
/* Deleted profiles and state directories: the key d, `paddock rm`, `trash` and `restore`. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define WEB "config/paddock/vms/web.ini"
#define DISK "vm/web-state/disk.img"

/* Two profiles; web has a state directory with a disk. */
static void furnish(struct home *home)
{
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "# mine\n[boot]\nimage = @/disk.img\n[state]\ndirectory = @/web-state\n");
	home_profile(home, "db", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/db-state\n");
	home_write(home, DISK, HOME_DISK);
	home_write(home, "vm/web-state/uuid", "11111111-2222-4333-8444-555555555555\n");
}

static void assert_prints(struct home *home, const char *wanted, const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	if (result.status != 0 || !strstr(result.out, wanted))
		fail_msg("status %d, out:\n%s\nerr:\n%s", result.status, result.out, result.err);
	result_finish(&result);
}
#define prints(home, wanted, ...) assert_prints(home, wanted, (const char *const[]){ "paddock", __VA_ARGS__, NULL })

static void a_profile_goes_and_comes_back(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect_refused(home, WORDS("--yes"), "rm", "web");
	expect(home, 0, "rm", "--yes", "web");
	assert_false(home_has(home, WEB));
	assert_true(home_has(home, DISK));
	prints(home, "\tweb\tprofile\n", "trash");
	expect(home, 0, "restore", "web");
	assert_true(home_has(home, WEB));
	prints(home, "", "trash");
}

static void nothing_goes_if_one_name_is_wrong(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect_refused(home, WORDS("none", "is not a profile"), "rm", "--yes", "web", "none");
	expect_refused(home, WORDS("image is not deleted"), "rm", "--yes", "disk.img");
	expect_refused(home, WORDS("profile web", "state directory"), "rm", "--yes", "web-state");
	home_profile(home, "db", "[boot]\nimage = @/disk.img\n[disks]\ndisk = file=@/web-state/disk.img,format=raw\n");
	expect(home, 1, "rm", "--yes", "--state", "web");
	assert_true(home_has(home, WEB));
	assert_true(home_has(home, DISK));
	prints(home, "", "trash");
}

static void the_state_directory_goes_with_it_if_that_is_asked_for(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect(home, 0, "rm", "--yes", "--state", "web");
	assert_false(home_has(home, WEB));
	assert_false(home_has(home, "vm/web-state"));
	prints(home, "\tweb\tprofile and state\n", "trash");
	home_write(home, "vm/web-state/x", "");
	expect_refused(home, WORDS("web-state exists again"), "restore", "web");
	assert_false(home_has(home, WEB));
	expect_refused(home, WORDS("--yes"), "trash", "--empty");
	prints(home, "\tweb\t", "trash");
	expect(home, 0, "trash", "--empty", "--yes");
	prints(home, "", "trash");
	expect_refused(home, WORDS("not in the trash"), "restore", "web");
	/* Its text is still in its history. */
	expect(home, 0, "history", "web", "restore", "1");
	assert_true(home_has(home, WEB));
}

static void two_of_the_same_name_need_an_id(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect(home, 0, "rm", "--yes", "web");
	home_profile(home, "web", "# second\n");
	expect(home, 0, "rm", "--yes", "web");
	expect_refused(home, WORDS("2 in the trash are named web", "ID"), "restore", "web");

	struct result result = cli(home, "trash");
	char *end = strchr(result.out, '\t');

	assert_non_null(end);
	*end = '\0';
	expect(home, 0, "restore", result.out);
	result_finish(&result);

	char *text = home_read(home, WEB);
	assert_non_null(strstr(text, "# mine"));
	free(text);
}

static void what_runs_stays(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect(home, 0, "start", "web");
	expect_refused(home, WORDS("web", "is running"), "rm", "--yes", "--state", "web");
	expect_refused(home, WORDS("in use by"), "rm", "--yes", "web-state");
	expect(home, 0, "kill", "web");
	wait_until_gone(home, "nothing");
	expect(home, 0, "rm", "--yes", "--state", "web");
	assert_false(home_has(home, "vm/web-state"));
}

static void the_screen_asks_what_goes(void **state)
{
	struct home *home = *state;

	furnish(home);

	struct tty *tty = tty_open(home, 30, 100, ".");

	tty_wait(tty, "db");
	tty_type(tty, "jj");
	tty_wait(tty, "web-state");
	tty_type(tty, "d");
	tty_wait(tty, "Delete the profile web, to the trash?");
	tty_wait(tty, "1 disk");
	tty_type(tty, "s");
	tty_wait(tty, "web and its state directory are in the trash");
	assert_false(home_has(home, WEB));
	assert_false(home_has(home, "vm/web-state"));
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	expect(home, 0, "restore", "web");
	assert_true(home_has(home, DISK));
}

static void a_directory_that_no_profile_has_goes_too(void **state)
{
	struct home *home = *state;

	furnish(home);
	expect(home, 0, "rm", "--yes", "web");
	expect(home, 0, "rm", "--yes", "web-state");
	assert_false(home_has(home, "vm/web-state"));
	prints(home, "\tweb-state\tstate\n", "trash");
	expect(home, 0, "restore", "web-state");
	assert_true(home_has(home, DISK));
}

#define CTRL_S "\023"
#define CLEAR "\025"
#define DOWN "\033OB"

/* On web, the second profile in the list. */
static struct tty *open_on_web(struct home *home)
{
	struct tty *tty = tty_open(home, 30, 100, ".");

	tty_wait(tty, "db");
	tty_type(tty, "jj");
	tty_wait(tty, "web [1 Overview]");
	return tty;
}

static void close_screen(struct tty *tty)
{
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void assert_same(struct home *home, const char *text)
{
	char *now = home_read(home, WEB);

	assert_non_null(now);
	assert_string_equal(now, text);
	free(now);
}

static void each_change_is_undone_the_last_one_first(void **state)
{
	struct home *home = *state;
	char *before;

	furnish(home);
	before = home_read(home, WEB);

	struct tty *tty = open_on_web(home);

	tty_type(tty, "u");
	tty_wait(tty, "nothing to undo");
	tty_type(tty, "e");
	tty_wait(tty, "web ─ Settings");
	tty_type(tty, DOWN DOWN DOWN DOWN CLEAR "96" CTRL_S);
	tty_wait(tty, "96 MiB");
	tty_type(tty, "r" CLEAR "shop\r");
	tty_wait(tty, "web is now shop");
	tty_type(tty, "c" CLEAR "copy\r");
	tty_wait(tty, "The disks of the clone");
	tty_type(tty, "w");
	tty_wait(tty, "copy is a clone of shop");
	tty_wait(tty, "copy [1 Overview]");
	tty_type(tty, "dy");
	tty_wait(tty, "copy is in the trash");
	assert_false(home_has(home, "config/paddock/vms/copy.ini"));

	tty_type(tty, "u");
	tty_wait(tty, "undone: copy is back from the trash");
	assert_true(home_has(home, "config/paddock/vms/copy.ini"));
	tty_type(tty, "u");
	tty_wait(tty, "undone: the new profile copy is in the trash");
	assert_false(home_has(home, "config/paddock/vms/copy.ini"));
	tty_type(tty, "u");
	tty_wait(tty, "undone: shop is called web again");
	assert_true(home_has(home, WEB));
	tty_type(tty, "u");
	tty_wait(tty, "undone: web has the settings from before its last change");
	assert_same(home, before);
	tty_type(tty, "u");
	tty_wait(tty, "nothing to undo");
	close_screen(tty);
	free(before);
}

static void an_edit_that_something_else_has_changed_is_not_undone(void **state)
{
	struct home *home = *state;

	furnish(home);
	home_script(home, "ed", "echo '; by ed' >>\"$1\"\n");
	home_set(home, "VISUAL", "ed");

	struct tty *tty = open_on_web(home);

	tty_type(tty, "E");
	tty_wait(tty, "web has changed; u undoes it");
	home_profile(home, "web", "# another\n[boot]\nimage = @/disk.img\n");
	tty_type(tty, "u");
	tty_wait(tty, "web has changed since");
	tty_type(tty, "\033");
	tty_wait_gone(tty, "Not undone");
	close_screen(tty);
	prints(home, "# another\n", "history", "web", "show", "3");
}

static void a_deleted_state_directory_comes_back_too(void **state)
{
	struct home *home = *state;

	furnish(home);

	struct tty *tty = open_on_web(home);

	tty_type(tty, "d");
	tty_wait(tty, "1 disk");
	tty_type(tty, "s");
	tty_wait(tty, "u undoes it");
	home_write(home, DISK, "new\n");
	tty_type(tty, "u");
	tty_wait(tty, "exists again; rename that first");
	tty_type(tty, "\033");
	tty_wait_gone(tty, "exists again");
	close_screen(tty);
	prints(home, "\tweb\tprofile and state\n", "trash");
}

static bool item_is_gone(struct tty *tty, const void *data)
{
	(void)tty;
	return !home_has(data, "state/paddock/trash/20200101-000000");
}

static void the_screen_removes_what_is_old(void **state)
{
	struct home *home = *state;
	char record[512];

	furnish(home);
	home_write(home, "state/paddock/trash/20200101-000000/profile.ini", "# old\n");
	snprintf(record, sizeof(record), "[trash]\nname = old\nwhen = 1577836800\nprofile = /old.ini\nprofile-is = %s\n",
	         home_path(home, "state/paddock/trash/20200101-000000/profile.ini"));
	home_write(home, "state/paddock/trash/20200101-000000/item.ini", record);
	home_write(home, "config/paddock/paddock.ini", "[trash]\ndays = 0\n");
	expect(home, 0, "rm", "--yes", "web");

	struct tty *tty = tty_open(home, 30, 100, ".");

	tty_wait(tty, "db");
	assert_true(home_has(home, "state/paddock/trash/20200101-000000"));
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);

	home_write(home, "config/paddock/paddock.ini", "[trash]\ndays = 7\n");
	tty = tty_open(home, 30, 100, ".");
	tty_wait_for(tty, item_is_gone, home, "the old item to go");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	prints(home, "\tweb\tprofile\n", "trash");
}

static void wrong_days_keep_everything(void **state)
{
	struct home *home = *state;
	struct result result;

	home_write(home, "config/paddock/paddock.ini", "[trash]\ndays = soon\n");
	result = cli(home, "trash");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "trash.days: 'soon' is not a number; use 1 to 36500, or 0 to keep everything"));
	result_finish(&result);
	expect(home, 2, "trash", "--yes");
	expect(home, 2, "rm");
	expect(home, 2, "restore");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_profile_goes_and_comes_back),
		story(nothing_goes_if_one_name_is_wrong),
		story(the_state_directory_goes_with_it_if_that_is_asked_for),
		story(two_of_the_same_name_need_an_id),
		story(what_runs_stays),
		story(the_screen_asks_what_goes),
		story(a_directory_that_no_profile_has_goes_too),
		story(each_change_is_undone_the_last_one_first),
		story(an_edit_that_something_else_has_changed_is_not_undone),
		story(a_deleted_state_directory_comes_back_too),
		story(the_screen_removes_what_is_old),
		story(wrong_days_keep_everything),
	};

	return cmocka_run_group_tests_name("trash", tests, NULL, NULL);
}
