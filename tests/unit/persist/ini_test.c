/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "fake/ini_agree.h"
#include "persist/ini/ini_read.h"
#include "persist/ini/ini_scan.h"
#include "persist/ini/ini_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The value that comes back when it is written under [s] k between two others. */
static void assert_survives(const char *value)
{
	struct error err = { 0 };
	struct ini_file file;
	struct ini_scan scan;
	struct ini_line line;
	struct str text;

	str_init(&text);
	str_adds(&text, "[s]\nbefore = 1\n");
	ini_encode(&text, "k = ", value, "", "\n");
	str_adds(&text, "after = 2\n");
	if (!ini_read(text.text, text.len, &file, &err))
		fail_msg("%s in\n%s", err.text, text.text);
	assert_int_equal(file.count, 3);
	assert_string_equal(file.items[1].value, value);
	assert_string_equal(file.items[2].value, "2");
	ini_scan_init(&scan, text.text, text.len);
	while (ini_scan_next(&scan, &line))
		assert_true(line.text.len <= INI_WRITE_LIMIT + 1);
	ini_file_finish(&file);
	str_finish(&text);
}

static void every_value_that_a_person_may_mean_survives(void **state)
{
	static const char *const values[] = {
		"", " ", "  ", "\t", "x", " x", "x ", "\tx\t", "\n", "a\nb", "a\r\nb\r\n", "\r", "\v\f",
		";", "a;b", "a ;b", "; a", "#", "# a", "a # b", "=", "a=b", ":", "a:b", "[s]", "]", "[",
		"\"", "\"a\"", "a\"b", "\"a", "a\"", "\"\"", "'", "\\", "a\\", "\\n", "a\\\"", "\\\\", "\"\\",
		"/home/me/vm/Müller web.qcow2", "é", "…", "à", "日本語", "\xf0\x9f\x90\xa6", "e\xcc\x81",
		"\xff", "\x80", "a\xc3", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80", "\xc2\x85", "\xc2\x9bK",
		"\x1b[31m", "\x7f", "\x01", "\\x3b", "\\x00", "a\\x", "\xef\xbb\xbf", "\xef\xbb\xbfx",
		"8080:80/tcp", "usb-host,vendorid=0x1234", "console=ttyS0 root=/dev/vda;quiet",
		"#!/bin/sh\nset -e\n\techo \"hi; there\" # comment\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_survives(values[i]);
}

static void every_pair_of_bytes_survives(void **state)
{
	char value[3] = "";

	(void)state;
	for (int a = 1; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			value[0] = (char)a;
			value[1] = (char)b;
			assert_survives(value);
		}
	}
}

static void values_of_every_length_up_to_a_few_lines_survive(void **state)
{
	char value[600];

	(void)state;
	for (size_t len = 0; len < sizeof(value) - 1; len++) {
		memset(value, 'x', len);
		value[len] = '\0';
		assert_survives(value);
		memset(value, ';', len);
		assert_survives(value);
		for (size_t i = 0; i < len; i++)
			value[i] = "\xe2\x82\xac"[i % 3];
		assert_survives(value);
	}
}

static void long_values_of_any_bytes_survive(void **state)
{
	static const size_t sizes[] = { 10000, INI_VALUE_LIMIT };
	uint32_t random = 1;

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		char *value = mem_alloc(sizes[s] + 1);

		for (size_t i = 0; i < sizes[s]; i++) {
			random = random * 1664525 + 1013904223;
			value[i] = (char)((random >> 24) % 255 + 1);
		}
		assert_survives(value);
		memset(value, ' ', sizes[s]);
		assert_survives(value);
		free(value);
	}
}

static void plain_values_stay_readable(void **state)
{
	(void)state;
	assert_true(ini_is_literal("/home/me/vm/My VM's disk.qcow2"));
	assert_true(ini_is_literal("user,hostfwd=tcp::8080-:80"));
	assert_true(ini_is_literal("Büro"));
	assert_true(ini_is_literal("#1 [a] = 'b' \"c\""));
	assert_false(ini_is_literal("\"c\""));
	assert_false(ini_is_literal("a;b"));
}

