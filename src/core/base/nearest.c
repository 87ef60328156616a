/* SPDX-License-Identifier: MIT */
#include "core/base/nearest.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 32

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance; keeps the current row and the two before it. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

struct nearest nearest_to(const char *word)
{
	size_t len = strlen(word);
	size_t allowed = len < 6 ? 1 : len < 9 ? 2 : 3;

	return (struct nearest){ .word = word, .distance = len == 0 ? 0 : allowed + 1 };
}

/* "memory" for "mem" and vice versa. */
static bool is_longer_form(const char *a, const char *b)
{
	size_t len = least(strlen(a), strlen(b));

	return len >= 3 && strncmp(a, b, len) == 0;
}

void nearest_try(struct nearest *nearest, const char *name)
{
	if (strlen(nearest->word) > WORD_MAX || strlen(name) > WORD_MAX)
		return;

	size_t far = is_longer_form(nearest->word, name) ? 1 : distance(nearest->word, name);

	if (far < nearest->distance) {
		nearest->distance = far;
		nearest->best = name;
	}
}

const char *synonym_of(const struct synonym *table, const char *word)
{
	const struct synonym *exact = table;

	/* An exact match comes first: -m and -M are different options of QEMU. */
	while (exact->word && strcmp(exact->word, word) != 0)
		exact++;
	while (table->word && strcasecmp(table->word, word) != 0)
		table++;
	return exact->word ? exact->meant : table->meant;
}
