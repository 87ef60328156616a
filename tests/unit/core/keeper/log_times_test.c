/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LOG_NAME "/tmp/paddock-times.log"

static int open_text(const char *text, size_t len)
{
	char name[] = "/tmp/paddock-times.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	return fd;
}

static int64_t at(int fd, uint64_t position)
{
	struct log_times_reader reader = { .fd = fd };
	int64_t ms;

	return log_times_at(&reader, position, &ms) ? ms : -1;
}

static void the_times_of_a_log_stand_next_to_it(void **state)
{
	char *path = log_times_path("/a.log/console.2.older.log");

	(void)state;
	assert_string_equal(path, "/a.log/console.2.older.times");
	free(path);
}

static void a_byte_has_the_time_of_the_record_before_it(void **state)
{
	static const char text[] = "5 1000\n9 2000\n400 1500\n";
	int fd = open_text(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(at(fd, 4), -1);
	assert_int_equal(at(fd, 5), 1000);
	assert_int_equal(at(fd, 8), 1000);
	assert_int_equal(at(fd, 9), 2000);
	assert_int_equal(at(fd, 399), 2000);
	assert_int_equal(at(fd, UINT64_MAX), 1500);
	close(fd);
}

static void any_record_of_many_is_found(void **state)
{
	char *text = malloc(400000), *end = text;
	uint64_t position;

	(void)state;
	for (int i = 0; i < 20000; i++)
		end += sprintf(end, "%d %d\n", i * 7, 100 + i);

	int fd = open_text(text, (size_t)(end - text));

	for (int i = 0; i < 20000; i += 13) {
		assert_int_equal(at(fd, (uint64_t)i * 7), 100 + i);
		assert_int_equal(at(fd, (uint64_t)i * 7 + 6), 100 + i);
	}
	/* The same reader, near and far, up and down. */
	struct log_times_reader reader = { .fd = fd };
	static const int steps[] = { 1, 1, 2, 9, 100, -1, -50, 7, 19000, 1, -18000, 3 };
	int64_t ms;

	for (int i = 0, record = 40; i < 400; i++, record = (record + steps[i % 12] + 20000) % 20000) {
		assert_true(log_times_at(&reader, (uint64_t)record * 7 + (unsigned)i % 7, &ms));
		assert_int_equal(ms, 100 + record);
	}
	assert_true(log_times_since(fd, 100 + 19999, &position));
	assert_int_equal(position, 19999 * 7);
	assert_true(log_times_since(fd, 0, &position));
	assert_int_equal(position, 0);
	assert_false(log_times_since(fd, 100 + 20000, &position));
	close(fd);
	free(text);
}

static void what_is_malformed_is_no_time(void **state)
{
	static const char *const texts[] = {
		"", "\n", "12", "12 ", "12 13", " 12 13\n", "12  13\n", "12 13 \n", "12 -3\n", "-1 3\n", "x\n", "1 2x\n",
		"1234567890123456789012 5\n", "1 1234567890123456789012\n",
	};
	uint64_t position;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int fd = open_text(texts[i], strlen(texts[i]));

		assert_int_equal(at(fd, 100), -1);
		assert_false(log_times_since(fd, 0, &position));
		close(fd);
	}
	assert_int_equal(at(-1, 0), -1);
	assert_false(log_times_since(-1, 0, &position));
}

static void a_torn_record_costs_only_itself(void **state)
{
	static const char text[] = "0 10\n20 20\n4\n60 40\n80 5";
	int fd = open_text(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(at(fd, 50), 20);
	assert_int_equal(at(fd, 60), 40);
	assert_int_equal(at(fd, 90), 40);
	close(fd);
}

static void no_bytes_at_all_are_a_reason_to_crash(void **state)
{
	char text[4096];
	uint64_t position;

	(void)state;
	srand(7);
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = "0123456789 \n"[rand() % 12];

		int fd = open_text(text, (size_t)rand() % sizeof(text));

		for (uint64_t p = 0; p < 2000; p += 99)
			at(fd, p);
		log_times_since(fd, round, &position);
		close(fd);
	}
}

static void a_writer_goes_on_behind_a_torn_record(void **state)
{
	struct log_times times;
	char *path = log_times_path(LOG_NAME), text[64] = "";

	(void)state;
	unlink(path);
	log_times_open(&times, LOG_NAME);
	log_times_put(&times, 0, 1000);
	assert_int_equal(write(times.fd, "12 1", 4), 4);
	log_times_close(&times);
	log_times_put(&times, 15, 1500);	/* not open: left out */
	log_times_open(&times, LOG_NAME);
	log_times_put(&times, 20, 2000);
	log_times_put(&times, 30, 3000);
	log_times_close(&times);

	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "0 1000\n12 1\n20 2000\n30 3000\n");
	close(fd);
	unlink(path);
	free(path);
}

static void times_take_no_more_room_than_the_log(void **state)
{
	struct log_times times;
	char *path = log_times_path(LOG_NAME);

	(void)state;
	unlink(path);
	log_times_open(&times, LOG_NAME);
	for (uint64_t i = 0; i < 20000; i++)
		log_times_put(&times, i, INT64_C(1700000000000) + (int64_t)i);
	assert_true(times.size <= 64 * 1024 + 20000);
	assert_true(times.size > 64 * 1024 + 20000 - 30);
	log_times_close(&times);
	unlink(path);
	free(path);
	assert_int_equal(log_times_most(UINT64_C(64) << 20), UINT64_C(20) << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_times_of_a_log_stand_next_to_it),
		cmocka_unit_test(a_byte_has_the_time_of_the_record_before_it),
		cmocka_unit_test(any_record_of_many_is_found),
		cmocka_unit_test(what_is_malformed_is_no_time),
		cmocka_unit_test(a_torn_record_costs_only_itself),
		cmocka_unit_test(no_bytes_at_all_are_a_reason_to_crash),
		cmocka_unit_test(a_writer_goes_on_behind_a_torn_record),
		cmocka_unit_test(times_take_no_more_room_than_the_log),
	};

	return cmocka_run_group_tests_name("log times", tests, NULL, NULL);
}
