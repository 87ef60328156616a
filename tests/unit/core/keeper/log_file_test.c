/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_file.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_match.h"
#include "core/keeper/stream/log_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BLOCK LOG_FILE_BLOCK

static char directory[] = "/tmp/paddock-logfile.XXXXXX";

static void write_file(const char *name, const void *bytes, size_t len, int flags)
{
	char *path = path_join(directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	free(path);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text), O_TRUNC);
}

static int clean(void **state)
{
	static const char *const names[] = {
		"console.log", "console.older.log", "console.times", "console.older.times", "console.1.log",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(directory, names[i]);

		unlink(path);
		free(path);
	}
	return 0;
}

static struct log_file *open_log(void)
{
	struct error err;
	struct log_file *file = log_file_open(directory, 0, &err);

	assert_non_null(file);
	return file;
}

static void assert_line(struct log_file *file, uint64_t line, const char *text, uint64_t next)
{
	char *buf = mem_alloc(2 * BLOCK);
	uint64_t got;
	size_t len = log_file_text(file, line, buf, &got);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(buf, text, len);
	assert_int_equal(got, next);
	free(buf);
}

static void two_parts_are_one_log(void **state)
{
	struct log_file *file;

	(void)state;
	write_text("console.older.log", "one\ntw");
	write_text("console.log", "o\nthree");
	file = open_log();
	assert_int_equal(log_file_size(file), 13);
	assert_line(file, 0, "one", 4);
	assert_line(file, 4, "two", 8);
	assert_line(file, 8, "three", 13);
	assert_int_equal(log_file_line(file, 13), 8);
	assert_int_equal(log_file_line(file, 7), 4);
	assert_int_equal(log_file_line(file, 99), 8);
	log_file_close(file);
}

static void a_log_that_is_missing_or_a_link_is_an_error(void **state)
{
	struct error err;
	char *path = path_join(directory, "console.log");

	(void)state;
	assert_null(log_file_open(directory, 0, &err));
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_null(log_file_open(directory, 0, &err));
	assert_int_equal(err.code, ELOOP);
	free(path);
}

/* The end and the beginning of a log of 64 MiB are a few blocks away. */
static void a_large_log_opens_without_being_read(void **state)
{
	char *path = path_join(directory, "console.log");
	const uint64_t size = UINT64_C(64) << 20;
	struct log_file *file;

	(void)state;
	write_text("console.log", "first\n");
	assert_int_equal(truncate(path, (off_t)size - 6), 0);
	write_file("console.log", "\nlast\n", 6, O_APPEND);
	file = open_log();
	assert_int_equal(log_file_bytes_read(file), 0);
	assert_int_equal(log_file_line(file, size), size);
	assert_int_equal(log_file_line(file, size - 1), size - 5);
	assert_line(file, size - 5, "last", size);
	assert_line(file, 0, "first", 6);
	assert_true(log_file_bytes_read(file) <= 4 * (uint64_t)BLOCK);
	log_file_close(file);
	free(path);
}

/* Whatever the bytes are, going down and going up find the same lines, and none is too long. */
static void lines_are_the_same_in_both_directions(void **state)
{
	static const size_t feeds[] = { 5000, 40000, 100000, 3 };
	size_t size = 7 * BLOCK + 77;
	char *bytes = mem_alloc(size);
	uint64_t *lines = mem_array(size + 1, sizeof(*lines));

	(void)state;
	srand(3);
	for (size_t round = 0; round < 4; round++) {
		struct log_file *file;
		size_t count = 0;

		memset(bytes, 'x', size);
		for (size_t at = 0; at < size; at += 1 + (size_t)rand() % feeds[round])
			bytes[at] = '\n';
		write_file("console.log", bytes, size, O_TRUNC);
		file = open_log();
		for (uint64_t line = 0; line < size; line = log_file_next(file, line)) {
			assert_true(count == 0 || (line > lines[count - 1] && line - lines[count - 1] <= 2 * BLOCK));
			lines[count++] = line;
		}
		uint64_t line = size;
		while (count > 0) {
			uint64_t above = log_file_line(file, line - 1);

			assert_int_equal(above, lines[--count]);
			assert_int_equal(log_file_line(file, (above + line) / 2), above);
			line = above;
		}
		assert_int_equal(line, 0);
		log_file_close(file);
	}
	free(bytes);
	free(lines);
}

static void a_log_that_grows_is_looked_at_again(void **state)
{
	struct log_file *file;

	(void)state;
	write_text("console.log", "one\ntw");
	file = open_log();
	assert_line(file, 4, "tw", 6);
	write_file("console.log", "o\nthree", 7, O_APPEND);
	assert_line(file, 4, "tw", 6);
	assert_true(log_file_look(file));
	assert_line(file, 4, "two", 8);
	assert_line(file, 8, "three", 13);

	char *from = path_join(directory, "console.log"), *to = path_join(directory, "console.1.log");

	assert_int_equal(rename(from, to), 0);
	assert_false(log_file_look(file));
	uint64_t dropped;

	assert_false(log_file_reopen(file, &dropped));
	assert_line(file, 4, "two", 8);
	write_text("console.log", "a new boot that wrote more than the one before\n");
	assert_false(log_file_look(file));
	assert_true(log_file_reopen(file, &dropped));
	assert_int_equal(dropped, 13);
	assert_line(file, 0, "a new boot that wrote more than the one before", 47);
	log_file_close(file);
	free(from);
	free(to);
}

