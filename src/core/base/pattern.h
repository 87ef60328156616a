/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_PATTERN_H
#define CORE_BASE_PATTERN_H

#include "core/base/expression.h"

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/*
 * What is searched for: a text, or an extended regular expression. Case is
 * ignored unless the pattern has a capital letter; in an expression those after
 * a backslash do not count. Pure, in the process's locale.
 */
struct pattern {
	wchar_t *text;			/* owned; in lower case if fold and not regex; "": nothing is found */
	bool fold;
	bool regex;
	struct expression *expression;	/* owned; NULL: a text, or an error */
	const char *error;		/* why nothing is found; NULL: no error */
};

/* `pattern` is zeroed, or was set before. Returns false if the text is not an expression; `error` says why. */
bool pattern_set(struct pattern *, const wchar_t *text, bool regex);
void pattern_finish(struct pattern *);
/* The same for a text of UTF-8. */
bool pattern_set_utf8(struct pattern *, const char *text, bool regex);
/* Finds the first match in a text of UTF-8 at or after the byte `from`. Matches are not empty. */
bool pattern_find(const struct pattern *, const char *text, size_t from, size_t *at, size_t *len);
/* True if there is a match anywhere in the text; that of an expression can be empty. */
bool pattern_matches(const struct pattern *, const char *text);

#endif
