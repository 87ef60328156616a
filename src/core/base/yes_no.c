/* SPDX-License-Identifier: MIT */
#include "core/base/yes_no.h"

#include <stddef.h>
#include <strings.h>

bool yes_no_parse(const char *text, bool *out)
{
	static const char *const words[][2] = {
		{ "no", "yes" }, { "off", "on" }, { "false", "true" }, { "0", "1" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int value = 0; value < 2; value++) {
			if (strcasecmp(text, words[i][value]) == 0) {
				*out = value;
				return true;
			}
		}
	}
	return false;
}
