/* SPDX-License-Identifier: MIT */
#include "core/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static bool may_be_written(uint32_t c)
{
	return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static void every_character_comes_back_whole_and_in_pieces(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[5] = "";
		size_t len = utf8_encode(c, bytes);
		uint32_t got = 0;
		bool whole;

		if (!may_be_written(c)) {
			assert_int_equal(utf8_decode(bytes, len, &got), 0);
			continue;
		}
		assert_int_equal(utf8_decode(bytes, len, &got), len);
		assert_int_equal(got, c);
		assert_int_equal(utf8_length(bytes), c >= 0xa0 ? len : 0);
		if (c < 0x80)
			continue;
		for (size_t part = 1; part <= len; part++) {
			assert_int_equal(utf8_prefix((unsigned char *)bytes, part, &whole), part);
			assert_int_equal(whole, part == len);
			assert_int_equal(utf8_decode(bytes, part, &got), part == len ? len : 0);
		}
	}
}

/* All that two bytes can be, with two tails behind them: what is taken is spelled as it would be written. */
static void nothing_else_is_a_character(void **state)
{
	(void)state;
	for (unsigned first = 0x80; first < 0x100; first++) {
		for (unsigned second = 0; second < 0x100; second++) {
			char bytes[5] = { (char)first, (char)second, '\x80', '\x80', '\0' }, again[4];
			uint32_t c;
			size_t len = utf8_decode(bytes, 4, &c);

			if (len == 0)
				continue;
			assert_true(may_be_written(c));
			assert_int_equal(utf8_encode(c, again), len);
			assert_memory_equal(again, bytes, len);
		}
	}
}

static void a_cut_is_never_in_the_middle(void **state)
{
	static const char text[] = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xa6z";
	static const size_t kept[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11 };

	(void)state;
	assert_int_equal(strlen(text) + 1, sizeof(kept) / sizeof(kept[0]));
	for (size_t len = 0; len <= strlen(text); len++)
		assert_int_equal(utf8_cut(text, len), kept[len]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_comes_back_whole_and_in_pieces),
		cmocka_unit_test(nothing_else_is_a_character),
		cmocka_unit_test(a_cut_is_never_in_the_middle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
