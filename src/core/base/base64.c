/* SPDX-License-Identifier: MIT */
#include "core/base/base64.h"

#include <stdint.h>

void base64_add(struct str *out, const void *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *at = bytes;

	for (; len > 0; len -= len < 3 ? len : 3, at += 3) {
		uint32_t group = (uint32_t)at[0] << 16 | (len > 1 ? (uint32_t)at[1] << 8 : 0) | (len > 2 ? at[2] : 0);

		str_addc(out, digits[group >> 18]);
		str_addc(out, digits[group >> 12 & 63]);
		str_addc(out, len > 1 ? digits[group >> 6 & 63] : '=');
		str_addc(out, len > 2 ? digits[group & 63] : '=');
	}
}