static void a_log_goes_on_in_a_new_part(void **state)
{
	char *from = path_join(directory, "console.log"), *to = path_join(directory, "console.older.log");
	struct log_file *file;
	uint64_t dropped;

	(void)state;
	write_text("console.older.log", "oldest\n");
	write_text("console.log", "old\n");
	file = open_log();
	write_file("console.log", "middle\n", 7, O_APPEND);
	assert_int_equal(rename(from, to), 0);
	write_text("console.log", "new\n");
	assert_false(log_file_look(file));
	assert_line(file, 11, "middle", 18);
	assert_true(log_file_reopen(file, &dropped));
	assert_int_equal(dropped, 7);
	assert_line(file, 11 - dropped, "middle", 18 - dropped);
	assert_line(file, 18 - dropped, "new", 15);
	log_file_close(file);
	free(from);
	free(to);
}

static void each_part_knows_its_times(void **state)
{
	struct log_file *file;
	int64_t ms;
	uint64_t position;

	(void)state;
	write_text("console.older.log", "one\ntwo\n");
	write_text("console.log", "three\nfour\n");
	file = open_log();
	assert_false(log_file_has_times(file));
	assert_false(log_file_time(file, 8, &ms));
	log_file_close(file);
	write_text("console.older.times", "0 100\n4 200\n");
	write_text("console.times", "6 300\n");
	file = open_log();
	assert_true(log_file_has_times(file));
	assert_true(log_file_time(file, 4, &ms));
	assert_int_equal(ms, 200);
	assert_true(log_file_time(file, 8, &ms));	/* written together with the end of the part before */
	assert_int_equal(ms, 200);
	assert_true(log_file_time(file, 14, &ms));
	assert_int_equal(ms, 300);
	assert_true(log_file_since(file, 250, &position));
	assert_int_equal(position, 14);
	assert_true(log_file_since(file, 150, &position));
	assert_int_equal(position, 4);
	assert_false(log_file_since(file, 301, &position));
	log_file_close(file);
}

/* Search. */

static struct log_match *pattern(const char *text)
{
	struct error err;
	struct log_match *match = log_match_new(text, &err);

	assert_non_null(match);
	return match;
}

static void assert_found(const char *text, uint64_t from, const char *expect)
{
	struct log_file *file = open_log();
	struct log_match *match = pattern(text);
	struct log_search *search = log_search_new(file, match, NULL, from);
	struct str found;

	while (log_search_step(search, true)) {}
	while (log_search_step(search, false)) {}
	str_init(&found);
	for (size_t i = 0; i < log_search_count(search); i++) {
		str_addf(&found, "%u ", (unsigned)log_search_line(search, i));
		assert_int_equal(log_search_index(search, log_search_line(search, i)), i);
	}
	assert_string_equal(found.text, expect);
	assert_int_equal(log_search_index(search, UINT64_MAX), log_search_count(search));
	str_finish(&found);
	log_search_free(search);
	log_match_free(match);
	log_file_close(file);
}

static void lines_are_found_as_they_look(void **state)
{
	static const uint64_t starts[] = { 0, 8, 13, 999 };

	(void)state;
	write_text("console.log", "A match\n" "m\033[1match\033[0m\r\n" "no\n" "\033]0;match\a\r\n" "match\rover-\r\n" "matc\n" "a match twice: match");
	for (size_t i = 0; i < 4; i++) {
		assert_found("match", starts[i], "0 8 56 ");
		assert_found("A match", starts[i], "0 ");
		assert_found("mat[c]h$", starts[i], "0 8 56 ");
		assert_found("^a match", starts[i], "0 56 ");
		assert_found("over-", starts[i], "38 ");
		assert_found("missing", starts[i], "");
	}
}

static void every_position_and_step_finds_the_same(void **state)
{
	size_t size = 5 * LOG_SEARCH_STEP;
	char *bytes = mem_alloc(size);
	struct log_match *match = pattern("needle");
	size_t expect = 0;

	(void)state;
	srand(11);
	for (size_t i = 0; i < size; i++)
		bytes[i] = rand() % 60 ? 'x' : '\n';
	for (size_t at = 1000; at + 10 < size; at += 7777, expect++)
		memcpy(bytes + at, "\nneedle\n", 8);
	write_file("console.log", bytes, size, O_TRUNC);
	for (uint64_t from = 0; from <= size; from += size / 9) {
		struct log_file *file = open_log();
		struct log_search *search = log_search_new(file, match, NULL, from);

		for (bool up = true; log_search_more(search, true) || log_search_more(search, false); up = !up)
			log_search_step(search, up);
		assert_int_equal(log_search_count(search), expect);
		for (size_t i = 0; i < expect; i++)
			assert_int_equal(log_search_line(search, i), 1001 + 7777 * i);
		log_search_free(search);
		log_file_close(file);
	}
	log_match_free(match);
	free(bytes);
}

