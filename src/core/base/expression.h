/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_EXPRESSION_H
#define CORE_BASE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/*
 * Extended regular expressions as in POSIX, with \w \s \d, their opposites,
 * \b \B \< \> for the edges of words and \` \' for those of the text; without
 * back-references. The time to search a text grows with its length and with the
 * size of the expression, and with nothing else: regexec(3) needs minutes for
 * some expressions and a long line of a guest. Pure, in the process's locale.
 */
#define EXPRESSION_TEXT 512	/* characters, and one for the end */
#define EXPRESSION_SIZE 1000	/* steps, after repetitions with numbers are written out */

struct expression;

/* fold: case is ignored. *why is what is wrong (a constant) if the text is not an expression, and NULL is returned; else it is NULL. */
struct expression *expression_new(const wchar_t *text, bool fold, const char **why);
void expression_free(struct expression *);
/* Finds the leftmost match at or after the byte `from`, and of those the longest. Matches are not empty. */
bool expression_find(const struct expression *, const char *text, size_t from, size_t *at, size_t *len);
/* True if there is a match anywhere in the text, which can be empty. */
bool expression_matches(const struct expression *, const char *text);

#endif
