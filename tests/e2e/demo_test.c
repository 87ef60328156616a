/* SPDX-License-Identifier: MIT */
/* The main story, with real QEMU and a real Linux: from the list to a live console, and a VM that outlives the terminal. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PID "vm/demo-state/qemu.pid"
#define ENTER "\r"
#define PREFIX "\007"

struct size {
	int rows, columns;
};

static struct tty *open_screen(struct home *home, struct size size)
{
	struct tty *tty = tty_open(home, size.rows, size.columns, ".");

	tty_wait(tty, "demo");
	return tty;
}

/* Typed at the guest's shell; the answer must not be in what is typed. */
static void shell(struct tty *tty, const char *line, const char *answer)
{
	tty_type(tty, line);
	tty_type(tty, ENTER);
	tty_wait(tty, answer);
}

static void the_whole_way(struct home *home, struct size size)
{
	home_demo_guest(home);
	struct tty *tty = open_screen(home, size);
	tty_wait(tty, "kernel");
	tty_type(tty, ENTER);
	tty_wait(tty, "Freeing unused kernel image");
	tty_wait(tty, "/ #");
	shell(tty, "uname -a", "Linux demo ");
	/* What scrolled by is kept. */
	tty_type(tty, PREFIX "[" "g");
	tty_wait(tty, "Linux version 6");
	tty_type(tty, "q");
	tty_wait_gone(tty, "Linux version 6");
	shell(tty, "echo bef''ore", "before");

	/* Back to the list, out, and in again: nothing was typed into the guest by that. */
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "running");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	tty = open_screen(home, size);
	tty_wait(tty, "running");
	tty_type(tty, ENTER);
	tty_wait(tty, "before");
	shell(tty, "echo af''ter", "after");

	/* A second terminal at the same time. */
	struct tty *other = open_screen(home, size);
	tty_wait(other, "running");
	tty_type(other, ENTER);
	tty_wait(other, "after");
	shell(other, "echo o''ne", "one");
	tty_wait(tty, "one");
	shell(tty, "echo t''wo", "two");
	tty_wait(other, "two");

	/* Killed, and closed: neither is noticed. */
	pid_t qemu = home_pid(home, PID);
	kill(tty_pid(tty), SIGKILL);
	tty_wait_end(tty);
	tty_close(tty);
	tty_close(other);
	assert_true(process_alive(qemu));

	tty = open_screen(home, size);
	tty_wait(tty, "running");
	tty_type(tty, ENTER);
	tty_wait(tty, "two");
	shell(tty, "echo st''ill", "still");
	tty_type(tty, "poweroff -f" ENTER);
	process_wait_gone(qemu);
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "0 running");
	tty_wait(tty, "the guest powered off");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void from_the_list_to_a_live_console_at_100x30(void **state)
{
	the_whole_way(*state, (struct size){ 30, 100 });
}

static void from_the_list_to_a_live_console_at_80x24(void **state)
{
	the_whole_way(*state, (struct size){ 24, 80 });
}

static void the_power_button_ends_the_demo_guest(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	expect(home, 0, "start", "demo");
	struct tty *tty = tty_open(home, 24, 80, "attach", "demo");
	tty_wait(tty, "/ #");
	expect(home, 0, "stop", "demo");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void the_demo_guest_has_a_network_and_a_writable_tmp(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	struct tty *tty = tty_open(home, 24, 80, "run", "demo");
	tty_wait(tty, "/ #");
	shell(tty, "until ip addr show eth0 | grep -o 'inet [0-9.]*'; do usleep 100000; done", "inet 10.0.2.15");
	shell(tty, "date > /tmp/x && echo writ''able", "writable");
	shell(tty, "sleep 100 & jobs", "Running");
	tty_type(tty, "poweroff" ENTER);
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(from_the_list_to_a_live_console_at_100x30),
		story(from_the_list_to_a_live_console_at_80x24),
		story(the_power_button_ends_the_demo_guest),
		story(the_demo_guest_has_a_network_and_a_writable_tmp),
	};

	return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
