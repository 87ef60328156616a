/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_match.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/pattern.h"

#include <stdlib.h>
#include <string.h>

#define SPECIAL		"\\^$.[]|()*+?{}"

struct log_match {
	struct pattern pattern;
	char *bytes;		/* NULL: only the pattern finds it; folded if fold */
	size_t len;
	bool fold;		/* case does not matter */
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

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

struct log_match *log_match_new_text(const char *text)
{
	struct log_match *match = mem_alloc(sizeof(*match));

	pattern_set_utf8(&match->pattern, text, false);
	match->fold = match->pattern.fold;
	if (match->fold && !is_ascii(text))
		return match;
	match->bytes = mem_strdup(text);
	match->len = strlen(text);
	if (match->fold)
		fold_bytes(match->bytes, match->len);
	return match;
}

struct log_match *log_match_new(const char *pattern, struct error *err)
{
	struct log_match *match;

	if (!strpbrk(pattern, SPECIAL))
		return log_match_new_text(pattern);
	match = mem_alloc(sizeof(*match));
	if (pattern_set_utf8(&match->pattern, pattern, true))
		return match;
	error_set(err, "'%s' is not a regular expression: %s", pattern, match->pattern.error);
	log_match_free(match);
	return NULL;
}

void log_match_free(struct log_match *match)
{
	if (!match)
		return;
	pattern_finish(&match->pattern);
	free(match->bytes);
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
		found = strstr(text + from, match->bytes);
		*at = found ? (size_t)(found - text) : 0;
		return found != NULL;
	}
	for (size_t len = strlen(text); from + match->len <= len; from++) {
		if (equal_folded(text + from, match->bytes, match->len)) {
			*at = from;
			return true;
		}
	}
	return false;
}

bool log_match_find(const struct log_match *match, const char *text, size_t from, size_t *at, size_t *len)
{
	if (!match->bytes)
		return pattern_find(&match->pattern, text, from, at, len);
	*len = match->len;
	return find_text(match, text, from, at);
}

bool log_match_line(const struct log_match *match, const char *text)
{
	size_t at;

	return match->bytes ? find_text(match, text, 0, &at) : pattern_matches(&match->pattern, text);
}

bool log_match_is_text(const struct log_match *match)
{
	return match->bytes != NULL;
}

void log_match_fold(const struct log_match *match, char *bytes, size_t len)
{
	if (match->fold)
		fold_bytes(bytes, len);
}

size_t log_match_raw(const struct log_match *match, const char *bytes, size_t len)
{
	const char *found = memmem(bytes, len, match->bytes, match->len);

	return found ? (size_t)(found - bytes) : len;
}
