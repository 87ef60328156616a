/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_CELLS_H
#define UI_FORM_FORM_CELLS_H

#include "core/vm/config.h"

#include <stdbool.h>
#include <stddef.h>

#define FORM_CELLS 4	/* maximum number of cells of a value */

/*
 * Splits values that have a grammar into cells and joins them again. Pure. A
 * setting that is not in this table has one cell.
 */
struct form_split {
	enum vm_setting setting;
	size_t cells;
	const char *noun;		/* what a new row is called; NULL: rows cannot be added */
	const char *labels[FORM_CELLS];
	const char *const *choices[FORM_CELLS];
	const char *meanings[FORM_CELLS];	/* help for each cell */
	/* Returns false if the value does not match the grammar. The caller frees the texts of the cells. */
	bool (*split)(const char *value, char *cells[FORM_CELLS]);
	char *(*join)(char *const cells[FORM_CELLS]);
	const char *initial;		/* the value of a new row */
};

const struct form_split *form_split_of(enum vm_setting);	/* NULL: one cell */

#endif
