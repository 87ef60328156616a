/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/autowrap.h"

#include <string.h>

void firmware_keep_wrap(struct firmware_wrap *wrap, char *bytes, size_t len)
{
	static const char sequence[] = "\033c\033[?7l";
	const size_t whole = sizeof(sequence) - 1;
	char *at = bytes, *end = bytes + len;

	while (at < end) {
		if (!wrap->matched) {
			/* Most console output contains no ESC. */
			at = memchr(at, sequence[0], (size_t)(end - at));
			if (!at)
				return;
		}
		/* "ESC c ESC" ends with the first byte of the sequence. */
		if (*at != sequence[wrap->matched])
			wrap->matched = wrap->matched == 3;
		if (*at == sequence[wrap->matched])
			wrap->matched++;
		else
			wrap->matched = *at == sequence[0];
		if (wrap->matched == whole) {
			*at = 'h';
			wrap->matched = 0;
		}
		at++;
	}
}
