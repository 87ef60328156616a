/* SPDX-License-Identifier: MIT */
/* The command line around a QEMU that does what the test needs. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PROFILE "[vm]\nuuid = %s\n[boot]\nimage = @/disk.img\n[state]\ndirectory = @/%s-state\n"
#define GREETING "fake guest ready"
#define UUID_A "11111111-2222-4333-8444-555555555555"

static void profile(struct home *home, const char *name, const char *uuid)
{
	char ini[512];

	snprintf(ini, sizeof(ini), PROFILE, uuid, name);
	home_profile(home, name, ini);
}

static struct tty *run_fake(struct home *home)
{
	home_fake_qemu(home, "vm/disk.img");
	struct tty *tty = tty_open(home, 24, 80, "run", "disk.img");

	/* Only now is the terminal raw: what is shown was sent by the guest. */
	tty_wait(tty, GREETING);
	tty_type(tty, "hello\r");
	tty_wait(tty, "hello");
	return tty;
}

static void run_ends_with_the_status_of_qemu(void **state)
{
	struct tty *tty = run_fake(*state);

	tty_type(tty, "!exit 7\r");
	assert_int_equal(tty_wait_end(tty), 7);
	tty_close(tty);
	tty = run_fake(*state);
	tty_type(tty, "!die 11\r");
	assert_int_equal(tty_wait_end(tty), 128 + 11);
	tty_close(tty);
}

static void every_client_ends_with_the_status_of_qemu(void **state)
{
	struct home *home = *state;
	struct tty *run = run_fake(home);
	struct tty *attach = tty_open(home, 24, 80, "attach", "disk.img");

	tty_wait(attach, GREETING);
	tty_type(attach, "!exit 7\r");
	assert_int_equal(tty_wait_end(attach), 7);
	assert_int_equal(tty_wait_end(run), 7);
	tty_close(attach);
	tty_close(run);
}

static void qemus_own_words_are_shown_and_logged(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_fake(home);

	tty_type(tty, "!stderr the moon is full\r");
	/* What was typed is echoed too; the words come a second time. */
	tty_wait_bytes(tty, "the moon is full");
	tty_wait_bytes(tty, "the moon is full");
	tty_type(tty, "!exit 1\r");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
	struct result log = cli(home, "log", "disk.img");
	const char *once = strstr(log.out, "the moon is full");
	assert_non_null(once);
	assert_non_null(strstr(once + 1, "the moon is full"));
	result_finish(&log);
}

static void a_uuid_that_runs_already_is_refused_by_name(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "first", UUID_A);
	profile(home, "second", UUID_A);
	expect(home, 0, "start", "first");
	expect_refused(home, WORDS("first"), "start", "second");
	expect(home, 0, "kill", "first");
	expect(home, 0, "start", "second");
}

static void of_many_starts_at_once_none_fails_and_one_starts(void **state)
{
	struct home *home = *state;
	const char *const many[] = {
		"/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do { \"$0\" start disk.img; echo \"status $?\"; } & done; wait",
		getenv("PADDOCK"), NULL,
	};

	home_fake_qemu(home, "vm/disk.img");
	struct result result = cli_run(home, NULL, many);
	int fine = 0, already = 0;
	for (const char *at = result.out; (at = strstr(at, "status 0")); at++)
		fine++;
	for (const char *at = result.err; (at = strstr(at, "is already running")); at++)
		already++;
	if (fine != 8 || already != 7)
		fail_msg("%s%s", result.out, result.err);
	result_finish(&result);
	expect(home, 0, "kill", "disk.img");
}

static void a_start_that_hangs_can_be_stopped(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "hangqmp");
	profile(home, "slow", UUID_A);
	struct tty *start = tty_open(home, 24, 80, "start", "slow");
	wait_for_output(home, "starting", "ls");
	expect(home, 0, "stop", "slow");
	assert_int_equal(tty_wait_end(start), 1);
	tty_close(start);
	home_set(home, "FAKE_QEMU", NULL);
	expect(home, 0, "start", "slow");
}

static void a_second_start_waits_for_the_first_and_says_for_what(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "hangqmp");
	profile(home, "slow", UUID_A);
	struct tty *start = tty_open(home, 24, 80, "start", "slow");
	wait_for_output(home, "starting", "ls");
	expect_refused(home, WORDS("slow", "not started within 1 s", "QEMU does not answer on its monitor"),
	               "start", "--timeout", "1", "slow");
	wait_for_output(home, "starting", "ls");
	tty_wait(start, "slow is still starting: QEMU does not answer on its monitor");
	expect(home, 0, "kill", "slow");
	assert_int_equal(tty_wait_end(start), 1);
	tty_close(start);
}

