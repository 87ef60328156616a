/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, const char *fmt, ...)
{
	va_list ap;

	err->code = 0;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return false;
}

bool error_errno(struct error *err, const char *fmt, ...)
{
	int code = errno;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);

	size_t len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror(code));
	err->code = code;
	return false;
}

bool error_prefix(struct error *err, const char *fmt, ...)
{
	char said[sizeof(err->text)];
	va_list ap;

	memcpy(said, err->text, sizeof(said));
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);

	size_t len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", said);
	return false;
}
