/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_LCS_H
#define CORE_BASE_LCS_H

#include <stddef.h>

#define LCS_NONE ((size_t)-1)

/*
 * Which of the texts in `from` stand in `to` as well, in the same order and as
 * many as possible: the longest common subsequence. match, of as many entries
 * as from has, gets the place in `to`, or LCS_NONE. Of lists with more than a
 * million pairs, only the texts that are equal from the front on are matched.
 */
void lcs_match(const char *const *from, size_t from_count, const char *const *to, size_t to_count, size_t *match);

#endif
