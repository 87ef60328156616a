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

/* In numeric mode the keypad says what other keys say; Menu and F16 have one number. */
static void every_key_says_something_of_its_own(void **state)
{
	(void)state;
	struct input_modes modes = { .application_keypad = true };
	char out[TERM_KEY_LAST + 1][64];
	size_t len[TERM_KEY_LAST + 1];

	for (int key = 0; key <= TERM_KEY_LAST; key++) {
		len[key] = encode_key(&modes, (enum terminal_key)key, 0, out[key]);
		assert_in_range(len[key], 1, 5);
		for (int other = 0; other < key && key != TERM_KEY_MENU; other++)
			assert_false(len[key] == len[other] && memcmp(out[key], out[other], len[key]) == 0);
	}
}

/* What a serial line can carry: never CSI u. */
static void control_makes_the_c0_byte(void **state)
{
	(void)state;
	static const struct input_modes none;
	char out[64];

	for (uint32_t c = 'a'; c <= 'z'; c++) {
		assert_int_equal(encode_char(&none, c, TERM_CTRL, out), 1);
		assert_int_equal(out[0], c - 'a' + 1);
		assert_int_equal(encode_char(&none, c - 32, TERM_CTRL, out), 1);
		assert_int_equal(out[0], c - 'a' + 1);
	}
	static const struct { char key, want; } table[] = {
		{ '@', 0 }, { ' ', 0 }, { '[', 033 }, { '\\', 034 }, { ']', 035 }, { '^', 036 }, { '_', 037 },
		{ '?', 0177 }, { '2', 0 }, { '3', 033 }, { '7', 037 }, { '8', 0177 }, { '/', 037 }, { '1', '1' },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(encode_char(&none, (uint32_t)table[i].key, TERM_CTRL, out), 1);
		assert_int_equal(out[0], table[i].want);
	}
}

static void characters_are_utf8_and_alt_is_an_escape_in_front(void **state)
{
	(void)state;
	static const struct input_modes none;
	char out[64];

	assert_bytes(out, encode_char(&none, 'x', TERM_ALT, out), "\033x");
	assert_bytes(out, encode_char(&none, 'x', TERM_ALT | TERM_CTRL, out), "\033\x18");
	assert_bytes(out, encode_char(&none, 0xe9, 0, out), "\xc3\xa9");
	assert_bytes(out, encode_char(&none, 0x20ac, 0, out), "\xe2\x82\xac");
	assert_bytes(out, encode_char(&none, 0x1f427, TERM_ALT, out), "\033\xf0\x9f\x90\xa7");
}

static void control_bytes_that_arrive_go_on_as_they_are(void **state)
{
	(void)state;
	static const struct input_modes none;
	char out[64];

	for (uint32_t c = 0; c < 128; c++) {
		assert_int_equal(encode_char(&none, c, 0, out), 1);
		assert_int_equal(out[0], c);
		assert_int_equal(encode_char(&none, c, TERM_ALT, out), 2);
		assert_int_equal(out[0], 033);
		assert_int_equal(out[1], c);
	}
}

/* A row: a key, by name or by character, its modifiers, and what the guest gets in each of these modes; NULL: as before it. */
struct row {
	int key;		/* enum terminal_key, or -1 for the character */
	uint32_t character;
	int modifiers;
	const char *plain, *other[3];		/* no modes; modifyOtherKeys 1, 2, 3 */
	const char *kitty[3];			/* flags 1, 8, 24 */
};
#define K(key) TERM_KEY_##key, 0
#define C(character) -1, character
#define S TERM_SHIFT
#define A TERM_ALT
#define CT TERM_CTRL

