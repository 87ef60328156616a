/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_UTF8_H
#define CORE_TERMINAL_TERMINAL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 as a stream brings it: in pieces, and not always well-formed. Pure. */

size_t encode_utf8(uint32_t character, char out[4]);
/* How many of the bytes (len > 0) begin or are one well-formed character; *whole: they are one. 0: none begins so. */
int utf8_prefix(const unsigned char *bytes, size_t len, bool *whole);

#endif
