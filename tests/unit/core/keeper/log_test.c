/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log.h"

#include "core/base/str.h"
#include "core/keeper/stream/log_times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Also built with LOG_PART=100 LOG_BUFFER=16; with the real sizes nothing here fills a part. */
#define TINY (LOG_PART <= 100)

struct fixture {
	char directory[32];
	struct log *log;
	unsigned notices;
	char notice[1200];
};

static void keep_notice(void *data, const char *text)
{
	struct fixture *fixture = data;

	fixture->notices++;
	snprintf(fixture->notice, sizeof(fixture->notice), "%s", text);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	strcpy(fixture->directory, "/tmp/paddock-log.XXXXXX");
	*state = fixture;
	return mkdtemp(fixture->directory) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	log_free(fixture->log);
	for (unsigned boot = 0; boot <= LOG_BOOTS + 1; boot++) {
		char *paths[] = { log_path(fixture->directory, boot), log_older_path(fixture->directory, boot) };

		for (size_t i = 0; i < 2; i++) {
			char *times = log_times_path(paths[i]);

			unlink(times);
			unlink(paths[i]);
			free(times);
			free(paths[i]);
		}
	}
	rmdir(fixture->directory);
	free(fixture);
	return 0;
}

static void boot(struct fixture *fixture)
{
	log_free(fixture->log);
	fixture->log = log_new(fixture->directory, keep_notice, fixture);
}

static void add(struct fixture *fixture, const char *text)
{
	log_add(fixture->log, text, strlen(text));
}

/* The file's text, "" if there is none. Takes path. */
static void slurp(char *path, struct str *out)
{
	FILE *file = fopen(path, "r");
	int c;

	free(path);
	if (!file)
		return;
	while ((c = getc(file)) != EOF)
		str_addc(out, (char)c);
	fclose(file);
}

/* Both parts. */
static void assert_logged(const struct fixture *fixture, unsigned boot, const char *expect)
{
	struct str text;

	str_init(&text);
	slurp(log_older_path(fixture->directory, boot), &text);
	slurp(log_path(fixture->directory, boot), &text);
	assert_string_equal(text.text, expect);
	str_finish(&text);
}

/* The positions in the times of a log, "" if there are none. Takes path. */
static void assert_positions(char *path, const char *expect)
{
	struct str text, positions;

	str_init(&text);
	str_init(&positions);
	slurp(log_times_path(path), &text);
	for (char *line = strtok(text.text, "\n"); line; line = strtok(NULL, "\n"))
		str_addf(&positions, "%.*s ", (int)strcspn(line, " "), line);
	assert_string_equal(positions.text, expect);
	str_finish(&positions);
	str_finish(&text);
	free(path);
}

static void set_limit(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void nothing_is_written_before_a_flush(void **state)
{
	struct fixture *fixture = *state;

	boot(fixture);
	assert_int_equal(log_pending(fixture->log), 0);
	add(fixture, "hello");
	assert_int_equal(log_pending(fixture->log), 5);
	assert_logged(fixture, 0, "");
	log_flush(fixture->log);
	assert_int_equal(log_pending(fixture->log), 0);
	assert_logged(fixture, 0, "hello");
	log_flush(fixture->log);
	assert_logged(fixture, 0, "hello");
	assert_int_equal(fixture->notices, 0);
}

static void a_full_buffer_is_written_by_itself(void **state)
{
	struct fixture *fixture = *state;
	char *bytes = malloc(LOG_BUFFER + 1);
	struct stat st;
	char *path = log_path(fixture->directory, 0);

	boot(fixture);
	memset(bytes, 'x', LOG_BUFFER + 1);
	log_add(fixture->log, bytes, LOG_BUFFER + 1);
	assert_int_equal(log_pending(fixture->log), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, LOG_BUFFER);
	free(path);
	free(bytes);
}

static void only_the_owner_reads_the_log(void **state)
{
	struct fixture *fixture = *state;
	char *path = log_path(fixture->directory, 0);
	mode_t old = umask(0);
	struct stat st;

	boot(fixture);
	add(fixture, "secret");
	log_flush(fixture->log);
	umask(old);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	free(path);
}

static void five_older_boots_are_kept(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < 9; i++) {
		char text[16];

		boot(fixture);
		snprintf(text, sizeof(text), "boot %u", i);
		add(fixture, text);
		log_flush(fixture->log);
		for (unsigned ago = 0; ago <= LOG_BOOTS + 1; ago++) {
			snprintf(text, sizeof(text), "boot %d", (int)(i - ago));
			assert_logged(fixture, ago, ago <= i && ago <= LOG_BOOTS ? text : "");
		}
	}
}

