/* SPDX-License-Identifier: MIT */
/* What a terminal sends into the screen: keys however they are spelled and cut, and what is no key. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PROFILE "[vm]\nmemory = 64\nuefi = yes\n[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/tiny-state\n"
#define GREETING "fake guest ready"
#define QUESTION "Reset"
#define CTRL_U "\033[117;5u"
#define CTRL_U_OTHER "\033[27;5;117~"
#define PREFIX "\033[103;5u"
#define ANSWERS "\033]11;rgb:1e1e/1e1e/1e1e\033\\\033[?62;1;4c\033P>|xterm\033\\\033[24;80R\033[I"

static struct tty *open_list(struct home *home)
{
	home_fake_qemu(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	struct tty *tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "tiny");
	tty_type(tty, "j");
	tty_wait(tty, "tiny [1 Overview]");
	return tty;
}

/* Something else changes and is drawn: what was typed before has been read. */
static void see_a_turn(struct home *home, struct tty *tty, const char *name)
{
	home_profile(home, name, PROFILE);
	tty_wait(tty, name);
}

static void leave(struct tty *tty)
{
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void answers_and_unknown_sequences_do_nothing(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_list(home);

	/* In pieces, each of which would be keys: u undoes, U resets the UEFI variables, q leaves. */
	tty_type(tty, CTRL_U CTRL_U_OTHER ANSWERS "\033[99;99q\033]11;rgb");
	see_a_turn(home, tty, "one");
	tty_type(tty, ":1e1e/1e1e/1e1e\007\033[2");
	see_a_turn(home, tty, "two");
	tty_type(tty, "4;80R\033[117;5");
	see_a_turn(home, tty, "three");
	tty_type(tty, "u");
	see_a_turn(home, tty, "four");
	assert_true(tty_shows(tty, "tiny [1 Overview]"));
	assert_true(tty_shows(tty, "Machines"));
	assert_false(tty_shows(tty, "nothing to undo"));
	/* The next key is one. */
	tty_type(tty, "U");
	tty_wait(tty, QUESTION);
	tty_type(tty, "\033[27u");
	tty_wait_gone(tty, QUESTION);
	leave(tty);
}

static void a_key_that_is_spelled_out_is_that_key(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_list(home);

	/* In a line of text. */
	tty_type(tty, "/zzz");
	tty_wait(tty, "zzz");
	tty_type(tty, CTRL_U "tx" CTRL_U_OTHER "tinz\033[127u");
	tty_wait_gone(tty, "zzz");
	tty_type(tty, "\033[27;2;89~\033[121u");
	tty_wait(tty, "tinYy");
	tty_type(tty, "\033[27u\033[27u");
	tty_wait_gone(tty, "tinYy");
	/* In a console: for the guest, and for paddock. */
	tty_type(tty, "\033[13u");
	tty_wait(tty, GREETING);
	tty_type(tty, "ab" CTRL_U ANSWERS "c\033[27;5;1");
	tty_wait(tty, "abc");
	tty_type(tty, "17~\033[101u\033[102;3uz");
	tty_wait(tty, "abcez");
	tty_type(tty, PREFIX "d");
	tty_wait(tty, "1 running");
	leave(tty);
	expect(home, 0, "kill", "tiny");

	char *log = home_read(home, "vm/tiny-state/console.log");
	assert_non_null(log);
	assert_non_null(strstr(log, "ab\025c\025e\033fz"));
	free(log);
}

static void a_click_in_the_oldest_form_is_one(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_list(home);

	home_profile(home, "other", PROFILE);
	tty_wait(tty, "other");
	/* Both in line 4 and below; "tiny" is behind it. A byte of it alone is a key. */
	tty_type(tty, "\033[M *");
	see_a_turn(home, tty, "zero");
	tty_type(tty, "$\033[M#*$");
	tty_wait(tty, "other [1 Overview]");
	leave(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(answers_and_unknown_sequences_do_nothing),
		story(a_key_that_is_spelled_out_is_that_key),
		story(a_click_in_the_oldest_form_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
