/* SPDX-License-Identifier: MIT */
#include "core/vm/list.h"

#include "core/base/str.h"

#include <stddef.h>

char *list_word(const char **at)
{
	const char *p = *at;
	struct str word;

	str_init(&word);
	for (; *p && (*p != ',' || p[1] == ','); p++) {
		if (*p == ',')
			p++;
		str_addc(&word, *p);
	}
	*at = *p ? p + 1 : NULL;
	return str_detach(&word);
}

void list_add(struct str *out, const char *word)
{
	for (; *word; word++) {
		if (*word == ',')
			str_addc(out, ',');
		str_addc(out, *word);
	}
}
