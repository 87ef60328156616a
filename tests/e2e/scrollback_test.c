/* SPDX-License-Identifier: MIT */
/* What scrolled by is found, selected with keys and the mouse, and copied to the user's terminal. */
#include "e2e/cli.h"
#include "e2e/console.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#define PREFIX CONSOLE_PREFIX
#define COPIED "state/paddock/copied.txt"

static void assert_kept(struct home *home, const char *text)
{
	char *kept = home_read(home, COPIED);
	struct stat st;

	assert_non_null(kept);
	assert_string_equal(kept, text);
	assert_int_equal(stat(home_path(home, COPIED), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(kept);
}

static void keys_find_select_and_copy(void **state)
{
	struct home *home = *state;
	struct tty *tty = console_open(home);

	/* A line that is wrapped at 100 columns, then more than a screen. */
	tty_type(tty, "!raw \\r\\n\\e[46Cin front: needle-17 is over the end of a row, and it goes on here\\r\\n\r");
	tty_wait(tty, "goes on here");
	tty_type(tty, "!flood 200\r");
	tty_wait(tty, "flood end");
	tty_type(tty, PREFIX "[");
	tty_wait(tty, "/ search");
	tty_type(tty, "/FLOOD\r");
	tty_wait(tty, "no match for \"FLOOD\" above");
	/* An expression, over the end of the row. */
	tty_type(tty, "/\022needle-[0-9]+ .*GOES\177\177\177\177goes\r");
	tty_wait(tty, "2/2   line 3 of");
	tty_type(tty, "v$y");
	tty_wait(tty, "copied 1 line (55 characters)");
	tty_wait_bytes(tty, "\033]52;c;bmVlZGxlLTE3IGlzIG92ZXIgdGhlIGVuZCBvZiBhIHJvdywgYW5kIGl0IGdvZXMgb24gaGVyZQ==\a");
	console_leave(home, tty);
}

static void a_line_from_the_history_is_copied(void **state)
{
	struct home *home = *state;
	struct tty *tty = console_open(home);

	tty_type(tty, "!flood 200\r");
	tty_wait(tty, "flood end");
	tty_type(tty, PREFIX "[");
	tty_wait(tty, "/ search");
	tty_type(tty, "/0000000004\r");
	tty_wait(tty, "line 0000000004 of");
	tty_type(tty, "Vy");
	tty_wait(tty, "copied 1 line (61 characters). Also in ~/state/paddock/copied.txt");
	tty_wait_bytes(tty, "\033]52;c;bGluZSAwMDAwMDAwMDA0IG9mIHRoZSBmbG9vZCwgYXMgbG9uZyBhcyB0aGUgb3RoZXJzIGFyZS4uLi4uLg==\a");
	assert_kept(home, "line 0000000004 of the flood, as long as the others are......");
	/* Nothing of that was typed into the guest. */
	tty_type(tty, "!raw \\e[2J\\e[Hthe \\x65nd\r");
	tty_wait(tty, "the end");
	console_leave(home, tty);
}

static void the_mouse_copies_and_the_guest_cannot(void **state)
{
	struct home *home = *state;
	struct tty *tty = console_open(home);
	const char *bytes;
	size_t len;

	/* It writes to the clipboard what `echo evil` has for base64. */
	tty_type(tty, "!raw \\e[2J\\e]52;c;ZXZpbAo=\\x07\\e[3;1Hdrag \\x6fver this\r");
	tty_wait(tty, "drag over this");
	tty_type(tty, "\033[<0;6;3M\033[<32;8;3M");
	tty_wait(tty, "y copy");
	tty_type(tty, "\033[<32;9;3M\033[<0;9;3m");
	tty_wait(tty, "copied 1 line (4 characters)");
	tty_wait_bytes(tty, "\033]52;c;b3Zlcg==\a");
	assert_kept(home, "over");
	bytes = tty_bytes(tty, &len);
	assert_null(memmem(bytes, len, "ZXZpbAo=\a", 9));
	/* A second click selects the word; the bottom line is that of the guest again. */
	tty_type(tty, "\033[<0;11;3M\033[<0;11;3m\033[<0;11;3M\033[<0;11;3m");
	tty_wait_bytes(tty, "\033]52;c;dGhpcw==\a");
	console_leave(home, tty);
}

static void a_terminal_that_takes_it_is_enough_and_too_much_is_kept(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	home_set(home, "TERM", "xterm-kitty");
	tty = console_open(home);
	tty_type(tty, "!flood 1300\r");
	tty_wait(tty, "flood end");
	tty_type(tty, PREFIX "[kVy");
	tty_wait(tty, "copied 1 line (9 characters)");
	tty_wait_gone(tty, "Also in");
	assert_kept(home, "flood end");
	tty_type(tty, PREFIX "[gVGy");
	tty_wait(tty, "characters) to ~/state/paddock/copied.txt");
	console_leave(home, tty);
}

static void the_history_opens_in_the_pager(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	home_script(home, "pages", "cp \"$1\" \"$HOME/seen\"; stat -c %a \"$1\" >\"$HOME/mode\"");
	home_set(home, "PAGER", "pages");
	tty = console_open(home);
	tty_type(tty, "!flood 200\r");
	tty_wait(tty, "flood end");
	tty_type(tty, PREFIX "[");
	tty_wait(tty, "/ search");
	tty_type(tty, "kVO");
	tty_wait(tty, "y copy");
	tty_type(tty, "y");
	tty_wait(tty, "copied 1 line");
	char *seen = home_read(home, "seen"), *mode = home_read(home, "mode");

	assert_string_equal(seen, "flood end\n");
	assert_string_equal(mode, "600\n");
	free(seen);
	free(mode);
	tty_type(tty, PREFIX "[O");
	tty_wait(tty, "/ search");
	tty_type(tty, "q");
	tty_wait(tty, "Ctrl-g d list");
	seen = home_read(home, "seen");
	assert_non_null(strstr(seen, "line 0000000000 of the flood"));
	free(seen);
	console_leave(home, tty);
}

static void the_wheel_leads_into_the_history_and_back(void **state)
{
	struct home *home = *state;
	struct tty *tty = console_open(home);

	tty_type(tty, "!visible\r!flood 200\r");
	tty_wait(tty, "flood end");
	tty_type(tty, "\033[<64;6;3M");
	tty_wait(tty, "/ search");
	tty_wait_gone(tty, "flood end");
	tty_type(tty, "\033[<65;6;3M");
	tty_wait(tty, "flood end");
	tty_wait(tty, "Ctrl-g d list");
	tty_type(tty, "{}");
	tty_wait(tty, "{}");
	console_leave(home, tty);
}

static void the_guest_is_told_its_size_after_a_resize(void **state)
{
	struct home *home = *state;
	struct tty *tty = console_open(home);

	tty_resize(tty, 40, 120);
	tty_wait(tty, "Ctrl-g = tells the guest its size");
	tty_type(tty, PREFIX "=");
	tty_wait(tty, "stty rows ");
	console_leave(home, tty);
	char *kept = home_read(home, "state/paddock/console.ini");

	assert_string_equal(kept, "[console]\ntells-size = web\n");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(keys_find_select_and_copy),
		story(a_line_from_the_history_is_copied),
		story(the_mouse_copies_and_the_guest_cannot),
		story(a_terminal_that_takes_it_is_enough_and_too_much_is_kept),
		story(the_history_opens_in_the_pager),
		story(the_wheel_leads_into_the_history_and_back),
		story(the_guest_is_told_its_size_after_a_resize),
	};

	return cmocka_run_group_tests_name("scrollback", tests, NULL, NULL);
}
