/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define assert_bytes(out, len, want) \
	do { assert_int_equal(len, sizeof(want) - 1); assert_memory_equal(out, want, sizeof(want) - 1); } while (0)

static void keys_are_spelt_as_xterm_spells_them(void **state)
{
	(void)state;
	static const struct { enum terminal_key key; int modifiers; bool application; const char *want; } table[] = {
		{ TERM_KEY_UP, 0, false, "\033[A" }, { TERM_KEY_UP, 0, true, "\033OA" },
		{ TERM_KEY_UP, TERM_CTRL, true, "\033[1;5A" }, { TERM_KEY_LEFT, TERM_SHIFT, false, "\033[1;2D" },
		{ TERM_KEY_RIGHT, TERM_SHIFT | TERM_ALT | TERM_CTRL, false, "\033[1;8C" },
		{ TERM_KEY_HOME, 0, false, "\033[H" }, { TERM_KEY_END, 0, true, "\033OF" },
		{ TERM_KEY_INSERT, 0, true, "\033[2~" }, { TERM_KEY_DELETE, 0, false, "\033[3~" },
		{ TERM_KEY_DELETE, TERM_CTRL, false, "\033[3;5~" },
		{ TERM_KEY_PAGEUP, 0, false, "\033[5~" }, { TERM_KEY_PAGEDOWN, TERM_SHIFT, false, "\033[6;2~" },
		{ TERM_KEY_F1, 0, false, "\033OP" }, { TERM_KEY_F1, TERM_SHIFT, false, "\033[1;2P" },
		{ TERM_KEY_F1 + 3, 0, true, "\033OS" }, { TERM_KEY_F1 + 4, 0, false, "\033[15~" },
		{ TERM_KEY_F1 + 5, 0, false, "\033[17~" }, { TERM_KEY_F12, 0, false, "\033[24~" },
		{ TERM_KEY_ENTER, 0, false, "\r" }, { TERM_KEY_ENTER, TERM_ALT, false, "\033\r" },
		{ TERM_KEY_BACKSPACE, 0, false, "\x7f" }, { TERM_KEY_BACKSPACE, TERM_CTRL, false, "\b" },
		{ TERM_KEY_BACKSPACE, TERM_ALT, false, "\033\x7f" },
		{ TERM_KEY_TAB, 0, false, "\t" }, { TERM_KEY_TAB, TERM_SHIFT, false, "\033[Z" },
		{ TERM_KEY_BACKTAB, 0, false, "\033[Z" },
		{ TERM_KEY_ESCAPE, 0, false, "\033" }, { TERM_KEY_ESCAPE, TERM_ALT, false, "\033\033" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct input_modes modes = { .application_cursor = table[i].application };
		char out[64];
		size_t len = encode_key(&modes, table[i].key, table[i].modifiers, out);

		assert_int_equal(len, strlen(table[i].want));
		assert_memory_equal(out, table[i].want, len);
	}
}

static void every_key_says_something_of_its_own(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };
	char out[TERM_KEY_F12 + 1][64];
	size_t len[TERM_KEY_F12 + 1];

	for (int key = 0; key <= TERM_KEY_F12; key++) {
		len[key] = encode_key(&modes, (enum terminal_key)key, 0, out[key]);
		assert_in_range(len[key], 1, 5);
		for (int other = 0; other < key; other++)
			assert_false(len[key] == len[other] && memcmp(out[key], out[other], len[key]) == 0);
	}
}

/* What a serial line can carry: never CSI u. */
static void control_makes_the_c0_byte(void **state)
{
	(void)state;
	char out[64];

	for (uint32_t c = 'a'; c <= 'z'; c++) {
		assert_int_equal(encode_char(c, TERM_CTRL, out), 1);
		assert_int_equal(out[0], c - 'a' + 1);
		assert_int_equal(encode_char(c - 32, TERM_CTRL, out), 1);
		assert_int_equal(out[0], c - 'a' + 1);
	}
	static const struct { char key, want; } table[] = {
		{ '@', 0 }, { ' ', 0 }, { '[', 033 }, { '\\', 034 }, { ']', 035 }, { '^', 036 }, { '_', 037 },
		{ '?', 0177 }, { '2', 0 }, { '3', 033 }, { '7', 037 }, { '8', 0177 }, { '/', 037 }, { '1', '1' },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(encode_char((uint32_t)table[i].key, TERM_CTRL, out), 1);
		assert_int_equal(out[0], table[i].want);
	}
}

