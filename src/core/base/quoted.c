/* SPDX-License-Identifier: MIT */
#include "core/base/quoted.h"

#include "core/base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define CUT "...'"

struct quoted quoted(const char *text)
{
	struct quoted out = { .text = "'" };
	const size_t room = sizeof(out.text) - 1 - sizeof(CUT);
	size_t len = strlen(text);
	size_t keep = len < room ? len : room;

	/* Do not cut within a character. */
	keep = utf8_cut(text, keep);
	for (size_t i = 0; i < keep; i++) {
		unsigned char c = (unsigned char)text[i];

		out.text[1 + i] = c < ' ' || c == 0x7f ? '?' : text[i];
	}
	strcpy(out.text + 1 + keep, keep < len ? CUT : "'");
	return out;
}
