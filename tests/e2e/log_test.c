/* SPDX-License-Identifier: MIT */
/* `paddock log` with times, patterns and -f. */
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
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define GREETING "fake guest ready"
#define STATE "vm/disk.img-state/"

static void assert_log(struct home *home, int status, const char *expect, const char *const argv[])
{
	struct result log = cli_run(home, NULL, argv);

	assert_string_equal(log.out, expect);
	assert_string_equal(log.err, "");
	assert_int_equal(log.status, status);
	result_finish(&log);
}

#define expect_log(home, status, expect, ...) \
	assert_log(home, status, expect, (const char *const[]){ "paddock", "log", __VA_ARGS__, "disk.img", NULL })

/* Three lines: two hours, 30 minutes and 10 minutes old, and a prompt as old as the last one. */
static void write_old_log(struct home *home)
{
	char times[128];
	long long now = (long long)time(NULL) * 1000;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, STATE "console.log", "alpha\r\n\033[1mbe\033[0mta\r\ngamma\r\nlogin: ");
	snprintf(times, sizeof(times), "0 %lld\n7 %lld\n21 %lld\n", now - 7200000, now - 1800000, now - 600000);
	home_write(home, STATE "console.times", times);
}

static void lines_are_chosen_by_time(void **state)
{
	struct home *home = *state;

	write_old_log(home);
	expect_log(home, 0, "\033[1mbe\033[0mta\r\ngamma\r\nlogin: \n", "--since", "1h");
	expect_log(home, 0, "alpha\r\n", "--until", "1h ago");
	expect_log(home, 0, "\033[1mbe\033[0mta\r\n", "--since=1h30m", "--until=20 min");
	expect_log(home, 0, "alpha\r\n\033[1mbe\033[0mta\r\ngamma\r\nlogin: \n", "--since", "boot");
	expect_log(home, 0, "", "--since", "now");
	expect_log(home, 0, "", "--since", "2199-01-01 00:00");
}

static void lines_are_chosen_by_a_pattern(void **state)
{
	struct home *home = *state;

	write_old_log(home);
	expect_log(home, 0, "\033[1mbe\033[0mta\r\n", "--grep", "^beta$");
	expect_log(home, 0, "alpha\r\ngamma\r\n", "--grep", "A$", "--grep", "[ml].*a$");
	expect_log(home, 0, "gamma\r\n", "--grep", "gam|alpha", "--since", "1h");
	expect_log(home, 1, "", "--grep", "Gamma");
	expect_refused(home, WORDS("--grep", "'('"), "log", "--grep", "(", "disk.img");
}

static void lines_have_their_times(void **state)
{
	struct home *home = *state;

	home_set(home, "TZ", "UTC-3");
	home_fake_qemu(home, "vm/disk.img");
	home_write(home, STATE "console.1.log", "one\ntwo\nthree\n");
	home_write(home, STATE "console.1.times", "4 1700000000120\n8 170");
	expect_log(home, 0, "- one\n2023-11-15T01:13:20.120+03:00 two\n2023-11-15T01:13:20.120+03:00 three\n",
	           "--timestamps", "--boot", "1");
	expect_log(home, 0, "one\ntwo\nthree\n", "--boot", "1");
	expect_log(home, 0, "two\nthree\n", "--boot", "1", "--since", "2023-11-15 01:13:20");
	expect_log(home, 0, "", "--boot", "1", "--since", "2023-11-15T01:13:21");
}

static void a_log_without_times_has_lines_only(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, STATE "console.log", "one\ntwo\n");
	expect_log(home, 0, "two\n", "--grep", "two");
	expect_refused(home, WORDS("disk.img", "no times"), "log", "--since", "1h", "disk.img");
	home_write(home, STATE "console.times", "garbage\n");
	expect_refused(home, WORDS("disk.img", "no times"), "log", "--timestamps", "disk.img");
	expect_refused(home, WORDS("--since", "'noon'"), "log", "--since", "noon", "disk.img");
	expect(home, 2, "log", "-f", "--until", "now", "disk.img");
}

static void a_running_machine_is_followed_line_by_line(void **state)
{
	struct home *home = *state;
	char year[8];
	time_t now = time(NULL);
	struct tm tm;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	wait_for_output(home, GREETING, "log", "disk.img");

	struct tty *follow = tty_open(home, 24, 80, "log", "-f", "--timestamps", "--grep", "ready|wanted", "disk.img");
	struct tty *attach = tty_open(home, 24, 80, "attach", "disk.img");

	tty_wait(follow, GREETING);
	tty_wait(attach, GREETING);
	/* The echo has the words with \x20 between, in one line. */
	tty_type(attach, "!raw \\nnot\\x20this\\n\r!raw \\none\\x20WANTED line\\n\r");
	tty_wait(follow, "one WANTED line");
	strftime(year, sizeof(year), "%Y-", localtime_r(&now, &tm));
	tty_wait(follow, year);
	assert_false(tty_shows(follow, "not this"));
	tty_close(attach);
	tty_close(follow);
	expect(home, 0, "kill", "disk.img");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(lines_are_chosen_by_time),
		story(lines_are_chosen_by_a_pattern),
		story(lines_have_their_times),
		story(a_log_without_times_has_lines_only),
		story(a_running_machine_is_followed_line_by_line),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
