/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The one reader and writer of UTF-8 (Unicode, table 3-7). Not by the locale: a text is the same under LC_ALL=C. Pure. */

/*
 * How many of the bytes (len > 0) begin or are one well-formed character of
 * two to four bytes, as a stream brings it in pieces; *whole: they are one.
 * 0: none begins so.
 */
int utf8_prefix(const unsigned char *bytes, size_t len, bool *whole);

/* The whole character at the front of len bytes: how many it has, one to four; 0: it is malformed or cut, or len is 0. */
size_t utf8_decode(const void *bytes, size_t len, uint32_t *out);
/* Its bytes in out. */
size_t utf8_encode(uint32_t character, char out[4]);

/*
 * Bytes of the character of two to four at text, which ends in a NUL; 0: none
 * is there. C1 control characters count as malformed: a terminal that is shown
 * the text might obey them.
 */
size_t utf8_length(const char *text);

/* len, or less where a cut at len would be in the middle of a character. text[len] is read. */
size_t utf8_cut(const char *text, size_t len);

/*
 * Whether a character has no shape of its own and changes how others are
 * shown or read: bidirectional controls, zero-width ones, soft hyphens, tags
 * (Unicode's category Cf, and U+2028, U+2029). A name with one can look like another.
 */
bool utf8_is_format(uint32_t character);

#endif
