/* SPDX-License-Identifier: MIT */
#include "core/base/format.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "ui/details/log_clean.h"
#include "ui/kit/draw.h"
#include "ui/kit/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <locale.h>

static void a_log_reads_as_it_looked(void **state)
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

static void no_control_character_survives_in_a_log(void **state)
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

static void sizes_and_times_read_as_people_say_them(void **state)
{
	static const struct { uint64_t bytes; const char *text; } sizes[] = {
		{ 0, "0" }, { 1023, "1023" }, { 1024, "1 K" }, { 210u << 20, "210 M" }, { 1288490188, "1.2 G" },
		{ 10737418240u, "10 G" }, { UINT64_MAX, "15 E" },
	};
	static const struct { time_t seconds; const char *text; } spans[] = {
		{ 0, "under 1 min" }, { 59, "under 1 min" }, { 60, "1 min" }, { 3599, "59 min" },
		{ 3600, "1 h 00 min" }, { 11100, "3 h 05 min" }, { 172800, "2 days" },
	};
	char buf[40];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_string_equal(format_size(sizes[i].bytes, buf, sizeof(buf)), sizes[i].text);
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_string_equal(format_duration(spans[i].seconds, buf, sizeof(buf)), spans[i].text);
	assert_string_equal(format_when(1714737780, 1714737800, buf, sizeof(buf)), "12:03");
	assert_string_equal(format_when(1714737780, 1714737780 + 86400 * 3, buf, sizeof(buf)), "3 May");
	assert_string_equal(format_when(1714737780, 1714737780 + 86400 * 300, buf, sizeof(buf)), "May 2024");
}

static void a_tenth_never_reads_as_ten(void **state)
{
	char buf[40];

	(void)state;
	for (uint64_t bytes = 1u << 20; bytes < 16u << 20; bytes += 4093) {
		const char *dot = strchr(format_size(bytes, buf, sizeof(buf)), '.');

		assert_true(dot == NULL || (dot[1] >= '1' && dot[1] <= '9' && dot[2] == ' '));
	}
}

static void a_map_finds_each_of_ten_thousand(void **state)
{
	static char names[10000][8];
	struct map map = { 0 };

	(void)state;
	assert_null(map_get(&map, "vm0"));
	for (int i = 0; i < 10000; i++) {
		snprintf(names[i], sizeof(names[i]), "vm%d", i);
		map_put(&map, names[i], &names[i]);
	}
	for (int i = 0; i < 10000; i++)
		assert_ptr_equal(map_get(&map, names[i]), &names[i]);
	assert_null(map_get(&map, "vm10000"));
	map_put(&map, "vm7", &map);
	assert_ptr_equal(map_get(&map, "vm7"), &map);
	assert_int_equal(map.count, 10000);
	map_finish(&map);
}

static void assert_plain(const char *text, const char *want)
{
	char *plain = format_plain(text);

	assert_string_equal(plain, want);
	free(plain);
}

static void a_name_that_is_printed_is_one_line_of_what_can_be_printed(void **state)
{
	(void)state;
	assert_plain("", "");
	assert_plain("web ~/vm", "web ~/vm");
	assert_plain("\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80", "\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80");
	assert_plain("a\nb\tc\033[31m\177", "a b c?[31m?");
	assert_plain("\xc2\x9b" "31m", "?31m");			/* CSI as one character */
	assert_plain("\xff\x9b\xc3", "???");				/* no UTF-8, cut short */
	assert_plain("\xc0\x9b\xe0\x80\x9b", "?????");		/* longer than it may be */
	assert_plain("a\xe2\x80\xae" "b", "a?b");			/* right to left */
	assert_plain("a\xe2\x80\x8b" "b\xef\xbb\xbf", "a?b?");		/* no width */
	for (int byte = 1; byte < 256; byte++) {
		char *plain = format_plain((char[]){ (char)byte, '\0' });

		assert_int_equal(plain[0], byte >= ' ' && byte < 127 ? byte : byte == '\n' || byte == '\t' ? ' ' : '?');
		free(plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_is_printed_is_one_line_of_what_can_be_printed),
		cmocka_unit_test(a_log_reads_as_it_looked),
		cmocka_unit_test(no_control_character_survives_in_a_log),
		cmocka_unit_test(wrapping_loses_no_letter_at_any_width),
		cmocka_unit_test(lines_break_at_blanks),
		cmocka_unit_test(widths_are_columns_not_bytes),
		cmocka_unit_test(sizes_and_times_read_as_people_say_them),
		cmocka_unit_test(a_tenth_never_reads_as_ten),
		cmocka_unit_test(a_map_finds_each_of_ten_thousand),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
