/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes of the well-formed UTF-8 character of two to four bytes at text
 * (Unicode, table 3-7); 0 if there is none. C1 control characters count as
 * malformed: a terminal that is shown the text might obey them.
 */
size_t utf8_length(const char *text);

/*
 * Whether a character has no shape of its own and changes how others are
 * shown or read: bidirectional controls, zero-width ones, soft hyphens, tags
 * (Unicode's category Cf, and U+2028, U+2029). A name with one can look like another.
 */
bool utf8_is_format(uint32_t character);

#endif
