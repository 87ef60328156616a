/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_NEAREST_H
#define CORE_BASE_NEAREST_H

#include <stddef.h>

/*
 * "Did you mean": of some names, the one a misspelt word was meant to be.
 * Letters missing, added, changed or swapped with their neighbour count one
 * each, and so does all that makes one the beginning of the other. Too far is
 * more than one in words of up to five letters, two of up to eight, else three.
 */
struct nearest {
	const char *word;
	const char *best;	/* borrowed from nearest_try; NULL: none is near */
	size_t distance;	/* of best, or one more than is allowed */
};

struct nearest nearest_to(const char *word);
void nearest_try(struct nearest *, const char *name);

/* A word that other programs use, and what is meant by it here. */
struct synonym {
	const char *word;	/* NULL ends a table */
	const char *meant;
};

/* NULL: the table does not have the word; letters are compared without case. */
const char *synonym_of(const struct synonym *table, const char *word);

#endif
