/* SPDX-License-Identifier: MIT */
#include "ui/console/pattern.h"

#include "core/base/utf8.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#define EMPTY_MATCHES 4096	/* how many are skipped before a line is given up */

static bool has_capital(const wchar_t *text, bool regex)
{
	for (; *text; text++) {
		if (regex && *text == L'\\' && text[1])
			text++;
		else if (iswupper((wint_t)*text))
			return true;
	}
	return false;
}

static bool fail(struct pattern *pattern, const char *why)
{
	snprintf(pattern->error, sizeof(pattern->error), "%s", why);
	return false;
}

/* The largest number in braces, at most PATTERN_REPEATS + 1; at least 1. */
static unsigned largest(const char *text)
{
	unsigned most = 1, number = 0;

	for (; *text && *text != '}'; text++) {
		number = *text >= '0' && *text <= '9' ? number * 10 + (unsigned)(*text - '0') : 0;
		if (number > PATTERN_REPEATS)
			return PATTERN_REPEATS + 1;
		most = number > most ? number : most;
	}
	return most;
}

/* Repetitions inside of others multiply, and regcomp needs memory for each. */
static bool is_bounded(struct pattern *pattern, const char *text)
{
	unsigned repeats = 1;

	for (; *text; text++) {
		if (*text == '\\' && text[1] >= '1' && text[1] <= '9')
			return fail(pattern, "back-references are not supported");
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '{')
			repeats *= largest(text + 1);
		if (repeats > PATTERN_REPEATS)
			return fail(pattern, "too many repetitions");
	}
	return true;
}

static bool compile(struct pattern *pattern)
{
	char text[PATTERN_MAX * MB_LEN_MAX];
	int problem;

	if (wcstombs(text, pattern->text, sizeof(text)) == (size_t)-1)
		return fail(pattern, "not in the locale's character set");
	if (!is_bounded(pattern, text))
		return false;
	problem = regcomp(&pattern->expression, text, REG_EXTENDED | (pattern->fold ? REG_ICASE : 0));
	if (problem) {
		regerror(problem, &pattern->expression, pattern->error, sizeof(pattern->error));
		return false;
	}
	pattern->compiled = true;
	return true;
}

bool pattern_set(struct pattern *pattern, const wchar_t *text, bool regex)
{
	size_t len = wcsnlen(text, PATTERN_MAX - 1);

	pattern_finish(pattern);
	pattern->regex = regex;
	pattern->fold = !has_capital(text, regex);
	for (size_t i = 0; i < len; i++)
		pattern->text[i] = pattern->fold && !regex ? (wchar_t)towlower((wint_t)text[i]) : text[i];
	pattern->text[len] = L'\0';
	return !regex || len == 0 || compile(pattern);
}

void pattern_finish(struct pattern *pattern)
{
	if (pattern->compiled)
		regfree(&pattern->expression);
	memset(pattern, 0, sizeof(*pattern));
}

/* The length in bytes of the characters of the pattern at the beginning of the text; 0: it does not begin so. */
static size_t begins_with(const struct pattern *pattern, const char *text)
{
	size_t len = 0;

	for (const wchar_t *want = pattern->text; *want; want++) {
		uint32_t c;
		size_t bytes = utf8_decode(text + len, strnlen(text + len, 4), &c);

		if (bytes == 0 || (pattern->fold ? (wchar_t)towlower((wint_t)c) : (wchar_t)c) != *want)
			return 0;
		len += bytes;
	}
	return len;
}

static bool find_text(const struct pattern *pattern, const char *text, size_t from, size_t found[2])
{
	for (const char *at = text + from; *at; at++) {
		/* Within a character. */
		if (((unsigned char)*at & 0xc0) == 0x80)
			continue;
		found[0] = (size_t)(at - text);
		found[1] = begins_with(pattern, at);
		if (found[1] > 0)
			return true;
	}
	return false;
}

static bool find_expression(const struct pattern *pattern, const char *text, size_t from, size_t found[2])
{
	for (int tries = 0; tries < EMPTY_MATCHES && (from == 0 || text[from - 1]) && text[from]; tries++) {
		regmatch_t match;

		if (regexec(&pattern->expression, text + from, 1, &match, from > 0 ? REG_NOTBOL : 0) != 0)
			return false;
		found[0] = from + (size_t)match.rm_so;
		found[1] = (size_t)(match.rm_eo - match.rm_so);
		if (found[1] > 0)
			return true;
		/* The leftmost match is empty, so that none is longer here. */
		from = found[0];
		do
			from += text[from] != '\0';
		while (((unsigned char)text[from] & 0xc0) == 0x80);
	}
	return false;
}

bool pattern_find(const struct pattern *pattern, const char *text, size_t from, size_t *at, size_t *len)
{
	size_t found[2] = { 0 };
	bool any = false;

	if (pattern->text[0] && pattern->regex)
		any = pattern->compiled && find_expression(pattern, text, from, found);
	else if (pattern->text[0])
		any = find_text(pattern, text, from, found);
	*at = found[0];
	*len = found[1];
	return any;
}
