/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_TEXT_H
#define PERSIST_INI_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;

/*
 * How any text without NULs is spelled as the value of an INI key, so that
 * inih as its authors ship it gives it back (doc/paddock.5, VALUES):
 * literally, or in double quotes with C's escapes and, where it is long, in
 * pieces, one a line, all but the last ending in "\. Pure.
 */
enum {
	INI_VALUE_LIMIT = 64 * 1024,	/* bytes of a value, decoded */
	INI_NAME_LIMIT = 49,		/* of a section or key: inih cuts the rest */
	INI_READ_LIMIT = 198,		/* of a line we read, without its newline: inih's buffer is 200 */
	INI_WRITE_LIMIT = 190,		/* of a line we write */
};

/* inih's idea of a blank: isspace in the C locale. */
bool ini_blank(char c);

/* Whether the value can stand there as it is. */
bool ini_is_literal(const char *value);

/*
 * Append PREFIX ("key = ") and the value as whole lines that end in eol.
 * prefix is at most 100 bytes. comment, " ; like this" or "", goes behind
 * the value if it is a single line and still short enough, else on a line
 * of its own before it.
 */
void ini_encode(struct str *out, const char *prefix, const char *value, const char *comment, const char *eol);

/*
 * One line's share of a value, as inih hands it out, appended to out. first:
 * it stood behind the key, so it may be literal. *more: another piece must
 * follow. Errors: "text after the closing quote" and the like.
 */
bool ini_decode(const char *piece, size_t len, bool first, struct str *out, bool *more, struct error *);

#endif
