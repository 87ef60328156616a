/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads and writes UTF-8 (Unicode, table 3-7), independent of the locale. Pure. */

/*
 * For streams that arrive in pieces. Returns how many of the bytes (len > 0) are
 * a well-formed character of two to four bytes, or the beginning of one; 0 if
 * there is none. *whole: true if the character is complete.
 */
int utf8_prefix(const unsigned char *bytes, size_t len, bool *whole);

/* Decodes the first character. Returns its length, one to four bytes, or 0 if it is malformed, incomplete, or len is 0. */
size_t utf8_decode(const void *bytes, size_t len, uint32_t *out);
/* Writes the bytes of a character to `out`. Returns their number. */
size_t utf8_encode(uint32_t character, char out[4]);

/*
 * Returns the length of the character of two to four bytes at the beginning of a
 * NUL-terminated text, or 0 if there is none. C1 control characters count as
 * malformed, because a terminal might execute them.
 */
size_t utf8_length(const char *text);

/* Returns len, or less if text would be cut within a character there. Reads text[len]. */
size_t utf8_cut(const char *text, size_t len);

/*
 * Returns true for invisible characters that change how others are displayed:
 * bidirectional controls, zero-width characters, soft hyphens, tags (Unicode
 * category Cf, U+2028 and U+2029). Names with them can look like other names.
 */
bool utf8_is_format(uint32_t character);

#endif
