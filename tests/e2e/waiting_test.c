/* SPDX-License-Identifier: MIT */
/* A start that takes its time, hangs, or loses its keeper: what whoever waits for it hears. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define STATE "vm/web-state"
#define STEP "creating disk"

/* A profile whose disk is made by this script. */
static void prepare(struct home *home, const char *qemu_img)
{
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[disks]\ndisk = d.img,size=1M,format=raw\n"
	             "[state]\ndirectory = @/web-state\n");
	home_script(home, "qemu-img", qemu_img);
}

/* It ends when the test opens the FIFO for writing, and not before. */
static void prepare_hanging(struct home *home)
{
	char script[512];

	assert_int_equal(mkfifo(home_path(home, "gate"), 0600), 0);
	snprintf(script, sizeof(script), "read go <'%s'\necho made >\"$4\"", home_path(home, "gate"));
	prepare(home, script);
}

static void open_gate(struct home *home)
{
	int gate = open(home_path(home, "gate"), O_WRONLY);

	assert_true(gate >= 0);
	assert_int_equal(write(gate, "go\n", 3), 3);
	close(gate);
}

static void expect_nothing_left(struct home *home)
{
	long end = now_ms() + E2E_DEADLINE;

	while (home_children() > 0)
		assert_true(now_ms() < end);
	home_script(home, "qemu-img", "echo made >\"$4\"");
	expect(home, 0, "start", "web");
	assert_true(home_has(home, STATE "/d.img"));
	assert_false(home_has(home, STATE "/.paddock.d.img"));
	expect(home, 0, "kill", "web");
}

/* The step, then the one line with the reason; each begins "paddock: ". */
static void expect_failed(struct home *home, const char *reason, const char *const argv[])
{
	struct result start = cli_run(home, NULL, argv);

	if (start.status != 1 || !strstr(start.err, "paddock: " STEP) || !strstr(start.err, reason))
		fail_msg("status %d: %s", start.status, start.err);
	for (const char *p = start.err; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
	result_finish(&start);
}
#define START_FOR_A_SECOND (const char *const[]){ "paddock", "start", "--timeout", "1", "web", NULL }
#define START (const char *const[]){ "paddock", "start", "web", NULL }

static void a_disk_that_takes_too_long_ends_the_start(void **state)
{
	struct home *home = *state;

	prepare_hanging(home);
	expect_failed(home, "paddock: web: not started within 1 s: " STEP " ", START_FOR_A_SECOND);
	expect_nothing_left(home);
}

static void a_qemu_that_never_answers_ends_the_start(void **state)
{
	struct home *home = *state;

	prepare(home, "echo made >\"$4\"");
	home_set(home, "FAKE_QEMU", "hangqmp,stubborn");
	expect_failed(home, "not started within 1 s: QEMU does not answer on its monitor", START_FOR_A_SECOND);
	home_set(home, "FAKE_QEMU", NULL);
	expect_nothing_left(home);
}

static void a_keeper_that_dies_before_qemu_fails_the_start(void **state)
{
	struct home *home = *state;

	prepare(home, "kill -KILL $PPID\nread never <&1");
	expect_failed(home, "lost the connection to the VM's keeper", START);
	expect_nothing_left(home);
}

static void a_keeper_that_is_suspended_does_not_hold_the_start_up(void **state)
{
	struct home *home = *state;

	assert_int_equal(mkfifo(home_path(home, "gate"), 0600), 0);
	prepare(home, "kill -STOP $PPID\nread never <../gate");
	expect_failed(home, "not started within 1 s", START_FOR_A_SECOND);
	expect_nothing_left(home);
}

/* The options of the second are not those that it runs with, but it runs. */
static void run_detached_joins_a_start_that_is_under_way(void **state)
{
	struct home *home = *state;

	prepare_hanging(home);
	struct tty *first = tty_open(home, 24, 80, "run", "--detached", "--disk", "d.img,size=1M", "disk.img");
	wait_for_output(home, "starting", "ls");
	struct tty *second = tty_open(home, 24, 80, "run", "--detached", "disk.img");
	tty_wait(second, STEP);
	open_gate(home);
	tty_wait(second, "disk.img is running; paddock attach");
	assert_int_equal(tty_wait_end(second), 0);
	assert_int_equal(tty_wait_end(first), 0);
	tty_close(second);
	tty_close(first);
	expect_refused(home, WORDS("is already running"), "run", "--detached", "disk.img");
	expect(home, 0, "kill", "disk.img");
}

static void run_detached_waits_no_longer_than_it_is_told(void **state)
{
	struct home *home = *state;

	prepare_hanging(home);
	expect_failed(home, "not started within 1 s: " STEP " ", (const char *const[]){ "paddock", "run", "--detached",
	              "--timeout", "1", "--state", "web-state", "--disk", "d.img,size=1M,format=raw", "disk.img", NULL });
	expect_nothing_left(home);
}

static void run_detached_tells_how_the_start_ended_that_it_joined(void **state)
{
	struct home *home = *state;

	prepare_hanging(home);
	home_set(home, "FAKE_QEMU", "stderr=no such luck,exit=4");
	struct tty *first = tty_open(home, 24, 80, "start", "web");
	wait_for_output(home, "starting", "ls");
	struct tty *second = tty_open(home, 24, 80, "run", "--detached", "--state", "web-state", "disk.img");
	tty_wait(second, STEP);
	open_gate(home);
	tty_wait(second, "no such luck");
	assert_int_equal(tty_wait_end(second), 1);
	assert_int_equal(tty_wait_end(first), 1);
	tty_close(second);
	tty_close(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_disk_that_takes_too_long_ends_the_start),
		story(a_qemu_that_never_answers_ends_the_start),
		story(a_keeper_that_dies_before_qemu_fails_the_start),
		story(a_keeper_that_is_suspended_does_not_hold_the_start_up),
		story(run_detached_joins_a_start_that_is_under_way),
		story(run_detached_waits_no_longer_than_it_is_told),
		story(run_detached_tells_how_the_start_ended_that_it_joined),
	};

	return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
