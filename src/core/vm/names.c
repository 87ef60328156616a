/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/quoted.h"
#include "core/base/utf8.h"
#include "core/vm/config.h"

#include <string.h>

#define NAME_BYTES_MAX 64

static bool is_name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("._-+@ ", c));
}

bool vm_name_check(const char *name, struct error *err)
{
	size_t len = strlen(name);

	if (len == 0)
		return error_set(err, "a name must not be empty");
	if (len > NAME_BYTES_MAX)
		return error_set(err, "name %s is too long; the limit is %d bytes", quoted(name).text, NAME_BYTES_MAX);
	if (name[0] == '.' || name[0] == '-')
		return error_set(err, "invalid name %s; a name must not begin with '%c'", quoted(name).text, name[0]);
	if (name[0] == ' ' || name[len - 1] == ' ')
		return error_set(err, "invalid name %s; a name must not begin or end with a space", quoted(name).text);
	for (const char *p = name; *p; p += len) {
		len = (unsigned char)*p < 0x80 ? is_name_letter(*p) : utf8_length(p);
		if (!len)
			return error_set(err, "invalid name %s; use only letters, digits, spaces and . _ - + @", quoted(name).text);
	}
	return true;
}
