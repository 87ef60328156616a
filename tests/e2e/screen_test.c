/* SPDX-License-Identifier: MIT */
/* The screen, in a terminal: what a person does with it. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define ENTER "\r"
#define ESCAPE "\033"
#define PREFIX "\007"
#define CTRL_S "\023"
#define DOWN "\033OB"
#define PROFILE "[vm]\nmemory = 64\n[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/tiny-state\n"
#define PID "vm/tiny-state/qemu.pid"
#define GREETING "fake guest ready"

static struct tty *open_screen(struct home *home, const char *text)
{
	struct tty *tty = tty_open(home, 30, 100, ".");

	tty_wait(tty, text);
	return tty;
}

static void leave(struct tty *tty)
{
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static struct tty *start_tiny(struct home *home)
{
	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	struct tty *tty = open_screen(home, "off");
	tty_wait(tty, "tiny");
	tty_type(tty, ENTER);
	tty_wait(tty, "tiny>");
	return tty;
}

static void the_power_button_stops_a_guest_that_obeys(void **state)
{
	struct tty *tty = start_tiny(*state);

	tty_type(tty, "b" ENTER);
	tty_wait(tty, "obeying the power button");
	tty_type(tty, PREFIX "p");
	tty_wait(tty, "power button");
	tty_type(tty, "b");
	tty_wait(tty, "bye");
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "0 running");
	leave(tty);
}

static void a_guest_that_ignores_the_button_is_killed_only_after_a_question(void **state)
{
	struct home *home = *state;
	struct tty *tty = start_tiny(home);
	pid_t qemu = home_pid(home, PID);

	tty_type(tty, PREFIX "p");
	tty_wait(tty, "K   kill");
	tty_type(tty, "b");
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "stopping");
	/* No is what Enter takes. */
	tty_type(tty, "p");
	tty_wait(tty, "K   kill");
	tty_type(tty, "K");
	tty_wait(tty, "Kill tiny?");
	tty_type(tty, ENTER);
	tty_wait_gone(tty, "Kill tiny?");
	assert_true(process_alive(qemu));

	tty_type(tty, "p");
	tty_wait(tty, "K   kill");
	tty_type(tty, "K");
	tty_wait(tty, "Kill tiny?");
	tty_type(tty, "y");
	tty_wait(tty, "0 running");
	process_wait_gone(qemu);
	tty_wait(tty, "killed");
	leave(tty);
}

static void a_start_from_elsewhere_shows_without_a_key(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	struct tty *tty = open_screen(home, "0 running");
	expect(home, 0, "start", "tiny");
	tty_wait(tty, "1 running");
	expect(home, 0, "kill", "tiny");
	tty_wait(tty, "0 running");
	/* And so does a profile that somebody writes. */
	home_profile(home, "other", PROFILE);
	tty_wait(tty, "other");
	leave(tty);
}

static void a_click_does_not_stop_the_screen(void **state)
{
	struct home *home = *state;

	home_profile(home, "tiny", PROFILE);
	struct tty *tty = open_screen(home, "tiny");

	/* Pressed, released; then no key comes, and what changes elsewhere is shown all the same. */
	tty_type(tty, "\033[<0;10;3M");
	tty_wait(tty, "Profiles [1 Overview]");
	tty_type(tty, "\033[<0;10;3m");
	home_profile(home, "later", PROFILE);
	tty_wait(tty, "later");
	leave(tty);
}

static void leaving_says_that_machines_keep_running(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	expect(home, 0, "start", "tiny");
	struct tty *tty = open_screen(home, "1 running");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_wait(tty, "running");
	tty_close(tty);
	wait_for_output(home, "running", "ls");
}

static void a_new_profile_comes_from_an_image_and_is_edited(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *tty = open_screen(home, "tiny.img");
	tty_type(tty, "n");
	tty_wait(tty, "Name of the new VM");
	tty_type(tty, ENTER);
	tty_wait(tty, "memory");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "profiles");
	assert_true(home_has(home, "config/paddock/vms/tiny.ini"));

	tty_type(tty, "e");
	tty_wait(tty, "C-s save");
	tty_type(tty, DOWN DOWN DOWN DOWN "\025" "lots");
	tty_wait(tty, "lots");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "lots");
	char *kept = home_read(home, "config/paddock/vms/tiny.ini");
	assert_null(strstr(kept, "lots"));
	free(kept);
	tty_type(tty, "\025" "64");
	tty_wait_gone(tty, "lots");
	tty_type(tty, CTRL_S);
	tty_wait_gone(tty, "C-s save");
	kept = home_read(home, "config/paddock/vms/tiny.ini");
	assert_non_null(strstr(kept, "memory = 64\n"));
	free(kept);
	tty_type(tty, ENTER);
	tty_wait(tty, "tiny>");
	tty_type(tty, PREFIX "d");
	leave(tty);
	char *arguments = process_arguments(home_pid(home, "vm/tiny.img-state/qemu.pid"));
	assert_non_null(strstr(arguments, " -m 64 "));
	free(arguments);
}

static void a_name_that_is_none_is_said_and_can_be_mended(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct tty *tty = open_screen(home, "disk.img");
	tty_type(tty, "n");
	tty_wait(tty, "Name of the new VM");
	tty_type(tty, "\025" "a/b" ENTER);
	tty_wait(tty, "a/b");
	tty_wait(tty, "/");
	assert_true(tty_shows(tty, "Name of the new VM"));
	tty_type(tty, "\177\177" "c" ENTER);
	tty_wait(tty, "new ac");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "profiles");
	assert_true(home_has(home, "config/paddock/vms/ac.ini"));
	leave(tty);
}

