/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_FILTER_H
#define UI_LIST_LIST_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct status;

/*
 * The filter of the list, as it is typed: words with blanks between them, all of which must match. Pure.
 *
 *	word		its letters are in the name in this order; the case of ASCII letters does not matter
 *	state:word	the state begins with the word; "running", "failed" and "off" also stand for all states of that kind
 *	!word		the name does not contain the word as it is; with !state:word, the state does not match
 *
 * "!" and "state:" with nothing after them match everything, because more is about to be typed.
 */
struct list_filter {
	struct filter_term *terms;
	size_t count;
	bool by_state;		/* there is a term about the state */
};

/* The filter must be zeroed or finished; "" matches everything. */
void list_filter_parse(struct list_filter *, const char *text);
void list_filter_finish(struct list_filter *);	/* leaves it zeroed */

/*
 * Returns how well the name matches, or 0 if it does not: the name that begins with a word first, then one that contains
 * it at the beginning of a word, then anywhere, then its letters with the least between them. status: may be NULL unless
 * by_state is true.
 */
int list_filter_score(const struct list_filter *, const char *name, const struct status *);

#endif
