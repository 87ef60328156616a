/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* What the guest asks for, whether the terminal has kitty's protocol, and the sequences that turn it on and off again. */
struct row {
	int mode, other_keys;
	unsigned flags;
	bool kitty;
	const char *on, *off;
};

static const struct row rows[] = {
	{ 1000, 0, 0, true, "", "" },
	{ 1004, 0, 0, false, "\033[?1004h", "\033[?1004l" },
	{ 1007, 0, 0, false, "", "" },
	{ 0, 1, 0, false, "\033[>4;1m", "\033[>4m" },
	{ 0, 3, 0, false, "\033[>4;2m", "\033[>4m" },
	{ 0, 0, KITTY_DISAMBIGUATE, false, "\033[>4;2m", "\033[>4m" },
	{ 0, 1, KITTY_ALL_KEYS, false, "\033[>4;2m", "\033[>4m" },
	{ 0, 1, 0, true, "\033[>1u", "\033[<u" },
	{ 1004, 0, 31, true, "\033[?1004h\033[>7u", "\033[?1004l\033[<u" },
	{ 0, 0, KITTY_DISAMBIGUATE | KITTY_EVENT_TYPES, true, "\033[>3u", "\033[<u" },
	{ 0, 0, KITTY_ALL_KEYS | KITTY_ALTERNATES, true, "\033[>5u", "\033[<u" },
	{ 0, 1, KITTY_EVENT_TYPES, true, "\033[>1u", "\033[<u" },
	{ 0, 0, KITTY_EVENT_TYPES, true, "", "" },
};

static void the_terminal_is_asked_for_what_the_guest_wants_and_given_back(void **state)
{
	(void)state;
	static const struct outer_input none;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct input_modes guest = { 0 };
		struct outer_input wanted;
		char out[OUTER_INPUT_MAX];

		input_mode(&guest, rows[i].mode, true);
		input_other_keys(&guest, rows[i].other_keys);
		input_kitty_push(&guest, false, rows[i].flags);
		wanted = outer_input_for(&guest, rows[i].kitty);
		outer_input_change(&none, &wanted, out);
		assert_string_equal(out, rows[i].on);
		outer_input_change(&wanted, &wanted, out);
		assert_string_equal(out, "");
		outer_input_change(&wanted, &none, out);
		assert_string_equal(out, rows[i].off);
	}
}

static void the_wheel_is_cursor_keys_on_the_alternate_screen(void **state)
{
	(void)state;
	struct input_modes guest = { .alternate_scroll = true };
	struct outer_input main_screen = outer_input_for(&guest, false), alternate;
	char out[OUTER_INPUT_MAX];

	input_mode(&guest, 1049, true);
	alternate = outer_input_for(&guest, false);
	outer_input_change(&main_screen, &alternate, out);
	assert_string_equal(out, "\033[?1007s\033[?1007h");
	outer_input_change(&alternate, &main_screen, out);
	assert_string_equal(out, "\033[?1007r");
}

static void no_guest_wants_nothing(void **state)
{
	(void)state;
	static const struct outer_input none;
	struct outer_input wanted = outer_input_for(NULL, true);

	assert_memory_equal(&wanted, &none, sizeof(none));
	assert_false(outer_input_extends(NULL));
}

static void what_is_found_out_later_replaces_the_guess(void **state)
{
	(void)state;
	struct input_modes guest = { .other_keys = 2 };
	struct outer_input guess = outer_input_for(&guest, false), known = outer_input_for(&guest, true);
	char out[OUTER_INPUT_MAX];

	outer_input_change(&guess, &known, out);
	assert_string_equal(out, "\033[>4m\033[>1u");
}

static void a_guest_that_asks_for_more_changes_our_entry(void **state)
{
	(void)state;
	struct input_modes guest = { 0 };
	struct outer_input before, after;
	char out[OUTER_INPUT_MAX];

	input_kitty_push(&guest, false, KITTY_DISAMBIGUATE);
	before = outer_input_for(&guest, true);
	input_kitty_push(&guest, false, KITTY_DISAMBIGUATE | KITTY_EVENT_TYPES);
	after = outer_input_for(&guest, true);
	outer_input_change(&before, &after, out);
	assert_string_equal(out, "\033[=3;1u");
	outer_input_change(&after, &before, out);
	assert_string_equal(out, "\033[=1;1u");
}

static void old_terminals_are_not_asked_for_keys(void **state)
{
	(void)state;
	static const char *const unsafe[] = { "linux", "linux-16color", "vt100", "vt220", "dumb", "ansi" };
	static const char *const safe[] = { "xterm", "xterm-256color", "screen-256color", "tmux-256color", "foot", "alacritty" };

	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		assert_false(outer_input_safe(unsafe[i]));
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		assert_true(outer_input_safe(safe[i]));
	assert_false(outer_input_safe(NULL));
	assert_true(outer_takes_copies("xterm-kitty"));
	assert_true(outer_takes_copies("foot-extra"));
	/* xterm ignores it unless it is configured; so does tmux. */
	assert_false(outer_takes_copies("xterm-256color"));
	assert_false(outer_takes_copies("tmux-256color"));
	assert_false(outer_takes_copies(NULL));
}

static void terminals_like_xterm_can_do_without_their_entry(void **state)
{
	(void)state;
	static const char *const terms[] = { "foot", "foot-extra", "xterm-kitty", "alacritty", "xterm-ghostty", "wezterm" };

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		assert_string_equal(outer_fallback(terms[i]), "xterm-256color");
	assert_string_equal(outer_fallback("tmux-256color"), "screen-256color");
	assert_null(outer_fallback("xterm-256color"));
	assert_null(outer_fallback("xterm"));
	assert_null(outer_fallback("nosuch"));
	assert_null(outer_fallback(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_terminal_is_asked_for_what_the_guest_wants_and_given_back),
		cmocka_unit_test(the_wheel_is_cursor_keys_on_the_alternate_screen),
		cmocka_unit_test(no_guest_wants_nothing),
		cmocka_unit_test(what_is_found_out_later_replaces_the_guess),
		cmocka_unit_test(a_guest_that_asks_for_more_changes_our_entry),
		cmocka_unit_test(old_terminals_are_not_asked_for_keys),
		cmocka_unit_test(terminals_like_xterm_can_do_without_their_entry),
	};

	return cmocka_run_group_tests_name("outer input", tests, NULL, NULL);
}
