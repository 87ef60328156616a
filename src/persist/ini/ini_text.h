/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_TEXT_H
#define PERSIST_INI_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;

/*
 * Encodes any text without NULs as the value of an INI key, so that an unmodified
 * inih returns it (doc/paddock.5, VALUES): literally, or in double quotes with the
 * escapes of C. A long value is split into pieces, one per line, and all but the
 * last end in "\. Pure.
 */
enum {
	INI_VALUE_LIMIT = 64 * 1024,	/* bytes of a decoded value */
	INI_NAME_LIMIT = 49,		/* of a section or key; inih truncates longer names */
	INI_READ_LIMIT = 198,		/* of a line that is read, without its newline; the buffer of inih is 200 bytes */
	INI_WRITE_LIMIT = 190,		/* of a line that is written */
};

/* White space as in inih: isspace in the C locale. */
bool ini_blank(char c);

/* Returns true if the value can be written without quotes. */
bool ini_is_literal(const char *value);

/*
 * Appends PREFIX ("key = ", at most 100 bytes) and the value as complete lines
 * that end in eol. The comment, " ; like this" or "", is put after the value if
 * that is a single line and short enough, or else on a separate line before it.
 */
void ini_encode(struct str *out, const char *prefix, const char *value, const char *comment, const char *eol);

/*
 * Decodes one line of a value, as inih returns it, and appends it to out. first:
 * it follows the key, so it may be literal. *more: set to true if another piece
 * must follow. Errors: "text after the closing quote" and similar.
 */
bool ini_decode(const char *piece, size_t len, bool first, struct str *out, bool *more, struct error *);

#endif
