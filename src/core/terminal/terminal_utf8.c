/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_utf8.h"

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Bytes of the character that begins so; 0: none does. */
static int utf8_length(unsigned char first)
{
	return first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
}

/* Second bytes that would make it too long a spelling, a surrogate or too large. */
static bool utf8_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0: return second >= 0xa0 && second < 0xc0;
	case 0xed: return second >= 0x80 && second < 0xa0;
	case 0xf0: return second >= 0x90 && second < 0xc0;
	case 0xf4: return second >= 0x80 && second < 0x90;
	default: return is_tail(second);
	}
}

int utf8_prefix(const unsigned char *bytes, size_t len, bool *whole)
{
	int want = utf8_length(bytes[0]), have = 1;

	*whole = false;
	if (!want)
		return 0;
	if (len > 1 && !utf8_second(bytes[0], bytes[1]))
		return 0;
	while (have < want && (size_t)have < len && (have == 1 || is_tail(bytes[have])))
		have++;
	*whole = have == want;
	return have;
}

size_t encode_utf8(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (c >> 18 & 7));
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}
