/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* The largest size, in bytes, still fits a signed 64-bit offset. */
#define MAX_MIB (((uint64_t)1 << 43) - 1)

/* Returns the KiB in one unit, or 0 if there is no such unit. */
static uint64_t unit_kib(char unit)
{
	switch (unit) {
	case 'k': case 'K': return 1;
	case 'm': case 'M': return (uint64_t)1 << 10;
	case 'g': case 'G': return (uint64_t)1 << 20;
	case 't': case 'T': return (uint64_t)1 << 30;
	default:            return 0;
	}
}

bool vm_size_parse(const char *text, char default_unit, uint64_t *mib, struct error *err)
{
	const char *digits = text + (*text == '+');	/* the reference accepts size=+5M */
	size_t len = strspn(digits, "0123456789");
	const char *unit = digits + len;
	uint64_t kib = unit_kib(*unit ? *unit : default_unit);
	uint64_t number;

	if (!len || !kib || (*unit && unit[1]))
		return error_set(err, "%s is not a size; write a whole number followed by K, M, G or T, such as 512M",
		                 quoted(text).text);

	char *copy = mem_strndup(digits, len);
	bool fits = number_parse(copy, 0, UINT64_MAX, &number, err);

	free(copy);
	if (fits && number == 0)
		return error_set(err, "%s: a size must be greater than zero", quoted(text).text);
	if (!fits || number > MAX_MIB * 1024 / kib)
		return error_set(err, "%s is too large; the limit is 8388607T", quoted(text).text);
	if (number * kib % 1024)
		return error_set(err, "%s is not a whole number of MiB", quoted(text).text);
	*mib = number * kib / 1024;
	return true;
}

char *vm_size_format(uint64_t mib)
{
	if (mib % (1024 * 1024) == 0)
		return mem_printf("%lluT", (unsigned long long)(mib / (1024 * 1024)));
	if (mib % 1024 == 0)
		return mem_printf("%lluG", (unsigned long long)(mib / 1024));
	return mem_printf("%lluM", (unsigned long long)mib);
}
