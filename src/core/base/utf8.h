/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stddef.h>

/*
 * Bytes of the well-formed UTF-8 character of two to four bytes at text
 * (Unicode, table 3-7); 0 if there is none. C1 control characters count as
 * malformed: a terminal that is shown the text might obey them.
 */
size_t utf8_length(const char *text);

#endif