static void a_boot_without_a_log_leaves_no_other_boots_in_its_place(void **state)
{
	struct fixture *fixture = *state;

	boot(fixture);
	add(fixture, "first");
	boot(fixture);
	boot(fixture);
	assert_logged(fixture, 0, "");
	assert_logged(fixture, 1, "");
	assert_logged(fixture, 2, "first");
}

#if TINY
static void the_newest_part_is_always_kept(void **state)
{
	struct fixture *fixture = *state;
	struct str all, text;

	boot(fixture);
	str_init(&all);
	str_init(&text);
	for (unsigned i = 0; i < 100; i++) {
		char piece[40];

		snprintf(piece, sizeof(piece), "%u,%.*s;", i, (int)(i % 25), "abcdefghijklmnopqrstuvwxyz");
		str_adds(&all, piece);
		add(fixture, piece);
		log_flush(fixture->log);
		str_clear(&text);
		slurp(log_older_path(fixture->directory, 0), &text);
		assert_true(text.len == 0 || text.len == LOG_PART);
		slurp(log_path(fixture->directory, 0), &text);
		assert_true(text.len >= LOG_PART || text.len == all.len);
		assert_true(text.len <= 2 * LOG_PART);
		assert_string_equal(text.text, all.text + all.len - text.len);
	}
	/* The older part moves on with its boot. */
	boot(fixture);
	assert_logged(fixture, 1, text.text);
	str_finish(&all);
	str_finish(&text);
}
#endif

static void full_disk_is_told_once_and_so_is_its_end(void **state)
{
	struct fixture *fixture = *state;

	boot(fixture);
	set_limit(8);
	add(fixture, "0123456789");
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 1);
	assert_non_null(strstr(fixture->notice, "cannot write the console log"));
	assert_non_null(strstr(fixture->notice, "console.log: File too large"));
	add(fixture, "ab");
	log_flush(fixture->log);
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 1);
	assert_logged(fixture, 0, "01234567");
	set_limit(RLIM_INFINITY);
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 2);
	assert_non_null(strstr(fixture->notice, "written again; 0 bytes are missing"));
	assert_logged(fixture, 0, "0123456789ab");
	set_limit(12);
	add(fixture, "c");
	log_flush(fixture->log);
	set_limit(RLIM_INFINITY);
	assert_int_equal(fixture->notices, 3);
}

static void what_found_no_room_is_counted_and_marked(void **state)
{
	struct fixture *fixture = *state;
	char *bytes = malloc(LOG_BUFFER + 9);
	char *path = log_path(fixture->directory, 0);
	struct str text;

	boot(fixture);
	memset(bytes, 'x', LOG_BUFFER + 9);
	set_limit(4);
	log_add(fixture->log, bytes, LOG_BUFFER + 9);	/* 4 are written, 5 have no room */
	add(fixture, "yy");
	assert_int_equal(fixture->notices, 1);
	set_limit(RLIM_INFINITY);
	log_flush(fixture->log);
	add(fixture, "z");
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 2);
	assert_non_null(strstr(fixture->notice, " 7 bytes are missing"));
	str_init(&text);
	slurp(log_older_path(fixture->directory, 0), &text);
	slurp(path, &text);
	assert_int_equal(text.text[LOG_BUFFER + 3], 'x');
	assert_string_equal(text.text + LOG_BUFFER + 4,
	                    "\r\n[paddock: 7 bytes are missing here: File too large]\r\nz");
	str_finish(&text);
	free(bytes);
}

