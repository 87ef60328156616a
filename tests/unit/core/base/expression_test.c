/* SPDX-License-Identifier: MIT */
#include "core/base/expression.h"

#include <locale.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* at: -1 for no match. */
static const struct { const wchar_t *expression; const char *text; int at, len; } cases[] = {
	{ L"abc", "xabcx", 1, 3 }, { L"a|b", "cb", 1, 1 }, { L"a|ab|abc", "abcd", 0, 3 }, { L"abcd|bc", "abcx", 1, 2 },
	{ L"ab*c", "ac abbc", 0, 2 }, { L"ab+c", "ac abbc", 3, 4 }, { L"ab?c", "abbc ac", 5, 2 }, { L"(ab)+", "xababa", 1, 4 },
	{ L"(a|b)*c", "ababc", 0, 5 }, { L"(a*)*b", "aab", 0, 3 }, { L"()x", "ax", 1, 1 }, { L"(a|)b", "b", 0, 1 },
	{ L"a{2}", "abaaa", 2, 2 }, { L"a{2,}", "abaaa", 2, 3 }, { L"a{1,2}", "baaa", 1, 2 }, { L"(ab){0,2}c", "abababc", 2, 5 },
	{ L"a{0}b", "ab", 1, 1 }, { L"a{", "xa{", 1, 2 }, { L"a{x}", "a{x}", 0, 4 }, { L"a{,2}b", "aaab", 1, 3 }, { L"a{,}b", "aaab", 0, 4 },
	{ L"[abc]+", "xxcab", 2, 3 }, { L"[^abc]+", "abxyc", 2, 2 }, { L"[]x]", "a]", 1, 1 }, { L"[^]x]", "]xa", 2, 1 },
	{ L"[a-c-]+", "x-b-d", 1, 3 }, { L"[[:digit:]x]+", "ab12x", 2, 3 }, { L"[\\d]+", "1\\d", 1, 2 },
	{ L"\\d+", "ab12", 2, 2 }, { L"\\w+", "  a_1-", 2, 3 }, { L"\\W+", "ab -c", 2, 2 }, { L"\\s\\S", "ab c", 2, 2 },
	{ L"\\bb", "ab b", 3, 1 }, { L"\\<b", "ab b", 3, 1 }, { L"b\\>", "bc ab", 4, 1 }, { L"a\\.b", "acb a.b", 4, 3 },
	{ L"o\\Bo", "o oo", 2, 2 }, { L"\\`b", "ab", -1, 0 }, { L"b\\'", "ba ab", 4, 1 }, { L"f)|g", "f f)", 2, 2 }, { L"(a)b)", "ab)", 0, 3 },
	{ L"[[.-.]a]+", "x-a", 1, 2 }, { L"[[=b=]]", "ab", 1, 1 },
	{ L"^a", "ba", -1, 0 }, { L"^b", "ba", 0, 1 }, { L"a$", "ab a", 3, 1 }, { L"^$", "", -1, 0 }, { L"a^b", "a^b", -1, 0 },
	{ L"^(a|b)+$", "abba", 0, 4 }, { L"(^|x)b", "axb", 1, 2 }, { L".*", "all of it", 0, 9 }, { L"x*", "aax", 2, 1 }, { L"x*", "aaa", -1, 0 },
	/* The leftmost one, although another one is complete earlier. */
	{ L"a.*z|bc", "abcz", 0, 4 }, { L"a.*z|bc", "abcx", 1, 2 },
	{ L"\u00e4.\u6587", "\u00e4\u4e2d\u6587", 0, 8 }, { L"[\u00e0-\u00ff]+", "a\u00e4\u00f6b", 1, 4 }, { L"\\b\u4e2d", "\u4e2d", 0, 3 },
};

static void an_expression_finds_the_leftmost_and_longest_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = NULL;
		struct expression *expression = expression_new(cases[i].expression, false, &why);
		size_t at = 0, len = 0;

		assert_non_null(expression);
		if (expression_find(expression, cases[i].text, 0, &at, &len) != (cases[i].at >= 0) ||
		    (cases[i].at >= 0 && ((int)at != cases[i].at || (int)len != cases[i].len)))
			fail_msg("%ls in %s: %zu, %zu bytes", cases[i].expression, cases[i].text, at, len);
		expression_free(expression);
	}
}

