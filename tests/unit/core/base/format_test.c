/* SPDX-License-Identifier: MIT */
#include "core/base/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void a_narrow_size_has_four_columns_at_most(void **state)
{
	static const struct { uint64_t bytes; const char *text; } sizes[] = {
		{ 0, "0" }, { 1023, "1023" }, { 1024, "1K" }, { 210u << 20, "210M" }, { 999u << 20, "999M" },
		{ 1000u << 20, "1.0G" }, { 1023u << 20, "1.0G" }, { 1288490188, "1.2G" }, { UINT64_MAX, "15E" },
	};
	char buf[40];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_string_equal(format_size_narrow(sizes[i].bytes, buf, sizeof(buf)), sizes[i].text);
	for (uint64_t bytes = 1; bytes < UINT64_MAX / 3; bytes += bytes / 7 + 1)
		assert_in_range(strlen(format_size_narrow(bytes, buf, sizeof(buf))), 1, 4);
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
		cmocka_unit_test(sizes_and_times_read_as_people_say_them),
		cmocka_unit_test(a_narrow_size_has_four_columns_at_most),
		cmocka_unit_test(a_tenth_never_reads_as_ten),
		cmocka_unit_test(a_name_that_is_printed_is_one_line_of_what_can_be_printed),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