static void an_unknown_terminal_is_refused_in_a_line(void **state)
{
	struct home *home = *state;

	home_set(home, "TERM", "no-such-terminal");
	struct tty *tty = tty_open(home, 24, 80, ".");
	assert_int_equal(tty_wait_end(tty), 1);
	assert_int_equal(strncmp(tty_row(tty, 0), "paddock: ", 9), 0);
	assert_true(tty_shows(tty, "no-such-terminal"));
	tty_close(tty);
}

static void a_terminal_without_utf8_gets_ascii(void **state)
{
	struct home *home = *state;
	size_t len;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	expect(home, 0, "start", "tiny");
	home_set(home, "LC_ALL", "C");
	home_set(home, "TERM", "vt100");
	struct tty *tty = open_screen(home, "running");
	tty_type(tty, ENTER);
	tty_wait(tty, GREETING);
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "1 running");
	const char *bytes = tty_bytes(tty, &len);
	for (size_t i = 0; i < len; i++)
		assert_true((unsigned char)bytes[i] < 0x80);
	leave(tty);
}

static void without_colour_no_colour_is_sent(void **state)
{
	struct home *home = *state;
	size_t len;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	home_set(home, "NO_COLOR", "1");
	struct tty *tty = open_screen(home, "tiny");
	tty_type(tty, "?");
	tty_wait(tty, "Up k");
	tty_type(tty, ESCAPE);
	tty_wait_gone(tty, "Up k");
	const char *bytes = tty_bytes(tty, &len);
	for (int colour = 30; colour < 48; colour++) {
		char sgr[16];

		snprintf(sgr, sizeof(sgr), "\033[%dm", colour);
		assert_null(memmem(bytes, len, sgr, strlen(sgr)));
	}
	leave(tty);
}

static void a_terminal_may_be_small_and_change_its_size(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	struct tty *tty = tty_open(home, 12, 40, ".");
	tty_wait(tty, "tiny");
	tty_resize(tty, 11, 39);
	tty_wait(tty, "too small");
	tty_resize(tty, 24, 80);
	tty_wait_gone(tty, "too small");
	tty_wait(tty, "tiny");
	tty_type(tty, ENTER);
	tty_wait(tty, GREETING);
	tty_resize(tty, 12, 40);
	tty_type(tty, "small" ENTER);
	tty_wait(tty, "small");
	tty_resize(tty, 30, 100);
	tty_wait(tty, GREETING);
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "1 running");
	leave(tty);
}

static void a_broken_profile_is_listed_with_line_and_reason(void **state)
{
	struct home *home = *state;

	home_profile(home, "odd", "[vm]\nmemory = 64\nthis is no line\n");
	struct tty *tty = open_screen(home, "odd");
	tty_wait(tty, "line 3");
	tty_type(tty, ENTER);
	tty_wait(tty, "Esc close");
	tty_type(tty, "q");
	tty_wait_gone(tty, "Esc close");
	leave(tty);
}

static void an_image_that_vanished_is_said_and_not_started(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, NULL);
	home_profile(home, "web", "[boot]\nimage = @/web.qcow2\n");
	struct tty *tty = open_screen(home, "web");
	tty_type(tty, ENTER);
	tty_wait(tty, "web cannot start");
	tty_type(tty, "q");
	tty_wait_gone(tty, "web cannot start");
	assert_true(tty_shows(tty, "0 running"));
	leave(tty);
}

static void a_qemu_that_fails_at_once_is_quoted_in_list_and_pane(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	home_set(home, "FAKE_QEMU", "stderr=the moon is full,exit=4");
	struct tty *tty = open_screen(home, "tiny");
	tty_type(tty, ENTER);
	tty_wait(tty, "the moon is full");
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "crashed");
	tty_wait(tty, "the moon is full");
	leave(tty);
}

static void the_terminal_is_as_before_when_the_screen_is_left(void **state)
{
	struct home *home = *state;
	char script[4096];

	home_fake_qemu(home, "vm/tiny.img");
	snprintf(script, sizeof(script), "stty -g >before; '%s' .; stty -g >after; cmp before after && echo sa''me",
	         need_env("PADDOCK"));
	struct tty *tty = tty_start(home, 24, 80, (const char *const[]){ "/bin/sh", "-c", script, NULL });
	tty_wait(tty, "tiny.img");
	tty_type(tty, "q");
	tty_wait(tty, "same");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void without_a_terminal_the_screen_is_refused(void **state)
{
	expect_refused(*state, WORDS("terminal"), ".");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(the_power_button_stops_a_guest_that_obeys),
		story(a_guest_that_ignores_the_button_is_killed_only_after_a_question),
		story(a_start_from_elsewhere_shows_without_a_key),
		story(a_click_does_not_stop_the_screen),
		story(leaving_says_that_machines_keep_running),
		story(a_new_profile_comes_from_an_image_and_is_edited),
		story(a_name_that_is_none_is_said_and_can_be_mended),
		story(an_unknown_terminal_is_refused_in_a_line),
		story(a_terminal_without_utf8_gets_ascii),
		story(without_colour_no_colour_is_sent),
		story(a_terminal_may_be_small_and_change_its_size),
		story(a_broken_profile_is_listed_with_line_and_reason),
		story(an_image_that_vanished_is_said_and_not_started),
		story(a_qemu_that_fails_at_once_is_quoted_in_list_and_pane),
		story(the_terminal_is_as_before_when_the_screen_is_left),
		story(without_a_terminal_the_screen_is_refused),
	};

	return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
