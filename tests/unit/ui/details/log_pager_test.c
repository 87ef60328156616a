/* SPDX-License-Identifier: MIT */
#include "ui/details/log_pager.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/keeper/stream/log_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/paddock-pager.XXXXXX";
static struct log_pager pager;

static void add_to(const char *name, const char *text, int flags)
{
	char *path = path_join(directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	free(path);
}

static void open_log(const char *text, int rows, int columns)
{
	struct error err;

	add_to("console.log", text, O_TRUNC);
	log_pager_init(&pager);
	log_pager_resize(&pager, rows, columns);
	assert_true(log_pager_open(&pager, directory, 0, &err));
}

static int close_log(void **state)
{
	static const char *const names[] = { "console.log", "console.older.log", "console.1.log" };

	(void)state;
	log_pager_finish(&pager);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(directory, names[i]);

		unlink(path);
		free(path);
	}
	return 0;
}

/* The rows of the window, each with a bar behind it. */
static void assert_window(const char *expect)
{
	struct str text;

	str_init(&text);
	for (size_t i = 0; i < pager.row_count; i++)
		str_addf(&text, "%.*s|", (int)pager.row[i].len, pager.shown[pager.row[i].line].text + pager.row[i].from);
	assert_string_equal(text.text, expect);
	str_finish(&text);
}

static void work(void)
{
	while (log_pager_busy(&pager))
		log_pager_work(&pager);
}

static struct log_match *pattern(const char *text)
{
	struct error err;
	struct log_match *match = log_match_new(text, &err);

	assert_non_null(match);
	return match;
}

static void a_log_opens_at_its_end(void **state)
{
	(void)state;
	open_log("1\r\n2\r\n3\r\n4\r\n5\r\nlogin: ", 3, 20);
	assert_window("4|5|login: |");
	assert_true(pager.follows);
	assert_int_equal(log_pager_percent(&pager), 100);
}

static void a_short_log_begins_at_the_top(void **state)
{
	(void)state;
	open_log("1\n\n3\n", 9, 20);
	assert_window("1||3|");
	log_pager_move(&pager, 5);
	assert_window("1||3|");
	log_pager_move(&pager, -5);
	assert_window("1||3|");
}

static void an_empty_log_has_no_rows(void **state)
{
	(void)state;
	open_log("", 3, 20);
	assert_window("");
	log_pager_move(&pager, -1);
	log_pager_first(&pager);
	log_pager_search(&pager, pattern("x"));
	work();
	log_pager_next(&pager, true);
	work();
	log_pager_filter(&pager, pattern("x"));
	work();
	assert_window("");
}

static void the_window_moves_by_rows(void **state)
{
	(void)state;
	open_log("1\n2\n3\nabcdefghij\n5\n6\n", 3, 4);
	assert_window("ij|5|6|");
	log_pager_move(&pager, -1);
	assert_window("efgh|ij|5|");
	assert_false(pager.follows);
	log_pager_move(&pager, -3);
	assert_window("2|3|abcd|");
	log_pager_move(&pager, -9);
	assert_window("1|2|3|");
	log_pager_move(&pager, 4);
	assert_window("efgh|ij|5|");
	log_pager_move(&pager, 4);
	assert_window("ij|5|6|");
	assert_true(pager.follows);
	log_pager_first(&pager);
	assert_window("1|2|3|");
	log_pager_resize(&pager, 4, 10);
	assert_window("1|2|3|abcdefghij|");
}

static void wide_characters_are_not_cut(void **state)
{
	(void)state;
	open_log("a\xe4\xb8\xad\xe4\xb8\xad" "b\n\xe4\xb8\xad\n", 9, 4);
	assert_window("a\xe4\xb8\xad|\xe4\xb8\xad" "b|\xe4\xb8\xad|");
	log_pager_resize(&pager, 9, 1);
	assert_window("a|\xe4\xb8\xad|\xe4\xb8\xad|b|\xe4\xb8\xad|");
}

static void what_is_added_is_followed_or_left_below(void **state)
{
	(void)state;
	open_log("1\n2\n3", 2, 20);
	assert_false(log_pager_look(&pager));
	add_to("console.log", "x\n4\n", O_APPEND);
	assert_true(log_pager_look(&pager));
	assert_window("3x|4|");
	log_pager_move(&pager, -1);
	add_to("console.log", "5\n", O_APPEND);
	assert_true(log_pager_look(&pager));
	assert_window("2|3x|");
	log_pager_last(&pager);
	assert_window("4|5|");
}