static void assert_refused(const char *text, size_t len, const char *want)
{
	struct error err = { 0 };
	struct ini_file file;

	assert_false(ini_read(text, len, &file, &err));
	if (strncmp(err.text, want, strlen(want)) != 0)
		fail_msg("\"%s\" for\n%s\nand not \"%s\"", err.text, text, want);
	assert_int_equal(file.count, 0);
}

static void a_wrong_text_is_refused_with_its_first_wrong_line(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "[vm]\nnonsense\n", "line 2: neither a [section] nor key = value" },
		{ "[vm\n", "line 1: neither" },
		{ "[a ;]\n", "line 1: neither" },
		{ "\n[a] b = c\n", "line 2: text after the section's ']'" },
		{ "[vm]\rcpus = 2\r", "line 1: text after" },
		{ "[vm]\n\n# c\nx ; = 1\ny", "line 4: neither" },
		{ "[vm]\n= 1\n", "line 2: no key before the '='" },
		{ "[vm]\ncpus = 2\n  memory = 5\n", "line 3: indented" },
		{ "[vm]\na = \"x\"\n  \"y\"\n", "line 3: indented" },
		{ "a = \"x\n", "line 1: no closing quote" },
		{ "a = \"x ; y\"\n", "line 1: no closing quote (a ; after" },
		{ "a = \"x\" y\n", "line 1: text after the closing quote" },
		{ "a = \"x\"\\ y\n", "line 1: text after" },
		{ "a = \"x\"\\\\\n", "line 1: text after" },
		{ "a = \"\\q\"\n", "line 1: in quotes, a backslash" },
		{ "a = \"\\x4\"\n", "line 1: \\x must" },
		{ "a = \"\\x4g\"\n", "line 1: \\x must" },
		{ "a = \"\\x00\"\n", "line 1: \\x00" },
		{ "a = \"\\", "line 1: in quotes, a backslash" },
		{ "a = 1\nb = \"x\"\\\n", "line 2: the value ends in" },
		{ "a = 1\nb = \"x\"\\\nc = 3\nd\n", "line 2: the value ends in" },
		{ "a = 1\nb = \"x\"\\\n[c]\n  \"y\" = 1\n", "line 2: the value ends in" },
		{ "a = 1\nb = \"x\"\\\n  y\n", "line 3: indented" },
		{ "bad\na = \"\\q\"\n", "line 1: neither" },
		{ "a = \"\\q\"\nbad\n", "line 1: in quotes, a backslash" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(rows[i].text, strlen(rows[i].text), rows[i].want);
	assert_refused("[a]\nb = c\0d\n", 12, "line 2: contains a NUL byte");
	assert_refused("[a]\n\0", 5, "line 2: contains a NUL byte");
}

static void lines_and_names_are_measured_as_stock_inih_needs(void **state)
{
	struct error err = { 0 };
	struct ini_file file;
	char text[400];

	(void)state;
	for (int len = 0; len < 300; len++) {
		snprintf(text, sizeof(text), "a = 1\nb =%0*d\nc = 3\n", len, 0);
		if (strlen("b =") + (size_t)(len ? len : 1) > INI_READ_LIMIT) {
			assert_refused(text, strlen(text), "line 2: longer than 198 bytes");
			continue;
		}
		assert_true(ini_read(text, strlen(text), &file, &err));
		assert_int_equal(file.count, 3);
		ini_file_finish(&file);
		text[strlen(text) - strlen("\nc = 3\n")] = '\0';	/* the last line without its newline */
		assert_true(ini_read(text, strlen(text), &file, &err));
		assert_int_equal(file.count, 2);
		ini_file_finish(&file);
	}
	snprintf(text, sizeof(text), "[%0*d]\n%0*d = 1\n", 49, 0, 49, 0);
	assert_true(ini_read(text, strlen(text), &file, &err));
	assert_int_equal(strlen(file.items[0].section), 49);
	ini_file_finish(&file);
	snprintf(text, sizeof(text), "[%0*d]\n", 50, 0);
	assert_refused(text, strlen(text), "line 1: the name");
	snprintf(text, sizeof(text), "%0*d = 1\n", 50, 0);
	assert_refused(text, strlen(text), "line 1: the name");
	snprintf(text, sizeof(text), "# %0*d\n", 200, 0);
	assert_refused(text, strlen(text), "line 1: longer");
}

