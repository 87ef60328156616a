/* SPDX-License-Identifier: MIT */
#include "ui/kit/keys.h"
#include "ui/kit/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <locale.h>

static void every_key_reads_back_from_its_name(void **state)
{
	static const wint_t codes[] = {
		KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_PPAGE, KEY_NPAGE, KEY_IC, KEY_DC,
		KEY_BTAB, KEY_BACKSPACE, KEY_F(1), KEY_F(9), KEY_F(10), KEY_F(12),
	};
	char name[40];

	(void)state;
	for (int alt = 0; alt < 2; alt++) {
		for (wint_t c = 0; c < 0x250; c++) {
			struct key key = { .code = c, .alt = alt }, back;

			if (c >= 0x7f && c < 0xa1)
				continue;
			assert_true(key_parse(key_text(&key, name, sizeof(name)), &back));
			assert_true(key_equal(&key, &back));
		}
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			struct key key = { .code = codes[i], .is_code = true, .alt = alt }, back;

			assert_true(key_parse(key_text(&key, name, sizeof(name)), &back));
			assert_true(key_equal(&key, &back));
		}
	}
}

static void unknown_key_names_are_rejected(void **state)
{
	static const char *const wrong[] = { "", "F0", "F25", "F1x", "C-", "C-1", "C-ab", "A-", "enter", "ab", "\xff" };
	struct key key;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(key_parse(wrong[i], &key));
}

static void control_letters_are_one_key_in_either_case(void **state)
{
	struct key lower, upper;

	(void)state;
	for (char c = 'a'; c <= 'z'; c++) {
		char name[] = { 'C', '-', c, '\0' }, other[] = { 'C', '-', (char)(c - 32), '\0' };

		assert_true(key_parse(name, &lower));
		assert_true(key_parse(other, &upper));
		assert_true(key_equal(&lower, &upper));
		assert_int_equal(lower.code, c - 'a' + 1);
	}
}

static unsigned nothing(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	return 0;
}

static unsigned something(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	return 1;
}

static void a_row_is_found_by_each_of_its_names(void **state)
{
	static const struct keybinding table[] = {
		{ "Up k", nothing, 0, "Up", NULL },
		{ "? F1 A-h", something, 0, "Help", NULL },
		{ NULL, NULL, 0, NULL, NULL }
	};
	static const char *const found[] = { "?", "F1", "A-h" }, *const missing[] = { "h", "F", "K", "1" };
	struct key key;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(key_parse(found[i], &key));
		assert_ptr_equal(key_lookup(table, &key), &table[1]);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_true(key_parse(missing[i], &key));
		assert_null(key_lookup(table, &key));
	}
	assert_null(key_lookup(NULL, &key));
}

static void only_characters_are_text(void **state)
{
	static const struct { struct key key; bool text; } cases[] = {
		{ { .code = 'a' }, true }, { { .code = ' ' }, true }, { { .code = 0xe9 }, true },
		{ { .code = 'a', .alt = true }, false }, { { .code = 27 }, false }, { { .code = 127 }, false },
		{ { .code = KEY_UP, .is_code = true }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(key_is_text(&cases[i].key), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_reads_back_from_its_name),
		cmocka_unit_test(unknown_key_names_are_rejected),
		cmocka_unit_test(control_letters_are_one_key_in_either_case),
		cmocka_unit_test(a_row_is_found_by_each_of_its_names),
		cmocka_unit_test(only_characters_are_text),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