static void a_start_of_a_vm_whose_keeper_is_suspended_is_no_success(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "web", UUID_A);
	expect(home, 0, "start", "web");
	pid_t keeper = process_parent(home_pid(home, "vm/web-state/qemu.pid"));
	kill(keeper, SIGSTOP);
	process_wait_stopped(keeper);
	expect_refused(home, WORDS("web", "its keeper does not answer"), "start", "--timeout", "1", "web");
	kill(keeper, SIGCONT);
	expect(home, 0, "start", "--timeout", "30", "web");
	expect(home, 0, "stop", "web");
}

static void a_qemu_that_closes_its_monitor_before_it_answers_fails_the_start(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "closeqmp");
	profile(home, "web", UUID_A);
	expect_refused(home, WORDS("web", "QEMU has closed its monitor before it answered"), "start", "web");
	home_set(home, "FAKE_QEMU", NULL);
	expect(home, 0, "start", "web");
	expect(home, 0, "stop", "web");
}

static void a_qemu_that_ends_before_it_answers_fails_the_start(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "stderr=no such machine,exit=4");
	profile(home, "web", UUID_A);
	expect_refused(home, WORDS("web", "no such machine"), "start", "web");
	wait_for_output(home, "crashed", "ls");
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (!text)
		fail_msg("no text \"%s\" in the list", name);
	return text;
}

static void ls_as_json_is_what_the_manual_says(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "web", UUID_A);
	profile(home, "db", "11111111-2222-4333-8444-666666666666");
	expect(home, 0, "start", "web");
	struct result result = cli(home, "ls", "--json");
	json_t *list = json_loads(result.out, 0, NULL);
	assert_int_equal(result.status, 0);
	assert_true(json_is_array(list));
	assert_int_equal(json_array_size(list), 2);

	const json_t *db = json_array_get(list, 0), *web = json_array_get(list, 1);
	assert_string_equal(text_of(db, "name"), "db");
	assert_string_equal(text_of(db, "phase"), "off");
	assert_true(json_is_null(json_object_get(db, "pid")));
	assert_string_equal(text_of(web, "name"), "web");
	assert_string_equal(text_of(web, "uuid"), UUID_A);
	assert_string_equal(text_of(web, "phase"), "running");
	assert_string_equal(text_of(web, "state"), home_path(home, "vm/web-state"));
	assert_string_equal(text_of(web, "image"), home_path(home, "vm/disk.img"));
	assert_true(json_is_integer(json_object_get(web, "pid")));
	assert_non_null(json_object_get(web, "started"));
	json_decref(list);
	result_finish(&result);
}

static void assert_web_is_measured(const json_t *list)
{
	const json_t *web = json_array_get(list, 0), *usage = json_object_get(web, "usage");
	const json_t *disk = json_array_get(json_object_get(usage, "disks"), 0);

	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text_of(web, "name"), "web");
	assert_true(json_real_value(json_object_get(usage, "cpu_percent")) >= 0);
	assert_true(json_is_real(json_object_get(usage, "cpu_seconds")));
	assert_true(json_integer_value(json_object_get(usage, "memory_bytes")) > 4096);
	assert_true(json_is_integer(json_object_get(usage, "disk_read_bytes_per_second")));
	assert_true(json_is_null(json_object_get(usage, "net_sent_bytes")));
	assert_non_null(strstr(text_of(disk, "file"), "/vm/disk.img"));
	assert_true(json_integer_value(json_object_get(disk, "size_bytes")) > 0);
	assert_string_equal(text_of(usage, "ssh"), "ssh -p 28234 127.0.0.1");
}

static void stats_measure_what_runs_and_nothing_else(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[network]\npublish = 28234:22\n[state]\ndirectory = @/web-state\n");
	profile(home, "db", "11111111-2222-4333-8444-666666666666");
	expect(home, 0, "start", "web");
	for (int named = 0; named < 2; named++) {
		struct result result = cli(home, "stats", "--json", named ? "web" : NULL);
		json_t *list = json_loads(result.out, 0, NULL);

		assert_int_equal(result.status, 0);
		assert_web_is_measured(list);
		assert_int_equal(json_is_integer(json_object_get(json_object_get(json_array_get(list, 0), "usage"), "memory_pss_bytes")),
		                 named);
		json_decref(list);
		result_finish(&result);
	}
	wait_for_output(home, "ssh -p 28234 127.0.0.1", "stats", "web");
	wait_for_output(home, "\"cpu_percent\": null", "ls", "--json");
	expect_refused(home, WORDS("db is not running"), "stats", "db");
	expect_refused(home, WORDS("nobody"), "stats", "nobody");
	expect(home, 0, "stop", "--force", "web");
	expect(home, 0, "stats");
}