static void what_people_write_by_hand_is_understood(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf[ VM ] ; ours\r\n"
		"  Cpus: 2 ; two\r\n"
		"memory=1024;M\n"
		"\n"
		"description = \"a\"\\  ; first\n"
		"  ; in between\n"
		"\n"
		"\t\"\\x3b b\\t\\\"\"   ; last\n"
		"empty =\n"
		"quoted = \"\"";
	static const struct { const char *key, *value; unsigned line; } want[] = {
		{ "cpus", "2", 2 }, { "memory", "1024;M", 3 }, { "description", "a; b\t\"", 5 },
		{ "empty", "", 9 }, { "quoted", "", 10 },
	};
	struct error err = { 0 };
	struct ini_file file;

	(void)state;
	if (!ini_read(text, strlen(text), &file, &err))
		fail_msg("%s", err.text);
	assert_int_equal(file.count, 5);
	for (size_t i = 0; i < file.count; i++) {
		assert_string_equal(ini_file_get(&file, "vm", want[i].key), want[i].value);
		assert_int_equal(file.items[i].line, want[i].line);
	}
	assert_null(ini_file_get(&file, "vm", "none"));
	ini_file_finish(&file);
}

static void a_comment_stays_behind_a_value_or_moves_above_it(void **state)
{
	struct str text;
	char value[190];

	(void)state;
	str_init(&text);
	ini_encode(&text, "cpus = ", "4", "   ; default 1", "\n");
	assert_string_equal(text.text, "cpus = 4   ; default 1\n");
	str_clear(&text);
	memset(value, 'x', 180);
	value[180] = '\0';
	ini_encode(&text, "cpus = ", value, "   ; default 1", "\r\n");
	assert_memory_equal(text.text, "; default 1\r\ncpus = xxx", 23);
	assert_string_equal(text.text + text.len - 3, "x\r\n");
	str_finish(&text);
}

static void assert_agree(const char *text, size_t len)
{
	char *difference = ini_disagreement(text, len);

	if (difference)
		fail_msg("on\n%.*s\n%s", (int)len, text, difference);
}

/* All texts of up to six of the bytes that mean something to inih. */
static void the_scanner_reads_every_short_text_as_inih_does(void **state)
{
	static const char bytes[] = "k [];=:\n\"#";
	const size_t count = sizeof(bytes) - 1;
	char text[7] = "";

	(void)state;
	for (size_t n = 0; n < 1000000; n++) {
		size_t rest = n;

		for (size_t i = 0; i < 6; i++, rest /= count)
			text[i] = bytes[rest % count];
		assert_agree(text, 6);
	}
}

static void the_scanner_reads_random_lines_as_inih_does(void **state)
{
	static const char *const parts[] = {
		"[vm]", "[", "]", " ", "\t", "=", ":", ";", "#", "\n", "\n", "\r\n", "key", "k2", "value", "\"",
		"\"\\\n  ", "\\", " ; c", "\xef\xbb\xbf", "\v", "\f", "é", "\xa0",
	};
	uint32_t random = 7;
	struct str text;

	(void)state;
	str_init(&text);
	for (int round = 0; round < 20000; round++) {
		str_clear(&text);
		for (int i = 0; i < 30; i++) {
			random = random * 1664525 + 1013904223;
			str_adds(&text, parts[(random >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
		}
		assert_agree(text.text, text.len);
	}
	str_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_that_a_person_may_mean_survives),
		cmocka_unit_test(every_pair_of_bytes_survives),
		cmocka_unit_test(values_of_every_length_up_to_a_few_lines_survive),
		cmocka_unit_test(long_values_of_any_bytes_survive),
		cmocka_unit_test(plain_values_stay_readable),
		cmocka_unit_test(a_wrong_text_is_refused_with_its_first_wrong_line),
		cmocka_unit_test(lines_and_names_are_measured_as_stock_inih_needs),
		cmocka_unit_test(what_people_write_by_hand_is_understood),
		cmocka_unit_test(a_comment_stays_behind_a_value_or_moves_above_it),
		cmocka_unit_test(the_scanner_reads_every_short_text_as_inih_does),
		cmocka_unit_test(the_scanner_reads_random_lines_as_inih_does),
	};

	return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