static void missing_directory_stops_nobody_and_is_picked_up_again(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(rmdir(fixture->directory), 0);
	boot(fixture);
	add(fixture, "early");
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 1);
	assert_non_null(strstr(fixture->notice, "No such file"));
	assert_int_equal(mkdir(fixture->directory, 0700), 0);
	add(fixture, " late");
	log_flush(fixture->log);
	assert_logged(fixture, 0, "early late");
	assert_int_equal(fixture->notices, 2);
}

static void a_link_in_the_place_of_the_log_is_not_followed(void **state)
{
	struct fixture *fixture = *state;
	char *path = log_path(fixture->directory, 0), *target = log_path(fixture->directory, 1);

	boot(fixture);
	assert_int_equal(symlink(target, path), 0);
	add(fixture, "text");
	log_flush(fixture->log);
	assert_int_equal(fixture->notices, 1);
	assert_int_equal(access(target, F_OK), -1);
	free(path);
	free(target);
}

static void the_first_line_has_a_time_and_a_burst_only_one(void **state)
{
	struct fixture *fixture = *state;
	struct timespec before, after;
	struct str text;
	long long ms;

	boot(fixture);
	clock_gettime(CLOCK_REALTIME, &before);
	add(fixture, "one\n");
	clock_gettime(CLOCK_REALTIME, &after);
	log_flush(fixture->log);

	char *path = log_path(fixture->directory, 0);

	str_init(&text);
	slurp(log_times_path(path), &text);
	assert_int_equal(sscanf(text.text, "0 %lld\n", &ms), 1);
	assert_true(ms / 1000 >= before.tv_sec && ms / 1000 <= after.tv_sec);
	str_finish(&text);
	assert_positions(path, "0 ");
}

static void times_move_with_their_log(void **state)
{
	struct fixture *fixture = *state;

	boot(fixture);
	add(fixture, "one\n");
	boot(fixture);
	assert_positions(log_path(fixture->directory, 1), "0 ");
	assert_positions(log_path(fixture->directory, 0), "");
	boot(fixture);
	assert_positions(log_path(fixture->directory, 2), "0 ");
	assert_positions(log_path(fixture->directory, 1), "");
}

#if TINY
/* 250 bytes fill two parts and a half; the first part is not kept, and its times are not those of the second. */
static void each_part_has_times_of_its_own(void **state)
{
	struct fixture *fixture = *state;

	boot(fixture);
	add(fixture, "\n");
	for (int i = 0; i < 10; i++)
		add(fixture, "0123456789");
	log_flush(fixture->log);
	assert_positions(log_older_path(fixture->directory, 0), "0 ");
	assert_positions(log_path(fixture->directory, 0), "");
	for (int i = 0; i < 15; i++)
		add(fixture, "0123456789");
	log_flush(fixture->log);
	assert_positions(log_older_path(fixture->directory, 0), "");
	assert_positions(log_path(fixture->directory, 0), "");
}
#endif

#define LOG_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_CASE(nothing_is_written_before_a_flush),
		LOG_CASE(a_full_buffer_is_written_by_itself),
		LOG_CASE(only_the_owner_reads_the_log),
		LOG_CASE(five_older_boots_are_kept),
		LOG_CASE(a_boot_without_a_log_leaves_no_other_boots_in_its_place),
#if TINY
		LOG_CASE(the_newest_part_is_always_kept),
#endif
		LOG_CASE(full_disk_is_told_once_and_so_is_its_end),
		LOG_CASE(what_found_no_room_is_counted_and_marked),
		LOG_CASE(missing_directory_stops_nobody_and_is_picked_up_again),
		LOG_CASE(a_link_in_the_place_of_the_log_is_not_followed),
		LOG_CASE(the_first_line_has_a_time_and_a_burst_only_one),
		LOG_CASE(times_move_with_their_log),
#if TINY
		LOG_CASE(each_part_has_times_of_its_own),
#endif
	};

	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
