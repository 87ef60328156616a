/* SPDX-License-Identifier: MIT */
#include "core/base/utf8.h"

size_t utf8_length(const char *text)
{
	const unsigned char *u = (const unsigned char *)text;
	unsigned low = 0x80, high = 0xbf;
	size_t len;

	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	len = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (u[0] == 0xc2 || u[0] == 0xe0)
		low = 0xa0;
	else if (u[0] == 0xf0)
		low = 0x90;
	else if (u[0] == 0xed)
		high = 0x9f;
	else if (u[0] == 0xf4)
		high = 0x8f;
	if (u[1] < low || u[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (u[i] < 0x80 || u[i] > 0xbf)
			return 0;
	}
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