static void a_new_boot_begins_anew(void **state)
{
	char *from = path_join(directory, "console.log"), *to = path_join(directory, "console.1.log");

	(void)state;
	open_log("1\n2\n3\n", 2, 20);
	log_pager_search(&pager, pattern("2"));
	work();
	assert_int_equal(rename(from, to), 0);
	add_to("console.log", "new 2\n", O_TRUNC);
	assert_true(log_pager_look(&pager));
	work();
	assert_window("new 2|");
	log_pager_next(&pager, true);
	work();
	assert_int_equal(pager.current, 0);
	free(from);
	free(to);
}

static void a_search_goes_up_then_down(void **state)
{
	(void)state;
	open_log("1 a\n2\n3 a\n4\n5\n6 a\n7\n8\n", 2, 20);
	log_pager_search(&pager, pattern("A"));
	work();
	assert_true(pager.failed);
	log_pager_search(&pager, pattern("a"));
	work();
	assert_window("5|6 a|");
	log_pager_next(&pager, true);
	work();
	assert_window("2|3 a|");
	log_pager_next(&pager, true);
	work();
	assert_int_equal(pager.current, 0);
	log_pager_next(&pager, true);
	work();
	assert_true(pager.failed);
	assert_window("1 a|2|");
	log_pager_next(&pager, false);
	work();
	assert_false(pager.failed);
	assert_window("2|3 a|");
	log_pager_last(&pager);
	log_pager_search(&pager, pattern("a"));
	log_pager_next(&pager, true);	/* before the first one was found */
	work();
	assert_window("2|3 a|");
	log_pager_first(&pager);
	log_pager_search(&pager, pattern("6"));
	work();
	assert_window("5|6 a|");
}

static void a_filter_hides_the_other_lines(void **state)
{
	(void)state;
	open_log("1 a\n2\n3 a\n4\n5 a b\n6 a\n7\n8\n", 2, 20);
	log_pager_filter(&pager, pattern("a"));
	work();
	assert_window("5 a b|6 a|");
	log_pager_move(&pager, -2);
	assert_window("1 a|3 a|");
	log_pager_move(&pager, 1);
	assert_window("3 a|5 a b|");
	log_pager_search(&pager, pattern("[78b]"));
	work();
	assert_int_equal(pager.current, 12);
	log_pager_next(&pager, false);
	work();
	assert_true(pager.failed);
	add_to("console.log", "9\n10 a\n", O_APPEND);
	assert_true(log_pager_look(&pager));
	work();
	log_pager_last(&pager);
	assert_window("6 a|10 a|");
	log_pager_filter(&pager, NULL);
	assert_window("9|10 a|");
}

/* A filter that is typed letter by letter must not lose the place on the way. */
static void a_filter_stays_near_where_it_was_set(void **state)
{
	struct str text;
	struct log_place before;

	(void)state;
	str_init(&text);
	for (int i = 0; i < 20000; i++)
		str_addf(&text, "%d\n", i);
	open_log(text.text, 2, 20);
	str_finish(&text);
	log_pager_move(&pager, -9000);
	assert_window("10998|10999|");
	before = pager.top;
	log_pager_go(&pager, before);
	log_pager_filter(&pager, pattern("9"));
	log_pager_go(&pager, before);
	log_pager_filter(&pager, pattern("999"));
	work();
	assert_window("10999|11999|");
	log_pager_filter(&pager, pattern("nothing"));
	work();
	assert_window("");
	log_pager_go(&pager, before);
	log_pager_filter(&pager, NULL);
	assert_window("10998|10999|");
}

static void older_boots_are_opened(void **state)
{
	struct error err;

	(void)state;
	open_log("now\n", 2, 20);
	add_to("console.1.log", "before\n", O_TRUNC);
	assert_true(log_pager_open(&pager, directory, 1, &err));
	assert_window("before|");
	assert_false(log_pager_open(&pager, directory, 2, &err));
	assert_int_equal(err.code, ENOENT);
	assert_window("before|");
}

#define PAGER_CASE(name) cmocka_unit_test_teardown(name, close_log)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAGER_CASE(a_log_opens_at_its_end),
		PAGER_CASE(a_short_log_begins_at_the_top),
		PAGER_CASE(an_empty_log_has_no_rows),
		PAGER_CASE(the_window_moves_by_rows),
		PAGER_CASE(wide_characters_are_not_cut),
		PAGER_CASE(what_is_added_is_followed_or_left_below),
		PAGER_CASE(a_new_boot_begins_anew),
		PAGER_CASE(a_search_goes_up_then_down),
		PAGER_CASE(a_filter_hides_the_other_lines),
		PAGER_CASE(a_filter_stays_near_where_it_was_set),
		PAGER_CASE(older_boots_are_opened),
	};
	int failed;

	if (!mkdtemp(directory))
		return 1;
	failed = cmocka_run_group_tests_name("log pager", tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
