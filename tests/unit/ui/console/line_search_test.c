/* SPDX-License-Identifier: MIT */
#include "ui/console/line_search.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void a_pattern_finds_what_it_says(void **state)
{
	static const struct { const wchar_t *pattern; bool regex; const char *text; int at, len; } cases[] = {
		{ L"", false, "text", -1, 0 }, { L"", true, "text", -1, 0 },
		{ L"ext", false, "A TEXT", 3, 3 }, { L"Ext", false, "A TEXT", -1, 0 }, { L"Ext", false, "An Ext", 3, 3 },
		{ L"a.c", false, "abc a.c", 4, 3 }, { L"a.c", true, "abc a.c", 0, 3 },
		{ L"(", false, "f(x)", 1, 1 }, { L"\\(x", true, "f(x)", 1, 2 },
		{ L"\u00e9t\u00e9", false, "un \u00c9T\u00c9", 3, 5 }, { L"\u4e2d.", true, "\u4e2d\u6587", 0, 6 },
		{ L"fo+|bar", true, "a FOOO", 2, 4 }, { L"FO+", true, "a fooo FO", 7, 2 },
		/* \W has no capital that counts. */
		{ L"a\\Wb", true, "A-B", 0, 3 },
		{ L"^b", true, "ab b", -1, 0 }, { L"b$", true, "b ab", 3, 1 }, { L"x*", true, "aaxx", 2, 2 },
		{ L"x*", true, "aaa", -1, 0 }, { L"$", true, "aaa", -1, 0 }, { L"[0-9]{3}", true, "12 345", 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pattern pattern = { .error = NULL };
		size_t at, len;

		assert_true(pattern_set(&pattern, cases[i].pattern, cases[i].regex));
		if (pattern_find(&pattern, cases[i].text, 0, &at, &len) != (cases[i].at >= 0))
			fail_msg("case %zu", i);
		if (cases[i].at >= 0 && ((int)at != cases[i].at || (int)len != cases[i].len))
			fail_msg("case %zu: %zu, %zu bytes", i, at, len);
		pattern_finish(&pattern);
	}
}

static void what_is_not_an_expression_says_why_and_finds_nothing(void **state)
{
	static const struct { const wchar_t *pattern; const char *error; } cases[] = {
		{ L"f(", "( without )" }, { L"[a", "[ without ]" }, { L"[", "[ without ]" },
		{ L"[^", "[ without ]" }, { L"[]", "[ without ]" }, { L"[[:", "unknown class" }, { L"[[:none:]]", "unknown class" },
		{ L"[z-a]", "upside down" }, { L"a{3,2}", "upside down" }, { L"*a", "repetition of nothing" },
		{ L"a|+", "repetition of nothing" }, { L"(?x)", "repetition of nothing" }, { L"a\\", "\\ with nothing" },
		{ L"(a)\\1", "back-references" },
		{ L"((a{1,90}){1,90}){1,90}", "too many repetitions" }, { L"a{99999999999999999999}", "too many repetitions" },
		{ L"(a{250}){5}", "too many repetitions" }, { L"((((((((((a*)*){9}){9}){9}){9}){9}){9}){9}){9}", "too many repetitions" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pattern pattern = { .error = NULL };
		size_t at, len;

		assert_false(pattern_set(&pattern, cases[i].pattern, true));
		assert_non_null(strstr(pattern.error, cases[i].error));
		assert_false(pattern_find(&pattern, "f( [a aa (a)\\1 (?x) *a a|+ [z-a]", 0, &at, &len));
		/* As a text it is. */
		assert_true(pattern_set(&pattern, cases[i].pattern, false));
		assert_null(pattern.error);
		pattern_finish(&pattern);
	}
}

struct rig {
	struct terminal *term;
	struct pattern pattern;
};

static void rig_init(struct rig *rig, int columns, const wchar_t *pattern, bool regex)
{
	static const struct terminal_events none = { .answer = NULL };

	memset(rig, 0, sizeof(*rig));
	rig->term = terminal_new(4, columns, 5000, &none, NULL);
	assert_true(pattern_set(&rig->pattern, pattern, regex));
}

static void rig_finish(struct rig *rig)
{
	terminal_free(rig->term);
	pattern_finish(&rig->pattern);
}

static void feed(struct rig *rig, const char *text)
{
	terminal_write(rig->term, text, strlen(text));
}

static enum search_state search(struct rig *rig, struct terminal_point *at, bool up)
{
	struct line_search search;

	line_search_begin(&search, *at, up);
	while (line_search_step(&search, &rig->pattern, rig->term) == SEARCH_GOES_ON)
		;
	if (search.state == SEARCH_FOUND)
		*at = search.found.from;
	return search.state;
}

static void assert_goes(struct rig *rig, struct terminal_point *at, bool up, struct terminal_point to)
{
	assert_int_equal(search(rig, at, up), SEARCH_FOUND);
	assert_int_equal(at->line, to.line);
	assert_int_equal(at->column, to.column);
}

static void a_match_over_the_end_of_a_row_is_found(void **state)
{
	struct rig rig;
	struct terminal_point at = { 3, 9 };

	(void)state;
	rig_init(&rig, 10, L"needle", false);
	feed(&rig, "a needle\r\n0123456needle NEEDLE\r\n");
	assert_goes(&rig, &at, true, (struct terminal_point){ 2, 4 });
	assert_goes(&rig, &at, true, (struct terminal_point){ 1, 7 });
	assert_goes(&rig, &at, true, (struct terminal_point){ 0, 2 });
	assert_int_equal(search(&rig, &at, true), SEARCH_FAILED);
	assert_goes(&rig, &at, false, (struct terminal_point){ 1, 7 });
	assert_goes(&rig, &at, false, (struct terminal_point){ 2, 4 });
	assert_int_equal(search(&rig, &at, false), SEARCH_FAILED);
	rig_finish(&rig);
}

static void a_match_ends_in_the_row_of_its_last_character(void **state)
{
	struct rig rig;
	struct line_text line = { 0 };
	struct line_match match;
	size_t offset = 0;

	(void)state;
	rig_init(&rig, 10, L"56789", false);
	feed(&rig, "0123456789abc");
	line_text_read(&line, rig.term, 0);
	assert_true(line_match_next(&rig.pattern, rig.term, &line, &offset, &match));
	assert_int_equal(match.to.line, 0);
	assert_int_equal(match.to.column, 10);
	assert_false(line_match_next(&rig.pattern, rig.term, &line, &offset, &match));
	line_text_finish(&line);
	rig_finish(&rig);
}

static void count_all(struct rig *rig, struct line_tally *tally)
{
	for (int i = 0; !tally->done; i++) {
		assert_in_range(i, 0, 100);
		line_tally_step(tally, &rig->pattern, rig->term);
	}
}

static void assert_tally(const struct rig *rig, const struct line_tally *tally, struct terminal_point at, const char *text)
{
	char out[32];

	line_tally_text(tally, rig->term, at, out, sizeof(out));
	assert_string_equal(out, text);
}

static void matches_are_counted_in_slices_and_again_where_the_screen_changes(void **state)
{
	struct rig rig;
	struct line_tally tally = { 0 };
	struct terminal_point third = { 2, 0 };

	(void)state;
	rig_init(&rig, 20, L"hit", false);
	for (int i = 0; i < 2000; i++)
		feed(&rig, "hit\r\n");
	line_tally_begin(&tally);
	assert_tally(&rig, &tally, third, "");
	line_tally_step(&tally, &rig.pattern, rig.term);
	assert_false(tally.done);
	assert_tally(&rig, &tally, third, "3/512+");
	count_all(&rig, &tally);
	assert_tally(&rig, &tally, third, "3/2000");
	assert_tally(&rig, &tally, (struct terminal_point){ 2, 1 }, "2000");
	/* Two on the screen go, one comes; then the history loses its oldest lines. */
	feed(&rig, "\033[2A\033[Jhit\r\n");
	line_tally_changed(&tally, rig.term);
	count_all(&rig, &tally);
	assert_tally(&rig, &tally, third, "3/1999");
	for (int i = 0; i < 3050; i++)
		feed(&rig, "miss\r\n");
	line_tally_changed(&tally, rig.term);
	count_all(&rig, &tally);
	assert_tally(&rig, &tally, (struct terminal_point){ line_oldest(rig.term), 0 }, "1/1953");
	line_tally_finish(&tally);
	rig_finish(&rig);
}

static void counting_and_searching_agree_in_a_line_without_end(void **state)
{
	struct rig rig;
	struct line_tally tally = { 0 };
	struct terminal_point at = { -1, 0 };
	size_t found = 0;

	(void)state;
	rig_init(&rig, 10, L"ab", false);
	feed(&rig, "begin\r\n");
	for (int i = 0; i < 1000; i++)
		feed(&rig, "..ab.........");
	line_tally_begin(&tally);
	count_all(&rig, &tally);
	while (search(&rig, &at, false) == SEARCH_FOUND) {
		assert_true(found < tally.count);
		assert_int_equal(at.line, tally.found[found].line);
		assert_int_equal(at.column, tally.found[found].column);
		found++;
	}
	assert_int_equal(found, tally.count);
	/* One may be lost where a piece ends. */
	assert_in_range(found, 990, 1000);
	at = (struct terminal_point){ line_end(rig.term), 0 };
	for (size_t i = found; i-- > 0;)
		assert_goes(&rig, &at, true, tally.found[i]);
	line_tally_finish(&tally);
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_finds_what_it_says),
		cmocka_unit_test(what_is_not_an_expression_says_why_and_finds_nothing),
		cmocka_unit_test(a_match_over_the_end_of_a_row_is_found),
		cmocka_unit_test(a_match_ends_in_the_row_of_its_last_character),
		cmocka_unit_test(matches_are_counted_in_slices_and_again_where_the_screen_changes),
		cmocka_unit_test(counting_and_searching_agree_in_a_line_without_end),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("line search", tests, NULL, NULL);
}
