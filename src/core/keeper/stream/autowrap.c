/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/autowrap.h"

#include <string.h>

void firmware_keep_wrap(struct firmware_wrap *wrap, char *bytes, size_t len)
{
	static const char sequence[] = "\033c\033[?7l";
	const size_t whole = sizeof(sequence) - 1, before = 4;	/* bytes before the question mark */
	char *at = bytes, *end = bytes + len;

	while (at < end) {
		if (!wrap->matched) {
			/* The question mark is the rarest byte of it. Without one, the end may have what comes before it. */
			char *rare = memchr(at, sequence[before], (size_t)(end - at));

			rare = rare ? rare : end;
			if ((size_t)(rare - at) > before)
				at = rare - before;
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
