/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/replace.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_string_grows_and_shrinks_and_keeps_its_nul(void **state)
{
	(void)state;
	struct str s;

	str_init(&s);
	assert_string_equal(s.text, "");
	for (int i = 0; i < 1000; i++)
		str_addf(&s, "%d,", i % 10);
	assert_int_equal(s.len, 2000);
	str_drop(&s, 1996);
	assert_string_equal(s.text, "8,9,");
	str_cut(&s, 1);
	str_add(&s, "\0x", 2);
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.text, "8\0x", 4);
	str_drop(&s, 100);
	assert_string_equal(s.text, "");

	char *mine = str_detach(&s);
	assert_string_equal(mine, "");
	free(mine);
	str_finish(&s);
	str_finish(&s);
}

static void an_empty_string_can_be_detached_and_dropped(void **state)
{
	(void)state;
	struct str s;

	str_init(&s);
	str_drop(&s, 5);
	str_clear(&s);
	char *text = str_detach(&s);
	assert_string_equal(text, "");
	free(text);
}

static void an_array_grows_by_doubling_and_keeps_what_it_holds(void **state)
{
	(void)state;
	size_t size = 0, moves = 0;
	unsigned *numbers = NULL;

	for (unsigned i = 0; i < 1000; i++) {
		size_t before = size;

		numbers = mem_grow(numbers, &size, i + 1, sizeof(*numbers));
		assert_true(size > i && (size == before || size >= 2 * before));
		moves += size != before;
		numbers[i] = i;
	}
	assert_in_range(moves, 1, 10);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);

	/* More at once than twice as much, and less than there is. */
	numbers = mem_grow(numbers, &size, 5000, sizeof(*numbers));
	assert_int_equal(size, 5000);
	assert_ptr_equal(mem_grow(numbers, &size, 1, sizeof(*numbers)), numbers);
	assert_int_equal(size, 5000);
	free(numbers);
}

static void a_list_inserts_replaces_and_removes_and_ends_in_null(void **state)
{
	(void)state;
	struct strv v = { 0 }, copy = { 0 };

	strv_add(&v, "b");
	strv_addf(&v, "%d", 3);
	strv_insert(&v, 0, "a");
	strv_replace(&v, 2, "c");
	assert_null(v.items[3]);
	assert_true(strv_has(&v, "c") && !strv_has(&v, "3"));
	strv_copy(&copy, &v);
	assert_true(strv_equal(&copy, &v));
	strv_remove(&v, 0);
	assert_string_equal(v.items[0], "b");
	assert_null(v.items[2]);
	assert_false(strv_equal(&copy, &v));
	strv_insert(&v, 2, "0");
	strv_sort(&v);
	assert_string_equal(v.items[0], "0");
	strv_finish(&v);
	strv_finish(&copy);
}

static void numbers_are_plain_decimals_within_their_range(void **state)
{
	(void)state;
	static const struct { const char *text, *error; } bad[] = {
		{ "", "not a number" }, { "-1", "not a number" }, { "+1", "not a number" },
		{ " 1", "not a number" }, { "1 ", "not a number" }, { "0x10", "not a number" },
		{ "1_0", "not a number" }, { "1.5", "not a number" }, { "99999999999999999999x", "not a number" },
		{ "0", "less than 1" }, { "11", "more than 10" }, { "99999999999999999999", "more than 10" },
		{ "18446744073709551617", "more than 10" },
	};
	struct error err;
	uint64_t value = 77;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(number_parse(bad[i].text, 1, 10, &value, &err));
		assert_string_equal(err.text, bad[i].error);
		assert_int_equal(value, 77);
	}
	assert_true(number_parse("010", 1, 10, &value, &err));
	assert_int_equal(value, 10);
	assert_true(number_parse("18446744073709551615", 0, UINT64_MAX, &value, &err));
	assert_true(value == UINT64_MAX);
}

static void hexadecimal_digits_are_those_of_both_cases(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = -128; c < 128; c++) {
		const char *at = c > 0 ? strchr(digits, c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) : NULL;

		assert_int_equal(number_hex_digit((char)c), at ? at - digits : -1);
	}
}

