/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_CELLS_H
#define UI_FORM_FORM_CELLS_H

#include "core/vm/config.h"

#include <stdbool.h>
#include <stddef.h>

#define FORM_CELLS 4	/* that a value has at most */

/*
 * How the values with a grammar of their own are taken apart into cells and
 * put together again. Pure. A setting that is not named here has one cell.
 */
struct form_split {
	enum vm_setting setting;
	size_t cells;
	const char *noun;		/* what a new row is; NULL: there are none */
	const char *labels[FORM_CELLS];
	const char *const *choices[FORM_CELLS];
	const char *meanings[FORM_CELLS];	/* what stands there, and what may */
	/* false: the value is not of the grammar; cells get texts that are the caller's. */
	bool (*split)(const char *value, char *cells[FORM_CELLS]);
	char *(*join)(char *const cells[FORM_CELLS]);
	const char *initial;		/* value of a new row */
};

const struct form_split *form_split_of(enum vm_setting);	/* NULL: one cell */

#endif
