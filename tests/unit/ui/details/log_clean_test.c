/* SPDX-License-Identifier: MIT */
#include "ui/details/log_clean.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_log_is_shown_as_it_looked_on_the_screen(void **state)
{
	static const struct { const char *raw, *clean; } cases[] = {
		{ "", "" },
		{ "one\r\ntwo\r\n", "one\ntwo\n" },
		{ "\033[1;31mred\033[0m plain", "red plain" },
		{ "\033]0;title\aok \033]2;x\033\\fine", "ok fine" },
		{ "\033(Bset \033=keypad \0337saved", "set keypad saved" },
		{ "loading 1%\rloading 99%\r\ndone", "loading 99%\ndone" },
		{ "abc\b\bX", "aX" },
		{ "caf\303\251\b!", "caf!" },
		{ "a\n\b\bb", "a\nb" },
		{ "bell\a nul-free \177del", "bell nul-free del" },
		{ "tail\r", "tail" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *clean = log_clean(cases[i].raw, strlen(cases[i].raw));

		assert_string_equal(clean, cases[i].clean);
		free(clean);
	}
}

static void a_cleaned_log_has_no_control_characters(void **state)
{
	unsigned char bytes[3];

	(void)state;
	for (unsigned n = 0; n < 256 * 256; n++) {
		bytes[0] = 0x1b;
		bytes[1] = (unsigned char)(n >> 8);
		bytes[2] = (unsigned char)n;
		for (size_t from = 0; from < 2; from++) {
			char *clean = log_clean((char *)bytes + from, 3 - from);

			for (const char *c = clean; *c != '\0'; c++)
				assert_true((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t');
			free(clean);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_is_shown_as_it_looked_on_the_screen),
		cmocka_unit_test(a_cleaned_log_has_no_control_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