static const struct row rows[] = {
	{ C('a'), 0, "a", { "a", "a", "\033[27;1;97~" }, { "a", "\033[97u", "\033[97;;97u" } },
	{ C('A'), S, "A", { "A", "A", "\033[27;2;65~" }, { "A", "\033[97;2u", "\033[97;2;65u" } },
	{ C('A'), 0, "A", { "A", "A", "\033[27;1;65~" }, { "A", "\033[97;2u", "\033[97;2;65u" } },
	{ C(0xe9), 0, "\xc3\xa9", { "\xc3\xa9", "\xc3\xa9", "\033[27;1;233~" }, { "\xc3\xa9", "\033[233u", "\033[233;;233u" } },
	{ C('i'), CT, "\t", { "\t", "\033[27;5;105~", NULL }, { "\033[105;5u", NULL, NULL } },
	{ C(025), 0, "\025", { "\025", "\033[27;5;117~", NULL }, { "\033[117;5u", NULL, NULL } },
	{ C('U'), CT | S, "\025", { "\025", "\033[27;6;85~", NULL }, { "\033[117;6u", NULL, NULL } },
	{ C('x'), A, "\033x", { "\033x", "\033[27;3;120~", NULL }, { "\033[120;3u", NULL, NULL } },
	{ C('x'), A | CT, "\033\030", { "\033\030", "\033[27;7;120~", NULL }, { "\033[120;7u", NULL, NULL } },
	{ C(','), CT, ",", { "\033[27;5;44~", NULL, NULL }, { "\033[44;5u", NULL, NULL } },
	{ C('1'), CT | A, "\0331", { "\033[27;7;49~", NULL, NULL }, { "\033[49;7u", NULL, NULL } },
	{ C('/'), CT, "\037", { "\037", "\033[27;5;47~", NULL }, { "\033[47;5u", NULL, NULL } },
	{ C(' '), S, " ", { " ", "\033[27;2;32~", NULL }, { " ", "\033[32;2u", "\033[32;2;32u" } },
	{ C('a'), TERM_SUPER, "", { "", "", "" }, { "\033[97;9u", NULL, NULL } },
	{ K(ENTER), 0, "\r", { "\r", "\r", "\033[27;1;13~" }, { "\r", "\033[13u", NULL } },
	{ K(ENTER), S, "\r", { "\033[27;2;13~", NULL, NULL }, { "\033[13;2u", NULL, NULL } },
	{ K(ENTER), CT, "\r", { "\033[27;5;13~", NULL, NULL }, { "\033[13;5u", NULL, NULL } },
	{ K(ENTER), A, "\033\r", { "\033\r", "\033[27;3;13~", NULL }, { "\033[13;3u", NULL, NULL } },
	{ K(TAB), 0, "\t", { "\t", "\t", "\033[27;1;9~" }, { "\t", "\033[9u", NULL } },
	{ K(TAB), S, "\033[Z", { "\033[Z", "\033[27;2;9~", NULL }, { "\033[9;2u", NULL, NULL } },
	{ K(BACKTAB), 0, "\033[Z", { "\033[Z", "\033[27;2;9~", NULL }, { "\033[9;2u", NULL, NULL } },
	{ K(TAB), CT, "\t", { "\033[27;5;9~", NULL, NULL }, { "\033[9;5u", NULL, NULL } },
	{ K(ESCAPE), 0, "\033", { "\033", "\033", "\033[27;1;27~" }, { "\033[27u", NULL, NULL } },
	{ K(ESCAPE), A, "\033\033", { "\033\033", "\033[27;3;27~", NULL }, { "\033[27;3u", NULL, NULL } },
	{ K(BACKSPACE), 0, "\x7f", { "\x7f", "\x7f", "\033[27;1;127~" }, { "\x7f", "\033[127u", NULL } },
	{ K(BACKSPACE), CT, "\b", { "\b", "\b", "\033[27;5;8~" }, { "\033[127;5u", NULL, NULL } },
	{ K(BACKSPACE), S, "\x7f", { "\x7f", "\033[27;2;127~", NULL }, { "\033[127;2u", NULL, NULL } },
	{ K(UP), 0, "\033[A", { NULL, NULL, NULL }, { "\033[A", NULL, NULL } },
	{ K(UP), CT, "\033[1;5A", { NULL, NULL, NULL }, { NULL, NULL, NULL } },
	{ K(BEGIN), 0, "\033[E", { NULL, NULL, NULL }, { NULL, NULL, NULL } },
	{ K(F1), 0, "\033OP", { NULL, NULL, NULL }, { "\033[P", NULL, NULL } },
	{ TERM_KEY_F1 + 2, 0, 0, "\033OR", { NULL, NULL, NULL }, { "\033[13~", NULL, NULL } },
	{ TERM_KEY_F1 + 2, 0, CT, "\033[1;5R", { NULL, NULL, NULL }, { "\033[13;5~", NULL, NULL } },
	{ TERM_KEY_F1 + 12, 0, 0, "\033[25~", { NULL, NULL, NULL }, { "\033[57376u", NULL, NULL } },
	{ TERM_KEY_F1 + 19, 0, S, "\033[34;2~", { NULL, NULL, NULL }, { "\033[57383;2u", NULL, NULL } },
	{ K(F24), 0, "\033[45~", { NULL, NULL, NULL }, { "\033[57387u", NULL, NULL } },
	{ K(MENU), 0, "\033[29~", { NULL, NULL, NULL }, { "\033[57363u", NULL, NULL } },
	{ TERM_KEY_KP_0 + 5, 0, 0, "5", { NULL, NULL, NULL }, { "5", "\033[57404u", "\033[57404;;53u" } },
	{ TERM_KEY_KP_0 + 5, 0, A, "\0335", { NULL, NULL, NULL }, { "\033[57404;3u", NULL, NULL } },
	{ K(KP_ENTER), 0, "\r", { NULL, NULL, NULL }, { "\033[57414u", NULL, NULL } },
	{ K(KP_SEPARATOR), 0, ",", { NULL, NULL, NULL }, { ",", "\033[57416u", "\033[57416;;44u" } },
};

