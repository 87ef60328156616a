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
