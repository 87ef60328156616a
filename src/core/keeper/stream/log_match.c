/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_match.h"

#include "core/base/alloc.h"
#include "core/base/error.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define SPECIAL		"\\^$.[]|()*+?{}"
#define REPEAT_MOST	5000		/* product of the repetitions of an expression */

struct log_match {
	char *text;		/* NULL: an expression; folded if fold */
	size_t len;
	bool fold;		/* case does not matter */
	regex_t regex;
};

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static void fold_bytes(char *bytes, size_t len)
{
	/* Loops of fixed length are compiled to a few instructions for all bytes at once. */
	for (; len >= 64; len -= 64, bytes += 64)
		for (int i = 0; i < 64; i++)
			bytes[i] = (char)(bytes[i] + (((unsigned char)(bytes[i] - 'A') < 26) << 5));
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(bytes[i] + (((unsigned char)(bytes[i] - 'A') < 26) << 5));
}

/* A letter behind a backslash is part of an operator such as \W. */
static bool has_capital(const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			pattern++;
		else if (is_capital(*pattern))
			return true;
	}
	return false;
}

struct log_match *log_match_new_text(const char *text)
{
	struct log_match *match = mem_alloc(sizeof(*match));

	match->text = mem_strdup(text);
	match->len = strlen(text);
	match->fold = true;
	for (const char *c = text; *c; c++)
		if (is_capital(*c))
			match->fold = false;
	if (match->fold)
		fold_bytes(match->text, match->len);
	return match;
}

/* An expression with back references can take exponential time, and nested repetitions exponential memory. */
static bool is_bounded(const char *pattern, struct error *err)
{
	unsigned long repeats = 1;

	if (strlen(pattern) > LOG_MATCH_MOST)
		return error_set(err, "the pattern is longer than %d bytes", LOG_MATCH_MOST);
	for (const char *c = pattern; *c; c++) {
		if (*c == '\\' && c[1]) {
			c++;
			if (*c >= '1' && *c <= '9')
				return error_set(err, "the pattern has a back reference, \\%c, which is not supported", *c);
		} else if (*c == '{') {
			const char *most = strchr(c, ',') && strchr(c, ',') < strchrnul(c, '}') ? strchr(c, ',') : c;
			unsigned long n = strtoul(most + 1, NULL, 10), least = strtoul(c + 1, NULL, 10);

			n = n > least ? n : least;
			if (n > REPEAT_MOST || (repeats *= n ? n : 1) > REPEAT_MOST)
				return error_set(err, "the pattern repeats more than %d times", REPEAT_MOST);
		}
	}
	return true;
}

struct log_match *log_match_new(const char *pattern, struct error *err)
{
	struct log_match *match;
	char text[128];
	int wrong;

	if (!strpbrk(pattern, SPECIAL))
		return log_match_new_text(pattern);
	if (!is_bounded(pattern, err))
		return NULL;
	match = mem_alloc(sizeof(*match));
	match->fold = !has_capital(pattern);
	wrong = regcomp(&match->regex, pattern, REG_EXTENDED | (match->fold ? REG_ICASE : 0));
	if (wrong) {
		regerror(wrong, &match->regex, text, sizeof(text));
		error_set(err, "'%s' is not a regular expression: %s", pattern, text);
		free(match);
		return NULL;
	}
	return match;
}

void log_match_free(struct log_match *match)
{
	if (!match)
		return;
	if (match->text)
		free(match->text);
	else
		regfree(&match->regex);
	free(match);
}

static bool equal_folded(const char *text, const char *folded, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((is_capital(text[i]) ? text[i] + 'a' - 'A' : text[i]) != folded[i])
			return false;
	return true;
}

static bool find_text(const struct log_match *match, const char *text, size_t from, size_t *at)
{
	const char *found;

	if (!match->fold) {
		found = strstr(text + from, match->text);
		*at = found ? (size_t)(found - text) : 0;
		return found != NULL;
	}
	for (size_t len = strlen(text); from + match->len <= len; from++) {
		if (equal_folded(text + from, match->text, match->len)) {
			*at = from;
			return true;
		}
	}
	return false;
}

bool log_match_find(const struct log_match *match, const char *text, size_t from, size_t *at, size_t *len)
{
	regmatch_t where;

	if (match->text) {
		*len = match->len;
		return find_text(match, text, from, at);
	}
	if (regexec(&match->regex, text + from, 1, &where, from ? REG_NOTBOL : 0))
		return false;
	*at = from + (size_t)where.rm_so;
	*len = (size_t)(where.rm_eo - where.rm_so);
	return true;
}

bool log_match_line(const struct log_match *match, const char *text)
{
	size_t at;

	return match->text ? find_text(match, text, 0, &at) : regexec(&match->regex, text, 0, NULL, 0) == 0;
}

bool log_match_is_text(const struct log_match *match)
{
	return match->text != NULL;
}

void log_match_fold(const struct log_match *match, char *bytes, size_t len)
{
	if (match->fold)
		fold_bytes(bytes, len);
}

size_t log_match_raw(const struct log_match *match, const char *bytes, size_t len)
{
	const char *found = memmem(bytes, len, match->text, match->len);

	return found ? (size_t)(found - bytes) : len;
}
