/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/vm/spec.h"

#include <stdio.h>
#include <string.h>
#include <uuid.h>

/* 52:54:00:12:34:56, 52-54-00-12-34-56 or 5254.0012.3456. */
static bool mac_bytes(const char *text, size_t len, unsigned char bytes[6])
{
	size_t group = len == strlen("5254.0012.3456") ? 4 : 2;
	const char *separators = group == 4 ? "." : ":-";
	int digits = 0;

	if (group == 2 && len != strlen("52:54:00:12:34:56"))
		return false;
	for (size_t i = 0; i < len; i++) {
		int value = number_hex_digit(text[i]);

		if (i % (group + 1) == group) {
			if (!strchr(separators, text[i]) || text[i] != text[group])
				return false;
			continue;
		}
		if (value < 0)
			return false;
		bytes[digits / 2] = (unsigned char)(digits % 2 ? bytes[digits / 2] | value : value << 4);
		digits++;
	}
	return true;
}

bool vm_mac_parse(const char *text, char out[18], struct error *err)
{
	static const unsigned char zero[6];
	const char *begin = text + strspn(text, " \t\r\n");
	size_t len = strlen(begin);
	unsigned char b[6];

	while (len && strchr(" \t\r\n", begin[len - 1]))
		len--;
	if (!mac_bytes(begin, len, b))
		return error_set(err, "%s is not a MAC address, such as 52:54:00:12:34:56", quoted(text).text);
	if (b[0] & 1)
		return error_set(err, "%s is a multicast address; the second digit must be even", quoted(text).text);
	if (memcmp(b, zero, sizeof(zero)) == 0)
		return error_set(err, "%s is not a usable MAC address; at least one digit must not be zero", quoted(text).text);
	snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
	return true;
}

bool vm_uuid_parse(const char *text, char out[37], struct error *err)
{
	uuid_t id;

	if (uuid_parse(text, id) != 0)
		return error_set(err, "%s is not a UUID, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427", quoted(text).text);
	if (uuid_is_null(id))
		return error_set(err, "the all-zero UUID is not allowed; leave it out to have one generated");
	uuid_unparse_lower(id, out);
	return true;
}
