/* SPDX-License-Identifier: MIT */
#include "core/terminal/width.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>
#include <cmocka.h>

struct span {
	uint32_t first, last;
	int width;
};

static void assert_span(const struct span *span, int width(uint32_t))
{
	for (uint32_t c = span->first; c <= span->last; c++) {
		if (width(c) != span->width)
			print_error("U+%04X\n", (unsigned)c);
		assert_int_equal(width(c), span->width);
	}
}

/* A function, since the one under test is inline. */
static int own(uint32_t character)
{
	return width_of(character);
}

static void control_characters_have_no_width(void **state)
{
	static const struct span spans[] = { { 0, 0x1f, -1 }, { 0x7f, 0x9f, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_span(&spans[i], own);
}

/* Where the libc must agree: what its programs print all day. */
static const struct span agreed[] = {
	{ 0x20, 0x7e, 1 }, { 0xa0, 0x2ff, 1 }, { 0x370, 0x377, 1 }, { 0x400, 0x482, 1 }, { 0x3041, 0x3096, 2 },
	{ 0x30a0, 0x30ff, 2 }, { 0x3400, 0x4dbf, 2 }, { 0x4e00, 0x9fff, 2 }, { 0xac00, 0xd7a3, 2 },
	{ 0xff01, 0xff60, 2 }, { 0xff61, 0xff9f, 1 }, { 0x2500, 0x25fc, 1 }, { 0x2800, 0x28ff, 1 }, { 0x300, 0x36f, 0 },
	{ 0x483, 0x489, 0 }, { 0x200b, 0x200f, 0 }, { 0xfe00, 0xfe0f, 0 }, { 0x1160, 0x11ff, 0 }, { 0x231a, 0x231b, 2 },
	{ 0x1f300, 0x1f320, 2 }, { 0x1f600, 0x1f64f, 2 }, { 0x1f90c, 0x1f93a, 2 }, { 0x1f1e6, 0x1f1ff, 1 },
	{ 0x20000, 0x2a6d6, 2 }, { 0xe0100, 0xe01ef, 0 },
};

static void everyday_characters_are_as_wide_as_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(agreed) / sizeof(agreed[0]); i++)
		assert_span(&agreed[i], own);
}

static void odd_characters_are_as_the_header_says(void **state)
{
	static const struct span spans[] = {
		{ 0xad, 0xad, 1 },		/* soft hyphen */
		{ 0x34f, 0x34f, 0 },		/* combining grapheme joiner */
		{ 0x600, 0x605, 1 },		/* Arabic signs of category Cf that are drawn */
		{ 0x903, 0x903, 1 },		/* a spacing mark */
		{ 0x115f, 0x115f, 2 },		/* Hangul initial filler */
		{ 0x200d, 0x200d, 0 },		/* joiner of emoji */
		{ 0x20dd, 0x20dd, 0 },		/* enclosing circle */
		{ 0x2764, 0x2764, 1 },		/* a heart is text unless a selector follows */
		{ 0x2ffc, 0x2fff, 2 },		/* 15.1 */
		{ 0x303f, 0x303f, 1 },		/* the half-width one among wide signs */
		{ 0x31ef, 0x31ef, 2 },		/* 15.1 */
		{ 0x4dc0, 0x4dff, 2 },		/* hexagrams */
		{ 0xd7b0, 0xd7c6, 0 },		/* more Hangul vowels */
		{ 0xd800, 0xdfff, 1 },		/* not characters */
		{ 0xe000, 0xf8ff, 1 },		/* private use */
		{ 0xfeff, 0xfeff, 0 },		/* byte order mark */
		{ 0xfffd, 0xfffd, 1 },
		{ 0x1f3fb, 0x1f3ff, 2 },	/* skin tones */
		{ 0x1f7e2, 0x1f7e2, 2 },	/* emoji of 2018 and later */
		{ 0x1f9b0, 0x1f9ff, 2 }, { 0x1fae0, 0x1fae8, 2 },
		{ 0x2ebf0, 0x2ee5d, 2 },	/* 15.1 */
		{ 0x3fffd, 0x3fffd, 2 }, { 0x3fffe, 0x40000, 1 },
		{ 0xe0001, 0xe0001, 0 }, { 0xe0020, 0xe007f, 0 },	/* tags */
		{ 0xe01f0, 0xe01f0, 1 }, { 0x10ffff, 0x110000, 1 }, { 0xfffffff0, 0xfffffffe, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_span(&spans[i], own);
}

/* What an older libc does not know counts as agreed. */
static int of_libc(uint32_t character)
{
	int width = wcwidth((wchar_t)character);

	return width >= 0 ? width : own(character);
}

/* The count is for whoever updates the table: versions of Unicode differ, and so may this. */
static void the_libc_agrees_on_everyday_characters(void **state)
{
	int known = 0, different = 0;

	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (size_t i = 0; i < sizeof(agreed) / sizeof(agreed[0]); i++)
		assert_span(&agreed[i], of_libc);
	for (uint32_t c = 0xa0; c <= 0x10ffff; c++) {
		int width = wcwidth((wchar_t)c);

		known += width >= 0;
		different += width >= 0 && width != width_of(c);
	}
	print_message("%d of %d characters differ from wcwidth\n", different, known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_characters_have_no_width),
		cmocka_unit_test(everyday_characters_are_as_wide_as_everywhere),
		cmocka_unit_test(odd_characters_are_as_the_header_says),
		cmocka_unit_test(the_libc_agrees_on_everyday_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
