/* SPDX-License-Identifier: MIT */
#include "core/base/lcs.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX ((size_t)1 << 20)

void lcs_match(const char *const *from, size_t from_count, const char *const *to, size_t to_count, size_t *match)
{
	size_t columns = to_count + 1;
	unsigned *best;		/* [i][j]: length of the longest match of from[i..] and to[j..] */
	size_t i, j;

	for (i = 0; i < from_count; i++)
		match[i] = LCS_NONE;
	for (i = 0; i < from_count && i < to_count && strcmp(from[i], to[i]) == 0; i++)
		match[i] = i;
	if (i == from_count || from_count * columns > PAIRS_MAX)
		return;
	best = mem_array((from_count + 1) * columns, sizeof(*best));
	for (i = from_count; i-- > 0; ) {
		for (j = to_count; j-- > 0; ) {
			unsigned *here = &best[i * columns + j];
			unsigned down = here[columns], right = here[1];

			if (strcmp(from[i], to[j]) == 0)
				*here = here[columns + 1] + 1;
			else
				*here = down > right ? down : right;
		}
	}
	for (i = j = 0; i < from_count && j < to_count; ) {
		if (strcmp(from[i], to[j]) == 0)
			match[i++] = j++;
		else if (best[(i + 1) * columns + j] >= best[i * columns + j + 1])
			i++;
		else
			j++;
	}
	free(best);
}
