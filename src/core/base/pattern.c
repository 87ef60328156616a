/* SPDX-License-Identifier: MIT */
#include "core/base/pattern.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

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

bool pattern_set(struct pattern *pattern, const wchar_t *text, bool regex)
{
	size_t len = wcslen(text);

	pattern_finish(pattern);
	pattern->regex = regex;
	pattern->fold = !has_capital(text, regex);
	pattern->text = mem_array(len + 1, sizeof(*pattern->text));
	for (size_t i = 0; i < len; i++)
		pattern->text[i] = pattern->fold && !regex ? (wchar_t)towlower((wint_t)text[i]) : text[i];
	if (regex && len > 0)
		pattern->expression = expression_new(pattern->text, pattern->fold, &pattern->error);
	return !pattern->error;
}

bool pattern_set_utf8(struct pattern *pattern, const char *text, bool regex)
{
	size_t left = strlen(text), count = 0;
	wchar_t *wide = mem_array(left + 1, sizeof(*wide));
	bool ok;

	while (left > 0) {
		uint32_t c;
		size_t bytes = utf8_decode(text, left, &c);

		wide[count++] = bytes > 0 ? (wchar_t)c : (wchar_t)(unsigned char)*text;
		text += bytes > 0 ? bytes : 1;
		left -= bytes > 0 ? bytes : 1;
	}
	ok = pattern_set(pattern, wide, regex);
	free(wide);
	return ok;
}

void pattern_finish(struct pattern *pattern)
{
	expression_free(pattern->expression);
	free(pattern->text);
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

bool pattern_find(const struct pattern *pattern, const char *text, size_t from, size_t *at, size_t *len)
{
	if (pattern->regex)
		return pattern->expression && expression_find(pattern->expression, text, from, at, len);
	*len = 0;
	for (*at = from; pattern->text && text[*at] && *len == 0; *at += *len == 0) {
		/* Not within a character. */
		if (((unsigned char)text[*at] & 0xc0) != 0x80)
			*len = begins_with(pattern, text + *at);
	}
	return *len > 0;
}

bool pattern_matches(const struct pattern *pattern, const char *text)
{
	size_t at, len;

	return pattern->expression ? expression_matches(pattern->expression, text) : pattern_find(pattern, text, 0, &at, &len);
}