static void attached_screens_are_listed(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "web", UUID_A);
	expect(home, 0, "start", "web");
	wait_for_output(home, "\"screens\": []", "ls", "--json");

	struct tty *typing = tty_open(home, 24, 77, "attach", "web"), *reading = tty_open(home, 30, 99, "attach", "--read-only", "web");

	wait_for_output(home, "\"columns\": 77", "ls", "--json");
	wait_for_output(home, "\"read_only\": true", "ls", "--json");
	wait_for_output(home, "\"terminal\": \"pts/", "ls", "--json");
	tty_close(typing);
	tty_close(reading);
	wait_for_output(home, "\"screens\": []", "ls", "--json");
}

static void a_vm_is_found_by_any_of_its_names(void **state)
{
	struct home *home = *state;
	const char *const names[] = { "web", "1111", "111111112", UUID_A, "web-state", "./web-state/" };

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "web", UUID_A);
	expect(home, 0, "start", "web");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct tty *tty = tty_open(home, 24, 80, "attach", names[i]);

		tty_wait(tty, GREETING);
		tty_type(tty, "\007d");
		assert_int_equal(tty_wait_end(tty), 0);
		tty_close(tty);
	}
	expect_refused(home, WORDS("111"), "attach", "111");
}

/* Nobody wrote it down: its state directory keeps it, and it is the profile's all the same. */
static void a_uuid_that_is_only_kept_is_one_too(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/web-state\n");
	expect(home, 0, "start", "web");
	expect(home, 0, "kill", "web");
	char *kept = home_read(home, "vm/web-state/uuid");
	kept[8] = '\0';
	expect(home, 0, "check", kept);
	wait_for_output(home, kept, "ls", "--json");
	free(kept);
}

static void the_terminal_is_given_back_as_it_was(void **state)
{
	struct home *home = *state;
	static const char script[] = "stty -g >before; \"$0\" run disk.img; stty -g >after; cmp before after && echo sa''me";

	home_fake_qemu(home, "vm/disk.img");
	struct tty *tty = tty_start(home, 24, 80, (const char *const[]){ "/bin/sh", "-c", script, need_env("PADDOCK"), NULL });
	tty_wait(tty, GREETING);
	tty_type(tty, "!raw \\e[?1049h\\e[?25l\\e[31m\r");
	tty_wait_bytes(tty, "\033[?25l");
	tty_type(tty, "\007d");
	tty_wait(tty, "same");
	size_t len;
	const char *bytes = tty_bytes(tty, &len);
	assert_non_null(memmem(bytes, len, "\033[?1049l", 8));
	assert_non_null(memmem(bytes, len, "\033[?25h", 6));
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_log_is_followed_over_a_new_boot(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	profile(home, "web", UUID_A);
	expect(home, 0, "start", "web");
	struct tty *attach = tty_open(home, 24, 80, "attach", "web");
	tty_wait(attach, GREETING);
	tty_type(attach, "first\r");
	wait_for_output(home, "first", "log", "web");
	struct tty *follow = tty_open_piped(home, "log", "-f", "web");
	tty_wait_bytes(follow, "first");
	tty_type(attach, "!exit 0\r");
	tty_wait_end(attach);
	tty_close(attach);
	expect(home, 0, "start", "web");
	attach = tty_open(home, 24, 80, "attach", "web");
	tty_wait(attach, GREETING);
	tty_type(attach, "second\r");
	tty_wait_bytes(follow, "second");
	tty_close(attach);
	tty_close(follow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(run_ends_with_the_status_of_qemu),
		story(every_client_ends_with_the_status_of_qemu),
		story(qemus_own_words_are_shown_and_logged),
		story(a_uuid_that_runs_already_is_refused_by_name),
		story(of_many_starts_at_once_none_fails_and_one_starts),
		story(a_start_that_hangs_can_be_stopped),
		story(a_second_start_waits_for_the_first_and_says_for_what),
		story(a_start_of_a_vm_whose_keeper_is_suspended_is_no_success),
		story(a_qemu_that_closes_its_monitor_before_it_answers_fails_the_start),
		story(a_qemu_that_ends_before_it_answers_fails_the_start),
		story(ls_as_json_is_what_the_manual_says),
		story(stats_measure_what_runs_and_nothing_else),
		story(attached_screens_are_listed),
		story(a_vm_is_found_by_any_of_its_names),
		story(a_uuid_that_is_only_kept_is_one_too),
		story(the_terminal_is_given_back_as_it_was),
		story(a_log_is_followed_over_a_new_boot),
	};

	return cmocka_run_group_tests_name("fake qemu", tests, NULL, NULL);
}
