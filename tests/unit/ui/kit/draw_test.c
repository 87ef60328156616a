/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/kit/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <locale.h>

struct wrapped {
	struct str text;
	int width, lines;
};

static void take(void *data, int line, const char *text, size_t len)
{
	struct wrapped *wrapped = data;
	char copy[256];

	assert_int_equal(line, wrapped->lines++);
	assert_true(len < sizeof(copy));
	memcpy(copy, text, len);
	copy[len] = '\0';
	assert_true(text_columns(copy) <= wrapped->width);
	str_add(&wrapped->text, text, len);
}

static bool letter(char c)
{
	return c != ' ' && c != '\n';
}

static void wrapping_loses_no_letter_at_any_width(void **state)
{
	static const char *const texts[] = {
		"could not open disk image: No such file or directory", "averyverylongwordwithoutanyblank", "a\n\nb \n c",
		"sch\303\266ne \346\274\242\345\255\227 wide", "  leading and trailing  ", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (int width = 2; width < 60; width++) {
			struct wrapped wrapped = { .width = width };
			const char *got, *want = texts[i];

			str_init(&wrapped.text);
			int lines = text_wrap(texts[i], width, take, &wrapped);

			assert_int_equal(lines, wrapped.lines);
			for (got = wrapped.text.text; *got != '\0' || *want != '\0'; ) {
				if (*got != '\0' && !letter(*got)) {
					got++;
				} else if (*want != '\0' && !letter(*want)) {
					want++;
				} else {
					assert_int_equal(*got, *want);
					got++;
					want++;
				}
			}
			str_finish(&wrapped.text);
		}
	}
}

static void lines_break_at_blanks(void **state)
{
	struct wrapped wrapped = { .width = 10 };

	(void)state;
	str_init(&wrapped.text);
	assert_int_equal(text_wrap("one two three four", wrapped.width, take, &wrapped), 2);
	assert_string_equal(wrapped.text.text, "one twothree four");
	str_finish(&wrapped.text);
}

static void widths_are_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_columns("abc"), 3);
	assert_int_equal(text_columns("\303\266"), 1);
	assert_int_equal(text_columns("\346\274\242"), 2);
	assert_int_equal(text_columns("e\314\201"), 1);
	assert_int_equal(text_columns("\377\376"), 2);
	assert_int_equal(text_columns("\033["), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping_loses_no_letter_at_any_width),
		cmocka_unit_test(lines_break_at_blanks),
		cmocka_unit_test(widths_are_columns_not_bytes),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
