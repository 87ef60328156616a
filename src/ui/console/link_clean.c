/* SPDX-License-Identifier: MIT */
#include "ui/console/link_clean.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool has_known_scheme(const char *uri)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://", "mailto:" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);

		if (strncasecmp(uri, schemes[i], len) == 0)
			return uri[len] != '\0';
	}
	return false;
}

bool link_is_clean(const char *uri)
{
	size_t len = 0;

	for (; uri[len]; len++) {
		if (uri[len] <= ' ' || uri[len] > '~' || len >= LINK_MAX)
			return false;
	}
	return has_known_scheme(uri);
}
