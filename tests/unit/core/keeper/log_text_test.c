/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_text.h"

#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_line_is_shown_as_it_looked_on_the_screen(void **state)
{
	static const struct { const char *raw, *text; } cases[] = {
		{ "", "" },
		{ "one\r", "one" },
		{ "one  ", "one  " },
		{ "\033[1;31mred\033[0m plain", "red plain" },
		{ "\033[0;32m  OK  \033[0m\033[38:5:1m ", "  OK" },
		{ "\033[31", "" },
		{ "a\033[31mb\033[2Kc\033", "  c" },
		{ "\033]0;title\aok \033]2;x\033\\fine", "ok fine" },
		{ "\033(Bset \033=keypad \0337saved", "set keypad saved" },
		{ "loading 1%\rloading 99%\r", "loading 99%" },
		{ "a longer line\rshort", "shortger line" },
		{ "a longer line\rshort\033[K", "short" },
		{ "abc\b\bX", "aXc" },
		{ "abc\b\b\033[KX", "aX" },
		{ "caf\303\251\b!", "caf!" },
		{ "\b\bb", "b" },
		{ "bell\a nul-free \177del", "bell nul-free del" },
		{ "a\tb", "a       b" },
		{ "12345678\tb", "12345678        b" },
		{ "\033[3Cx\033[1Gy", "y  x" },
		{ "ls -x\033[2D\033[2Pl\033[1@", "ls l" },
		{ "one\033[2J\033[Htwo", "two" },
		{ "abcdef\r\033[2Xz", "z cdef" },
		{ "\377\376", "\357\277\275\357\277\275" },
	};
	struct str text;

	(void)state;
	str_init(&text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		log_text(cases[i].raw, strlen(cases[i].raw), &text);
		assert_string_equal(text.text, cases[i].text);
	}
	str_finish(&text);
}

static void a_text_has_no_control_characters(void **state)
{
	struct str text;
	char bytes[3];

	(void)state;
	str_init(&text);
	for (unsigned n = 0; n < 256 * 256; n++) {
		bytes[0] = 0x1b;
		bytes[1] = (char)(n >> 8);
		bytes[2] = (char)n;
		for (size_t from = 0; from < 2; from++) {
			log_text(bytes + from, 3 - from, &text);
			assert_int_equal(strlen(text.text), text.len);
			for (const char *c = text.text; *c != '\0'; c++)
				assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		}
	}
	str_finish(&text);
}

static void no_sequence_makes_a_line_longer_than_the_limit(void **state)
{
	static const char grows[] = "x\033[32767G\033[65535@\033[65535Cy\033[1G\033[65535@\033[9999P\b\b\tz";
	struct str raw, text;

	(void)state;
	str_init(&raw);
	str_init(&text);
	for (int i = 0; i < 1000; i++)
		str_adds(&raw, grows);
	log_text(raw.text, raw.len, &text);
	assert_true(text.len <= 32768 * 4);
	str_finish(&raw);
	str_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_shown_as_it_looked_on_the_screen),
		cmocka_unit_test(a_text_has_no_control_characters),
		cmocka_unit_test(no_sequence_makes_a_line_longer_than_the_limit),
	};

	return cmocka_run_group_tests_name("log text", tests, NULL, NULL);
}
