/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_NEAREST_H
#define CORE_BASE_NEAREST_H

#include <stddef.h>

/*
 * "Did you mean": finds the name that is most similar to a misspelt word. Each
 * missing, additional, changed or transposed letter counts one; if one word is
 * a prefix of the other, the difference counts one in total. The limit is one
 * for words of up to five letters, two for up to eight, and three for others.
 */
struct nearest {
	const char *word;
	const char *best;	/* borrowed from nearest_try; NULL if none is similar */
	size_t distance;	/* of `best`, or one above the limit */
};

struct nearest nearest_to(const char *word);
void nearest_try(struct nearest *, const char *name);

/* A word that other programs use, and its equivalent here. */
struct synonym {
	const char *word;	/* NULL ends a table */
	const char *meant;
};

/* Returns NULL if the word is not in the table. Ignores case. */
const char *synonym_of(const struct synonym *table, const char *word);

#endif
