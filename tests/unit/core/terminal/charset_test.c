/* SPDX-License-Identifier: MIT */
#include "core/terminal/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void a_designation_selects_the_set_that_it_is_of(void **state)
{
	(void)state;
	for (enum charset set = CHARSET_ASCII; set < CHARSET_COUNT; set++) {
		const char *text = charset_designation(set);
		char first = charset_is_96(set) ? '-' : '(';
		size_t len = strlen(text);

		assert_in_range(len, 1, 2);
		assert_int_equal(charset_of(first, len == 2 ? text[0] : 0, text[len - 1]), set);
	}
}

static void other_designations_select_nothing(void **state)
{
	(void)state;
	assert_int_equal(charset_of('(', 0, '~'), -1);
	assert_int_equal(charset_of('(', '%', 'B'), -1);
	assert_int_equal(charset_of('-', 0, '0'), -1);
	assert_int_equal(charset_of('-', 0, 'B'), -1);
	/* The same final byte for 94 and 96 characters. */
	assert_int_equal(charset_of(')', 0, 'A'), CHARSET_BRITISH);
	assert_int_equal(charset_of('.', 0, 'A'), CHARSET_LATIN1);
}

static void sets_have_their_characters(void **state)
{
	static const struct {
		enum charset set;
		uint32_t position, character;
	} table[] = {
		{ CHARSET_ASCII, '#', '#' }, { CHARSET_BRITISH, '#', 0xa3 }, { CHARSET_BRITISH, '[', '[' },
		{ CHARSET_GRAPHICS, 'q', 0x2500 }, { CHARSET_GRAPHICS, 'x', 0x2502 }, { CHARSET_GRAPHICS, 'y', 0x2264 },
		{ CHARSET_GRAPHICS, 'z', 0x2265 }, { CHARSET_GRAPHICS, 'A', 'A' }, { CHARSET_GRAPHICS, '`', 0x25c6 },
		{ CHARSET_GERMAN, '[', 0xc4 }, { CHARSET_GERMAN, '~', 0xdf }, { CHARSET_FRENCH, '{', 0xe9 },
		{ CHARSET_SWEDISH, ']', 0xc5 }, { CHARSET_SPANISH, '\\', 0xd1 }, { CHARSET_SWISS, '#', 0xf9 },
		{ CHARSET_LATIN1, 0x69, 0xe9 }, { CHARSET_LATIN1, 0x20, 0xa0 }, { CHARSET_LATIN1, 0x7f, 0xff },
		{ CHARSET_SUPPLEMENTAL, 0x57, 0x152 }, { CHARSET_SUPPLEMENTAL, 0x69, 0xe9 },
		{ CHARSET_TECHNICAL, 'p', 0x3c0 }, { CHARSET_TECHNICAL, '}', 0x2192 }, { CHARSET_TECHNICAL, '2', 0xfffd },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(charset_map(table[i].set, table[i].position), table[i].character);
}

static void every_position_of_every_set_is_a_printable_character(void **state)
{
	(void)state;
	for (enum charset set = CHARSET_ASCII; set < CHARSET_COUNT; set++) {
		for (uint32_t position = 0x21; position < 0x7f; position++) {
			uint32_t character = charset_map(set, position);

			assert_true(character >= 0x20 && character != 0x7f && !(character >= 0x80 && character < 0xa0));
			/* National sets have letters for punctuation only. */
			if (charset_is_national(set) && position >= '0' && position <= '9')
				assert_int_equal(character, position);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_designation_selects_the_set_that_it_is_of),
		cmocka_unit_test(other_designations_select_nothing),
		cmocka_unit_test(sets_have_their_characters),
		cmocka_unit_test(every_position_of_every_set_is_a_printable_character),
	};

	return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
