/* SPDX-License-Identifier: MIT */
#include "persist/ini/ini_text.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NEXT_PIECE "    \""

/* The letters of the C escapes and their bytes. */
static const char escape_letters[] = "nrtabfv\\\"'?";
static const char escape_bytes[] = "\n\r\t\a\b\f\v\\\"'?";

bool ini_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes that are white space in some 8-bit locales, so that inih would strip them. */
static bool blank_somewhere(char c)
{
	return ini_blank(c) || c == '\x85' || c == '\xa0';
}

bool ini_is_literal(const char *value)
{
	size_t len = strlen(value);

	if (len == 0)
		return true;
	if (*value == '"' || blank_somewhere(*value) || blank_somewhere(value[len - 1]))
		return false;
	while (*value) {
		size_t character = utf8_length(value);

		if (character == 0) {
			if (*value < ' ' || *value == 0x7f || *value == ';')
				return false;
			character = 1;
		}
		value += character;
	}
	return true;
}

/* Returns the character at text as it is written in quotes. *used: its number of bytes. */
static const char *escaped(const char *text, char buf[8], size_t *used)
{
	const char *known = strchr("\n\r\t\\\"", *text);

	*used = utf8_length(text);
	if (*used > 0) {
		memcpy(buf, text, *used);
		buf[*used] = '\0';
		return buf;
	}
	*used = 1;
	if (known)
		snprintf(buf, 8, "\\%c", escape_letters[strchr(escape_bytes, *known) - escape_bytes]);
	else if (*text < ' ' || *text == 0x7f || *text == ';')
		snprintf(buf, 8, "\\x%02x", (unsigned char)*text);
	else
		snprintf(buf, 8, "%c", *text);
	return buf;
}

static void encode_quoted(struct str *out, const char *prefix, const char *value, const char *eol)
{
	size_t column = strlen(prefix) + 1;
	bool line_ends = false;		/* each line of a text is a separate piece */
	char buf[8];
	size_t used;

	str_addf(out, "%s\"", prefix);
	for (; *value; value += used) {
		const char *text = escaped(value, buf, &used);
		size_t len = strlen(text);

		if (line_ends || column + len + strlen("\"\\") > INI_WRITE_LIMIT) {
			str_addf(out, "\"\\%s" NEXT_PIECE, eol);
			column = strlen(NEXT_PIECE);
		}
		str_add(out, text, len);
		column += len;
		line_ends = *value == '\n';
	}
	str_addf(out, "\"%s", eol);
}

void ini_encode(struct str *out, const char *prefix, const char *value, const char *comment, const char *eol)
{
	size_t start = out->len, key = strlen(prefix);
	size_t short_of = strlen(eol);

	assert(key <= 100);
	while (*value == '\0' && key > 0 && ini_blank(prefix[key - 1]))	/* "key =" needs no space after it */
		key--;
	if (*value == '\0')
		str_addf(out, "%.*s%s", (int)key, prefix, eol);
	else if (ini_is_literal(value) && strlen(prefix) + strlen(value) <= INI_WRITE_LIMIT)
		str_addf(out, "%s%s%s", prefix, value, eol);
	else
		encode_quoted(out, prefix, value, eol);
	if (*comment == '\0')
		return;

	size_t len = out->len - start;
	bool one_line = memchr(out->text + start, '\n', len) == out->text + out->len - 1;

	if (one_line && len - short_of + strlen(comment) <= INI_WRITE_LIMIT) {
		str_cut(out, out->len - short_of);
		str_addf(out, "%s%s", comment, eol);
		return;
	}

	struct str lines;

	str_init(&lines);
	str_add(&lines, out->text + start, len);
	str_cut(out, start);
	while (ini_blank(*comment))
		comment++;
	if (*comment)
		str_addf(out, "%s%s", comment, eol);
	str_add(out, lines.text, lines.len);
	str_finish(&lines);
}

/* Decodes text after a backslash. Returns the number of bytes used, or 0 on error. */
static size_t decode_escape(const char *text, size_t len, struct str *out, struct error *err)
{
	const char *known = len > 0 && *text ? strchr(escape_letters, *text) : NULL;

	if (known) {
		str_addc(out, escape_bytes[known - escape_letters]);
		return 1;
	}
	if (len == 0 || *text != 'x') {
		error_set(err, "in quotes, a backslash must be followed by one of n r t a b f v \\ \" ' ? x");
		return 0;
	}

	int high = len > 1 ? number_hex_digit(text[1]) : -1;
	int low = len > 2 ? number_hex_digit(text[2]) : -1;

	if (high < 0 || low < 0) {
		error_set(err, "\\x must be followed by two hexadecimal digits");
		return 0;
	}
	if (high + low == 0) {
		error_set(err, "\\x00 cannot be part of a value");
		return 0;
	}
	str_addc(out, (char)(high * 16 + low));
	return 3;
}

/* After a closing quote, only a backslash or a comment (which some builds of inih do not remove) may follow. */
static bool decode_rest(const char *text, size_t len, bool *more, struct error *err)
{
	size_t at = 0;

	*more = len > 0 && text[0] == '\\';
	if (*more)
		at++;

	size_t blanks = at;

	while (blanks < len && ini_blank(text[blanks]))
		blanks++;
	if (blanks == len || (blanks > at && text[blanks] == ';'))
		return true;
	return error_set(err, "text after the closing quote (in quotes, write \" as \\\")");
}

bool ini_decode(const char *piece, size_t len, bool first, struct str *out, bool *more, struct error *err)
{
	size_t at = 1;

	*more = false;
	if (len == 0 || *piece != '"') {
		if (!first)
			return error_set(err, "indented, so it would continue the value above; "
			                 "remove the spaces at its beginning");
		str_add(out, piece, len);
		return true;
	}
	while (at < len && piece[at] != '"') {
		if (piece[at] != '\\') {
			str_addc(out, piece[at++]);
			continue;
		}
		at++;

		size_t used = decode_escape(piece + at, len - at, out, err);

		if (used == 0)
			return false;
		at += used;
	}
	if (at >= len)
		return error_set(err, "no closing quote (a ; after a space begins a comment; "
		                 "in quotes, write it as \\x3b)");
	return decode_rest(piece + at + 1, len - at - 1, more, err);
}