static void characters_are_utf8_and_alt_is_an_escape_in_front(void **state)
{
	(void)state;
	char out[64];

	assert_bytes(out, encode_char('x', TERM_ALT, out), "\033x");
	assert_bytes(out, encode_char('x', TERM_ALT | TERM_CTRL, out), "\033\x18");
	assert_bytes(out, encode_char(0xe9, 0, out), "\xc3\xa9");
	assert_bytes(out, encode_char(0x20ac, 0, out), "\xe2\x82\xac");
	assert_bytes(out, encode_char(0x1f427, TERM_ALT, out), "\033\xf0\x9f\x90\xa7");
}

static void mouse_says_nothing_unless_asked(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };
	char out[64];

	for (int button = 0; button <= 5; button++)
		assert_int_equal(encode_mouse(&modes, 1, 1, button, true, 0, out), 0);
}

static void clicks_wheel_and_motion_are_told_as_far_as_wanted(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };
	char out[64];

	input_mode(&modes, 1000, true);
	assert_bytes(out, encode_mouse(&modes, 2, 4, 1, true, 0, out), "\033[M %#");
	assert_int_equal(encode_mouse(&modes, 3, 4, 0, true, 0, out), 0);
	assert_bytes(out, encode_mouse(&modes, 3, 4, 1, false, 0, out), "\033[M#%$");
	assert_int_equal(encode_mouse(&modes, 3, 300, 1, true, 0, out), 0);	/* out of X10's range */
	input_mode(&modes, 1006, true);
	assert_bytes(out, encode_mouse(&modes, 3, 300, 3, true, TERM_CTRL, out), "\033[<18;301;4M");
	assert_bytes(out, encode_mouse(&modes, 3, 300, 3, false, TERM_CTRL, out), "\033[<18;301;4m");
	assert_bytes(out, encode_mouse(&modes, 0, 0, 5, true, 0, out), "\033[<65;1;1M");
	assert_int_equal(encode_mouse(&modes, 0, 0, 5, false, 0, out), 0);
	input_mode(&modes, 1002, true);
	assert_int_equal(encode_mouse(&modes, 1, 0, 0, true, 0, out), 0);	/* nothing held */
	encode_mouse(&modes, 1, 0, 1, true, 0, out);
	assert_int_equal(encode_mouse(&modes, 1, 0, 0, true, 0, out), 0);	/* did not move */
	assert_bytes(out, encode_mouse(&modes, 1, 1, 0, true, 0, out), "\033[<32;2;2M");
	input_mode(&modes, 1003, true);
	assert_bytes(out, encode_mouse(&modes, 1, 2, 0, true, TERM_SHIFT, out), "\033[<39;3;2M");
	input_mode(&modes, 9, true);
	assert_bytes(out, encode_mouse(&modes, 1, 2, 2, true, TERM_SHIFT, out), "\033[<1;3;2M");
	assert_int_equal(encode_mouse(&modes, 1, 2, 2, false, 0, out), 0);
	input_mode(&modes, 9, false);
	assert_int_equal(encode_mouse(&modes, 1, 2, 2, true, 0, out), 0);
}

static void no_bytes_are_ever_more_than_there_is_room_for(void **state)
{
	(void)state;
	char out[65];

	for (int key = 0; key <= TERM_KEY_F12; key++) {
		for (int modifiers = 0; modifiers < 8; modifiers++) {
			for (int application = 0; application < 2; application++) {
				struct input_modes modes = { .application_cursor = application };

				out[64] = 'x';
				assert_in_range(encode_key(&modes, (enum terminal_key)key, modifiers, out), 1, 63);
				assert_int_equal(out[64], 'x');
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_spelt_as_xterm_spells_them),
		cmocka_unit_test(every_key_says_something_of_its_own),
		cmocka_unit_test(control_makes_the_c0_byte),
		cmocka_unit_test(characters_are_utf8_and_alt_is_an_escape_in_front),
		cmocka_unit_test(mouse_says_nothing_unless_asked),
		cmocka_unit_test(clicks_wheel_and_motion_are_told_as_far_as_wanted),
		cmocka_unit_test(no_bytes_are_ever_more_than_there_is_room_for),
	};

	return cmocka_run_group_tests_name("terminal keys", tests, NULL, NULL);
}