static void expect_row(const struct input_modes *modes, const struct row *row, const char *want)
{
	char out[65];
	size_t len = row->key < 0 ? encode_char(modes, row->character, row->modifiers, out)
	                          : encode_key(modes, (enum terminal_key)row->key, row->modifiers, out);

	out[len] = '\0';
	assert_string_equal(out, want);
}

static void keys_are_spelt_out_for_guests_that_ask(void **state)
{
	(void)state;
	static const unsigned flags[] = { 1, 8, 24 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct input_modes modes = { 0 };
		const char *want = row->plain;

		expect_row(&modes, row, want);
		for (int level = 1; level <= 3; level++) {
			input_other_keys(&modes, level);
			want = row->other[level - 1] ? row->other[level - 1] : want;
			expect_row(&modes, row, want);
		}
		want = row->plain;
		for (int j = 0; j < 3; j++) {
			/* This protocol goes first. */
			input_kitty_push(&modes, false, flags[j]);
			want = row->kitty[j] ? row->kitty[j] : want;
			expect_row(&modes, row, want);
		}
	}
}

static void format_and_cursor_keys_follow_their_modes(void **state)
{
	(void)state;
	struct input_modes modes = { .other_keys = 2, .other_keys_format = 1, .application_cursor = true, .backarrow = true };
	char out[64];

	assert_bytes(out, encode_char(&modes, 'i', TERM_CTRL, out), "\033[105;5u");
	assert_bytes(out, encode_key(&modes, TERM_KEY_HOME, 0, out), "\033OH");
	assert_bytes(out, encode_key(&modes, TERM_KEY_BACKSPACE, 0, out), "\b");
	input_other_keys(&modes, 0);
	assert_bytes(out, encode_key(&modes, TERM_KEY_BACKSPACE, TERM_CTRL, out), "\x7f");
	/* Only the flags of the screen that is shown count, and with them no SS3. */
	input_kitty_push(&modes, true, 1);
	assert_bytes(out, encode_key(&modes, TERM_KEY_HOME, 0, out), "\033OH");
	input_mode(&modes, 1049, true);
	assert_bytes(out, encode_key(&modes, TERM_KEY_HOME, 0, out), "\033[H");
}

