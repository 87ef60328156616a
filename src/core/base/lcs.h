/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_LCS_H
#define CORE_BASE_LCS_H

#include <stddef.h>

#define LCS_NONE ((size_t)-1)

/*
 * Finds the longest common subsequence of the texts in `from` and `to`. `match`
 * has from_count entries, and each is set to the index in `to` of the matching
 * text, or to LCS_NONE. For lists with more than a million pairs, only the
 * common prefix is matched.
 */
void lcs_match(const char *const *from, size_t from_count, const char *const *to, size_t to_count, size_t *match);

#endif
