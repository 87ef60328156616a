/* SPDX-License-Identifier: MIT */
#include "core/base/lcs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define SPELL_MAX 8

/* Each letter is a text; the answer is a letter of `to` or '-' for each of `from`. */
static char *matched(const char *from, const char *to, char out[SPELL_MAX + 1])
{
	static char letters[256][2];
	const char *a[SPELL_MAX], *b[SPELL_MAX];
	size_t a_count = strlen(from), b_count = strlen(to), match[SPELL_MAX];

	for (int i = 0; i < 256; i++)
		letters[i][0] = (char)i;
	for (size_t i = 0; i < a_count; i++)
		a[i] = letters[(unsigned char)from[i]];
	for (size_t i = 0; i < b_count; i++)
		b[i] = letters[(unsigned char)to[i]];
	lcs_match(a, a_count, b, b_count, match);
	for (size_t i = 0; i < a_count; i++)
		out[i] = match[i] == LCS_NONE ? '-' : to[match[i]];
	out[a_count] = '\0';
	return out;
}

static void what_both_lists_have_is_matched_in_order(void **state)
{
	static const struct { const char *from, *to, *want; } cases[] = {
		{ "", "", "" }, { "", "abc", "" }, { "abc", "", "---" }, { "abc", "abc", "abc" }, { "abc", "abcd", "abc" },
		{ "abc", "ac", "a-c" }, { "abc", "xabc", "abc" }, { "abc", "axbxc", "abc" }, { "abcd", "dabc", "abc-" },
		{ "aab", "ab", "a-b" }, { "abc", "xyz", "---" },
	};
	char got[SPELL_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(matched(cases[i].from, cases[i].to, got), cases[i].want);
}

/* A million and more pairs cost time and memory: then the front alone counts. */
static void lists_that_are_too_long_match_at_the_front(void **state)
{
	enum { MANY = 2000 };
	const char **from = calloc(MANY, sizeof(*from)), **to = calloc(MANY, sizeof(*to));
	size_t *match = calloc(MANY, sizeof(*match));

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		from[i] = to[i] = "same";
	to[10] = "other";
	lcs_match(from, MANY, to, MANY, match);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(match[i], i < 10 ? i : LCS_NONE);
	free(from);
	free(to);
	free(match);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_both_lists_have_is_matched_in_order),
		cmocka_unit_test(lists_that_are_too_long_match_at_the_front),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
