/* SPDX-License-Identifier: MIT */
/* From the user's terminal to the guest: the keypad, the mouse, the focus, as the guest has asked for them. */
#include "e2e/cli.h"
#include "e2e/console.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define PREFIX CONSOLE_PREFIX

/* The console of a guest that shows what it gets, on the whole screen. */
static struct tty *open_console(struct home *home, const char *term)
{
	struct tty *tty;

	home_set(home, "TERM", term);
	tty = console_open(home);
	tty_type(tty, "!visible\r<start>");
	tty_wait(tty, "<start>");
	return tty;
}

/* The guest sets or resets a mode ("?66h"), once; what is typed from now on is read in it. */
static void guest_sends(struct tty *tty, const char *mode)
{
	char command[80], shown[40];

	snprintf(command, sizeof(command), "\r!raw \\e[%s\\x3c%s>\r", mode, mode);
	snprintf(shown, sizeof(shown), "<%s>", mode);
	tty_type(tty, command);
	tty_wait(tty, shown);
}

/* What is typed between two marks arrives between them. */
static void expect_keys(struct tty *tty, const char *typed, const char *got)
{
	char want[200];

	snprintf(want, sizeof(want), "{%s}", got);
	tty_type(tty, "\r{");
	tty_type(tty, typed);
	tty_type(tty, "}");
	tty_wait(tty, want);
}

static void the_keypad_is_what_the_guest_wants_it_to_be(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_console(home, "xterm-256color");

	expect_keys(tty, "\033Oq\033Ok\033Oo\033On\033OE", "1+/.^[[E");
	guest_sends(tty, "?66h");
	expect_keys(tty, "\033Oq\033Ok\033Oo\033On\033OM1", "^[Oq^[Ok^[Oo^[On^[OM1");
	guest_sends(tty, "?66l");
	expect_keys(tty, "\033Oq\033Oj", "1*");
	console_leave(home, tty);
}

static void bytes_that_terminfo_has_other_names_for_arrive(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_console(home, "linux");

	expect_keys(tty, "\x1a\x08\x7f\033[[A\033[25~\033[G", "^Z^H^?^[OP^[[1;2P^[[E");
	console_leave(home, tty);
}

static void each_button_and_modifier_arrives_in_the_encoding_that_was_asked_for(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_console(home, "xterm-256color");

	guest_sends(tty, "?1000h");
	guest_sends(tty, "?1006h");
	tty_wait_bytes(tty, "\033[?1006h");
	expect_keys(tty, "\033[<66;10;5M", "^[[<66;10;5M");
	expect_keys(tty, "\033[<80;10;5M\033[<69;10;5M", "^[[<80;10;5M^[[<69;10;5M");
	expect_keys(tty, "\033[<128;10;5M\033[<128;10;5m", "^[[<128;10;5M^[[<128;10;5m");
	expect_keys(tty, "\033[<8;99;5M\033[<8;99;5m", "^[[<8;99;5M^[[<8;99;5m");
	guest_sends(tty, "?1015h");
	expect_keys(tty, "\033[<4;10;5M\033[<4;10;5m", "^[[36;10;5M^[[39;10;5M");
	guest_sends(tty, "?1005h");
	expect_keys(tty, "\033[<0;96;5M\033[<0;96;5m", "^[[M \\xc2\\x80%^[[M#\\xc2\\x80%");
	guest_sends(tty, "?1005l");
	expect_keys(tty, "\033[<2;10;5M", "^[[M\"*%");
	/* Motion is asked for as far as it is wanted. */
	guest_sends(tty, "?1002h");
	tty_wait_bytes(tty, "\033[?1002h\033[?1006h");
	guest_sends(tty, "?1003h");
	tty_wait_bytes(tty, "\033[?1003h\033[?1006h");
	guest_sends(tty, "?1003l");
	tty_wait_bytes(tty, "\033[?1006l");
	console_leave(home, tty);
}

static void the_focus_is_asked_for_and_passed_on_only_where_it_is_wanted(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_console(home, "xterm-256color");
	size_t len;

	expect_keys(tty, "\033[Oa\033[Ib", "ab");
	assert_null(strstr(tty_bytes(tty, &len), "\033[?1004h"));
	guest_sends(tty, "?1004h");
	tty_wait_bytes(tty, "\033[?1004h");
	expect_keys(tty, "\033[Oa\033[Ib", "^[[Oa^[[Ib");
	tty_type(tty, "\r{" PREFIX "d");
	tty_wait_bytes(tty, "\033[?1004l");
	tty_wait(tty, "1 running");
	tty_type(tty, "\r");
	tty_wait_bytes(tty, "\033[?1004h");
	tty_type(tty, "}");
	tty_wait(tty, "{^[[O^[[I}");
	console_leave(home, tty);
}

static void keys_are_spelt_out_for_a_guest_that_has_asked(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_console(home, "xterm-256color");

	expect_keys(tty, "\033[27;5;44~\025\033[27;3;120~", ",^U^[x");
	guest_sends(tty, ">4;2m");
	tty_wait_bytes(tty, "\033[?u\033[>4;2m");
	expect_keys(tty, "\033[27;5;105~\033[27;2;65~\025\033x", "^[[27;5;105~A^[[27;5;117~^[[27;3;120~");
	/* The terminal says that it can do better. */
	tty_type(tty, "\033[?0u");
	tty_wait_bytes(tty, "\033[>4m\033[>1u");
	expect_keys(tty, "\033[105;5u", "^[[27;5;105~");
	guest_sends(tty, ">1u");
	expect_keys(tty, "\033[105;5u\033[27u\033[97;9u\033[57358u\t", "^[[105;5u^[[27u^[[97;9u^[[57358u^I");
	guest_sends(tty, "<u");
	guest_sends(tty, ">4m");
	tty_wait_bytes(tty, "\033[<u");
	expect_keys(tty, "\033[105;5u\033[97;9u", "^I");
	/* The prefix, spelled out; and nothing is left on in the list. */
	guest_sends(tty, ">25u");
	tty_wait_bytes(tty, "\033[>1u");
	tty_type(tty, "\033[103;5ud");
	tty_wait_bytes(tty, "\033[<u");
	tty_wait(tty, "1 running");
	tty_type(tty, "\r");
	tty_wait_bytes(tty, "\033[>1u");
	console_leave(home, tty);
}

static void a_terminal_without_terminfo_entry_is_used_and_this_is_said(void **state)
{
	struct home *home = *state;

	home_set(home, "TERM", "foot-of-a-test");
	struct tty *tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "no terminfo entry for \"foot-of-a-test\"; using xterm-256color");
	tty_type(tty, "j");
	tty_wait_gone(tty, "no terminfo entry");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(the_keypad_is_what_the_guest_wants_it_to_be),
		story(bytes_that_terminfo_has_other_names_for_arrive),
		story(each_button_and_modifier_arrives_in_the_encoding_that_was_asked_for),
		story(the_focus_is_asked_for_and_passed_on_only_where_it_is_wanted),
		story(keys_are_spelt_out_for_a_guest_that_has_asked),
		story(a_terminal_without_terminfo_entry_is_used_and_this_is_said),
	};

	return cmocka_run_group_tests_name("guest keys", tests, NULL, NULL);
}