static void what_is_added_is_found(void **state)
{
	struct log_file *file;
	struct log_match *match = pattern("needle");
	struct log_search *search;

	(void)state;
	write_text("console.log", "needle\nneed");
	file = open_log();
	search = log_search_new(file, match, NULL, 11);
	while (log_search_step(search, true) || log_search_step(search, false)) {}
	assert_int_equal(log_search_count(search), 1);
	write_file("console.log", "le\nneedle", 9, O_APPEND);
	assert_true(log_file_look(file));
	log_search_grown(search);
	while (log_search_step(search, false)) {}
	assert_int_equal(log_search_count(search), 3);
	write_file("console.log", "s\n", 2, O_APPEND);
	assert_true(log_file_look(file));
	log_search_grown(search);
	while (log_search_step(search, false)) {}
	assert_int_equal(log_search_count(search), 3);
	assert_int_equal(log_search_line(search, 2), 14);
	log_search_free(search);
	log_match_free(match);
	log_file_close(file);
}

static void an_expression_sees_the_whole_line(void **state)
{
	struct str line;

	(void)state;
	str_init(&line);
	str_addf(&line, "%0*d", 15000, 0);
	str_adds(&line, "needle and pin\n");
	write_text("console.log", line.text);
	assert_found("n[e]edle", 0, "0 ");
	assert_found("^0*needle and p[i]n$", 0, "0 ");
	assert_found("pin", 0, "0 ");
	str_finish(&line);
}

static void an_empty_match_is_a_match_of_a_line(void **state)
{
	(void)state;
	write_text("console.log", "one\n\ntwo\n");
	assert_found("^$", 0, "4 ");
	assert_found("x*", 0, "0 4 5 ");
	assert_found("t?w?o?$", 9, "0 4 5 ");
}

static void case_is_ignored_without_capitals_in_every_script(void **state)
{
	(void)state;
	write_text("console.log", "\303\234BER\n\303\274ber\n");
	assert_found("\303\274ber", 0, "0 6 ");
	assert_found("\303\234BER", 0, "0 ");
	assert_found("^.be+r", 0, "0 6 ");
}

/* The size of an expression has a bound, and with it the time for a byte. */
static void patterns_without_bounds_are_rejected(void **state)
{
	static const char *const wrong[] = { "(a*)\\1", "a{9999}", "((a{99}){99}){99}", "a{1,9999}", "(", "[a" };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(log_match_new(wrong[i], &err));
	log_match_free(pattern("a\\\\1"));
	log_match_free(pattern("a{2,3}"));
}

static void matches_in_a_text_are_found_one_after_the_other(void **state)
{
	static const struct { const char *pattern, *text; size_t from, at, len; } cases[] = {
		{ "ab", "xABab", 0, 1, 2 }, { "ab", "xABab", 2, 3, 2 }, { "aB", "xABaB", 0, 3, 2 }, { "a+", "xaab", 0, 1, 2 },
		{ "\\W", "ab c", 0, 2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct log_match *match = pattern(cases[i].pattern);
		size_t at, len;

		assert_true(log_match_find(match, cases[i].text, cases[i].from, &at, &len));
		assert_int_equal(at, cases[i].at);
		assert_int_equal(len, cases[i].len);
		assert_false(log_match_find(match, cases[i].text, strlen(cases[i].text), &at, &len));
		log_match_free(match);
	}
}

#define FILE_CASE(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_CASE(two_parts_are_one_log),
		FILE_CASE(a_log_that_is_missing_or_a_link_is_an_error),
		FILE_CASE(a_large_log_opens_without_being_read),
		FILE_CASE(lines_are_the_same_in_both_directions),
		FILE_CASE(a_log_that_grows_is_looked_at_again),
		FILE_CASE(a_log_goes_on_in_a_new_part),
		FILE_CASE(each_part_knows_its_times),
		FILE_CASE(lines_are_found_as_they_look),
		FILE_CASE(every_position_and_step_finds_the_same),
		FILE_CASE(what_is_added_is_found),
		FILE_CASE(an_expression_sees_the_whole_line),
		FILE_CASE(an_empty_match_is_a_match_of_a_line),
		FILE_CASE(case_is_ignored_without_capitals_in_every_script),
		FILE_CASE(patterns_without_bounds_are_rejected),
		FILE_CASE(matches_in_a_text_are_found_one_after_the_other),
	};
	int failed;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (!mkdtemp(directory))
		return 1;
	failed = cmocka_run_group_tests_name("log file", tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
