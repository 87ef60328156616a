/* SPDX-License-Identifier: MIT */
#include "core/base/number.h"

#include "core/base/error.h"

#include <inttypes.h>

bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out, struct error *err)
{
	uint64_t value = 0;
	bool overflow = false;

	if (!*text)
		return error_set(err, "not a number");
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return error_set(err, "not a number");
		/* Continue after an overflow: "99999999999999999999x" is not a number. */
		overflow |= __builtin_mul_overflow(value, UINT64_C(10), &value);
		overflow |= __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value);
	}
	if (overflow || value > max)
		return error_set(err, "more than %" PRIu64, max);
	if (value < min)
		return error_set(err, "less than %" PRIu64, min);
	*out = value;
	return true;
}

int number_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