static void the_keypad_has_sequences_of_its_own_in_application_mode(void **state)
{
	(void)state;
	static const char text[] = "0123456789./*-+\r=,", finals[] = "pqrstuvwxynojmkMXl";
	struct input_modes modes = { 0 };
	enum terminal_key key;
	char out[64];

	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		const char want[] = { '\033', 'O', finals[i] }, modified[] = { '\033', 'O', '5', finals[i] };

		assert_true(keypad_key((unsigned char)text[i], &key));
		input_mode(&modes, 66, false);
		assert_int_equal(encode_key(&modes, key, 0, out), 1);
		assert_int_equal(out[0], text[i]);
		input_mode(&modes, 66, true);
		assert_int_equal(encode_key(&modes, key, 0, out), 3);
		assert_memory_equal(out, want, 3);
		assert_int_equal(encode_key(&modes, key, TERM_CTRL, out), 4);
		assert_memory_equal(out, modified, 4);
	}
	assert_false(keypad_key('a', &key));
	assert_false(keypad_key(0, &key));
	assert_false(keypad_key(0xe9, &key));
}

static void numbers_of_the_kitty_protocol_are_for_its_guests(void **state)
{
	(void)state;
	struct input_modes modes = { .other_keys = 2 };
	char out[64];

	assert_int_equal(encode_functional(&modes, 57358, 0, out), 0);
	assert_bytes(out, encode_functional(&modes, 57363, TERM_SHIFT, out), "\033[29;2~");
	input_kitty_push(&modes, false, 1);
	assert_bytes(out, encode_functional(&modes, 57358, 0, out), "\033[57358u");
	assert_bytes(out, encode_functional(&modes, 57441, TERM_SHIFT, out), "\033[57441;2u");
	assert_bytes(out, encode_functional(&modes, 57363, 0, out), "\033[57363u");
}

static void no_bytes_are_ever_more_than_there_is_room_for(void **state)
{
	(void)state;
	char out[65];

	for (int mode = 0; mode < 64; mode++) {
		struct input_modes modes = {
			.application_cursor = mode & 1, .application_keypad = mode & 2, .other_keys = (uint8_t)(mode >> 2 & 3),
			.other_keys_format = mode & 1,
		};

		input_kitty_push(&modes, false, mode & 16 ? 31 : mode & 32 ? 1 : 0);
		for (int modifiers = 0; modifiers < 64; modifiers++) {
			const struct key_alternates most = { 0x10ffff, 0x10fffe, 0x10fffd };

			out[64] = 'x';
			assert_in_range(encode_alternates(&modes, 0x10ffff, &most, modifiers | TERM_RELEASED, out), 0, 63);
			assert_in_range(encode_alternates(&modes, 0x10ffff, &most, modifiers | TERM_REPEATED, out), 0, 63);
			for (int key = 0; key <= TERM_KEY_LAST; key++)
				assert_in_range(encode_key(&modes, (enum terminal_key)key, modifiers, out), modifiers < 8 ? 1 : 0, 63);
			assert_in_range(encode_char(&modes, 0x10ffff, modifiers, out), 0, 63);
			assert_in_range(encode_functional(&modes, 63743, modifiers, out), 0, 63);
			assert_int_equal(out[64], 'x');
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
		cmocka_unit_test(control_bytes_that_arrive_go_on_as_they_are),
		cmocka_unit_test(keys_are_spelt_out_for_guests_that_ask),
		cmocka_unit_test(format_and_cursor_keys_follow_their_modes),
		cmocka_unit_test(the_keypad_has_sequences_of_its_own_in_application_mode),
		cmocka_unit_test(numbers_of_the_kitty_protocol_are_for_its_guests),
		cmocka_unit_test(no_bytes_are_ever_more_than_there_is_room_for),
	};

	return cmocka_run_group_tests_name("terminal keys", tests, NULL, NULL);
}