static void a_match_can_be_empty_where_only_its_presence_counts(void **state)
{
	static const struct { const wchar_t *expression; const char *text; bool matches; } pairs[] = {
		{ L"^$", "", true }, { L"^$", "a", false }, { L"x*", "aaa", true }, { L"\\b", "  ", false }, { L"\\b", "  a", true },
		{ L"a(b|)$", "xa", true }, { L"a(b|)$", "ax", false }, { L"()", "", true }, { L"\u00e4|x", "a\u00e4", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *why = NULL;
		struct expression *expression = expression_new(pairs[i].expression, false, &why);

		if (expression_matches(expression, pairs[i].text) != pairs[i].matches)
			fail_msg("%ls in '%s'", pairs[i].expression, pairs[i].text);
		expression_free(expression);
	}
}

static void case_is_ignored_where_that_is_wanted(void **state)
{
	static const struct { const wchar_t *expression; const char *text; bool found; } pairs[] = {
		{ L"abc", "xABCx", true }, { L"[a-c]+$", "xABC", true }, { L"[^a]", "A", false }, { L"\u00e9", "\u00c9", true },
		{ L"[[:lower:]]", "A", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *why = NULL;
		struct expression *expression = expression_new(pairs[i].expression, true, &why);
		size_t at, len;

		assert_int_equal(expression_find(expression, pairs[i].text, 0, &at, &len), pairs[i].found);
		expression_free(expression);
	}
}

static void a_search_goes_on_behind_a_match(void **state)
{
	const char *why = NULL;
	struct expression *expression = expression_new(L"\\bfo+|^b", false, &why);
	size_t at = 0, len = 0, matches = 0;

	(void)state;
	for (size_t from = 0; expression_find(expression, "foo xfo b fo foooo", from, &at, &len); from = at + len)
		matches++;
	assert_int_equal(matches, 3);
	/* The edge of a word is judged by what is before it. */
	assert_true(expression_find(expression, "xfoo foo", 1, &at, &len));
	assert_int_equal(at, 5);
	expression_free(expression);
}

/* Random expressions of a few letters and signs mean what they mean to the C library. */
static void random_expressions_agree_with_the_library(void **state)
{
	static const char *const pieces[] = { "a", "b", "c", ".", "[ab]", "[^a]", "(a|bc)", "(ab|a)", "(b*)", "(a|b|c)", "(ca?)", "^", "$", "\\b", "\\B", "\\<", "\\>" };
	static const char *const repeats[] = { "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,1}", "{2,}", "{,2}" };
	uint64_t random = 1;
	unsigned compared = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char expression[80] = "", text[24];
		wchar_t wide[80];
		const char *why = NULL;
		size_t at = 0, len = 0, used = 0;
		regmatch_t match;
		regex_t library;

		for (unsigned j = 0; j < 1 + i % 4u; j++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			const char *piece = pieces[(random >> 40) % (sizeof(pieces) / sizeof(pieces[0]))];

			used += (size_t)snprintf(expression + used, sizeof(expression) - used, "%s%s%s", j == 2 ? "|" : "", piece,
			                         strchr("^$\\", *piece) ? "" : repeats[(random >> 50) % (sizeof(repeats) / sizeof(repeats[0]))]);
		}
		for (size_t j = 0; j < sizeof(text); j++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			text[j] = "abc "[(random >> 40) % 4];
		}
		text[random >> 59 & 15] = text[sizeof(text) - 1] = '\0';
		swprintf(wide, 80, L"%s", expression);
		struct expression *ours = expression_new(wide, false, &why);
		assert_non_null(ours);
		assert_int_equal(regcomp(&library, expression, REG_EXTENDED), 0);
		bool theirs = regexec(&library, text, 1, &match, 0) == 0, found = expression_find(ours, text, 0, &at, &len);
		assert_int_equal(expression_matches(ours, text), theirs);
		/* Ours looks on behind an empty match. */
		if (theirs ? match.rm_eo > match.rm_so && (!found || (int)at != match.rm_so || (int)(at + len) != match.rm_eo) : found)
			fail_msg("%s in %s: %zu, %zu bytes; the library says %d to %d", expression, text, at, len,
			         theirs ? (int)match.rm_so : -1, theirs ? (int)match.rm_eo : -1);
		compared += theirs && match.rm_eo > match.rm_so;
		regfree(&library);
		expression_free(ours);
	}
	assert_true(compared > 5000);
}

/* The library needs minutes for this, since it begins again at every character. */
static void a_long_line_is_searched_once(void **state)
{
	const char *why = NULL;
	struct expression *expression = expression_new(L"(.*)(.*)(.*)(.*)x", false, &why);
	size_t size = 200000, at, len;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', size);
	text[size - 1] = '\0';
	assert_false(expression_find(expression, text, 0, &at, &len));
	text[size - 2] = 'x';
	assert_true(expression_find(expression, text, 0, &at, &len));
	assert_int_equal(at, 0);
	assert_int_equal(len, size - 1);
	free(text);
	expression_free(expression);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_expression_finds_the_leftmost_and_longest_match),
		cmocka_unit_test(a_match_can_be_empty_where_only_its_presence_counts),
		cmocka_unit_test(case_is_ignored_where_that_is_wanted),
		cmocka_unit_test(a_search_goes_on_behind_a_match),
		cmocka_unit_test(a_long_line_is_searched_once),
		cmocka_unit_test(random_expressions_agree_with_the_library),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