static void paths_are_cleaned_as_filepath_clean_does(void **state)
{
	(void)state;
	static const struct { const char *path, *clean; } rows[] = {
		{ "", "." }, { ".", "." }, { "./", "." }, { "/", "/" }, { "//", "/" }, { "a", "a" }, { "a/", "a" },
		{ "./st//x/..", "st" }, { "a/../st", "st" }, { "a/..", "." }, { "..", ".." }, { "../..", "../.." },
		{ "../a/..", ".." }, { "a/../../b", "../b" }, { "/..", "/" }, { "/../a", "/a" }, { "/a/../..", "/" },
		{ "a/./b", "a/b" }, { "...", "..." }, { ".a/..b", ".a/..b" }, { "/a//b///c", "/a/b/c" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *clean = path_clean(rows[i].path);
		char *again = path_clean(clean);

		assert_string_equal(clean, rows[i].clean);
		assert_string_equal(again, clean);
		free(clean);
		free(again);
	}
}

static void assert_takes(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static void paths_join_and_shorten(void **state)
{
	(void)state;
	setenv("HOME", "/home/me", 1);
	assert_takes(path_join(".", "qemu.pid"), "qemu.pid");
	assert_takes(path_join("st", "x"), "st/x");
	assert_takes(path_join("st", "/x"), "/x");
	assert_takes(path_expand("~/x"), "/home/me/x");
	assert_takes(path_expand("~other"), "~other");
	assert_takes(path_shorten("/home/me/vm"), "~/vm");
	assert_takes(path_shorten("/home/me"), "~");
	assert_takes(path_shorten("/home/meyer"), "/home/meyer");
	assert_takes(path_parent("a"), ".");
	assert_takes(path_parent("/a"), "/");
	assert_takes(path_parent("a/b"), "a");
	assert_string_equal(path_base("a/b"), "b");
	setenv("HOME", "/home/me/", 1);
	assert_takes(path_expand("~/x"), "/home/me/x");
	setenv("HOME", "/", 1);
	assert_takes(path_expand("~/x"), "/x");
	assert_takes(path_expand("~"), "/");
	assert_false(path_lacks_home("~/x"));
	setenv("HOME", "/home/me", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	assert_takes(path_xdg("XDG_STATE_HOME", ".local/state"), "/home/me/.local/state/paddock");
	setenv("XDG_STATE_HOME", "/s", 1);
	assert_takes(path_xdg("XDG_STATE_HOME", ".local/state"), "/s/paddock");
	assert_takes(path_state("run"), "/s/paddock/run");
}

static void directories_are_made_component_by_component_as_written(void **state)
{
	(void)state;
	char dir[] = "/tmp/paddock-base.XXXXXX";
	struct stat st;
	struct error err;

	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_true(path_make_dirs("a/../st//x/", 0700, &err));
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(stat("st/x", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_true(path_make_dirs("st/x", 0700, &err));
	assert_true(path_make_dirs(".", 0700, &err));
	fclose(fopen("file", "w"));
	assert_false(path_make_dirs("file", 0700, &err));
	assert_string_equal(err.text, "file: Not a directory");
	assert_false(path_make_dirs("file/x", 0700, &err));
	assert_string_equal(err.text, "file: Not a directory");
	assert_int_equal(symlink("nothing", "link"), 0);
	assert_false(path_make_dirs("link", 0700, &err));
	assert_string_equal(err.text, "link is a dangling symbolic link");
	assert_int_equal(chdir("/"), 0);

	char *command = mem_printf("rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	free(command);
}

static void bytes_come_back_as_they_were_put(void **state)
{
	(void)state;
	struct str s;
	size_t len;

	str_init(&s);
	bytes_put_number(&s, UINT64_MAX);
	bytes_put_text(&s, NULL);
	bytes_put_text(&s, "");
	bytes_put_blob(&s, "a\0b", 3);

	struct bytes_reader r = { .at = (unsigned char *)s.text, .left = s.len };
	assert_true(bytes_get_number(&r) == UINT64_MAX);
	assert_null(bytes_get_text(&r));
	assert_takes(bytes_get_text(&r), "");
	char *blob = bytes_get_blob(&r, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(blob, "a\0b", 4);
	free(blob);
	assert_false(r.bad);
	assert_int_equal(bytes_get_number(&r), 0);
	assert_true(r.bad);
	str_finish(&s);
}

/* Every way to cut a message short is noticed and reads nothing beyond it. */
static void bytes_cut_short_are_bad(void **state)
{
	(void)state;
	struct str s;

	str_init(&s);
	bytes_put_text(&s, "abc");
	bytes_put_text(&s, "defg");
	for (size_t len = 0; len < s.len; len++) {
		unsigned char *exact = mem_alloc(len);
		memcpy(exact, s.text, len);
		struct bytes_reader r = { .at = exact, .left = len };

		free(bytes_get_text(&r));
		free(bytes_get_text(&r));
		assert_true(r.bad);
		free(exact);
	}
	str_finish(&s);
}

static void a_file_is_read_whole_or_refused(void **state)
{
	char *dir = scratch_new(), head[5];
	char big[40000];
	struct str text;
	int fd = open("big", O_RDWR | O_CREAT, 0600);

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_true(io_write(fd, big, sizeof(big)));
	for (int over = 0; over < 2; over++) {
		str_init(&text);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_true(io_read(fd, sizeof(big) - (size_t)over, &text) == !over);
		assert_true(over ? errno == EFBIG : text.len == sizeof(big));
		str_finish(&text);
	}
	assert_int_equal(io_head("big", head, sizeof(head)), 4);
	assert_string_equal(head, "xxxx");
	assert_int_equal(io_head("none", head, sizeof(head)), -1);
	assert_string_equal(head, "");
	assert_int_equal(io_head(".", head, sizeof(head)), -1);
	assert_true(io_read_at(fd, head, 2, sizeof(big) - 2));
	assert_false(io_read_at(fd, head, 3, sizeof(big) - 2));
	assert_false(io_read_at(fd, head, 1, UINT64_MAX));
	close(fd);
	fd = open("/dev/full", O_WRONLY);
	assert_false(io_write(fd, big, sizeof(big)));
	assert_int_equal(errno, ENOSPC);
	close(fd);
	scratch_free(dir);
}

static void a_file_is_replaced_whole_or_stays(void **state)
{
	char *dir = scratch_new(), head[8];
	struct stat st;
	int fd;

	(void)state;
	scratch_put("file", "old", 3, 0);
	fd = replace_begin("file", 0640);
	assert_false(replace_end(fd, "file", io_write(fd, "new", 3) && false));
	assert_int_equal(io_head("file", head, sizeof(head)), 3);
	assert_string_equal(head, "old");
	fd = replace_begin("file", 0640);
	assert_true(replace_end(fd, "file", io_write(fd, "newer", 5)));
	assert_int_equal(io_head("file", head, sizeof(head)), 5);
	assert_string_equal(head, "newer");
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	/* Neither leaves its temporary file. */
	assert_int_equal(unlink("file"), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
	free(dir);
	assert_int_equal(replace_begin("/none/file", 0600), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_string_grows_and_shrinks_and_keeps_its_nul),
		cmocka_unit_test(an_empty_string_can_be_detached_and_dropped),
		cmocka_unit_test(an_array_grows_by_doubling_and_keeps_what_it_holds),
		cmocka_unit_test(a_list_inserts_replaces_and_removes_and_ends_in_null),
		cmocka_unit_test(numbers_are_plain_decimals_within_their_range),
		cmocka_unit_test(hexadecimal_digits_are_those_of_both_cases),
		cmocka_unit_test(paths_are_cleaned_as_filepath_clean_does),
		cmocka_unit_test(paths_join_and_shorten),
		cmocka_unit_test(directories_are_made_component_by_component_as_written),
		cmocka_unit_test(bytes_come_back_as_they_were_put),
		cmocka_unit_test(bytes_cut_short_are_bad),
		cmocka_unit_test(a_file_is_read_whole_or_refused),
		cmocka_unit_test(a_file_is_replaced_whole_or_stays),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
