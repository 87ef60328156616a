/* SPDX-License-Identifier: MIT */
#include "core/base/utf8.h"

#include <string.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Returns false for second bytes of overlong forms, surrogates and values that are too large. */
static bool may_follow(unsigned char first, unsigned char second)
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
	const unsigned first = bytes[0];
	int want = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
	int have = 1;

	*whole = false;
	if (!want)
		return 0;
	if (len > 1 && !may_follow(bytes[0], bytes[1]))
		return 0;
	while (have < want && (size_t)have < len && (have == 1 || is_tail(bytes[have])))
		have++;
	*whole = have == want;
	return have;
}

size_t utf8_decode(const void *text, size_t left, uint32_t *out)
{
	const unsigned char *bytes = text;
	bool whole;
	int len;

	if (left == 0)
		return 0;
	*out = bytes[0];
	if (bytes[0] < 0x80)
		return 1;
	len = utf8_prefix(bytes, left, &whole);
	if (!whole)
		return 0;
	*out &= 0x7fu >> len;
	for (int i = 1; i < len; i++)
		*out = *out << 6 | (bytes[i] & 0x3f);
	return (size_t)len;
}

size_t utf8_encode(uint32_t c, char out[4])
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

size_t utf8_length(const char *text)
{
	uint32_t character;
	size_t len = utf8_decode(text, strnlen(text, 4), &character);

	return len > 1 && character >= 0xa0 ? len : 0;
}

size_t utf8_cut(const char *text, size_t len)
{
	while (len > 0 && is_tail((unsigned char)text[len]))
		len--;
	return len;
}

bool utf8_is_format(uint32_t character)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0xad, 0xad }, { 0x61c, 0x61c }, { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	return false;
}
