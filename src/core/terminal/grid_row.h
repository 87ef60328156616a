/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GRID_ROW_H
#define CORE_TERMINAL_GRID_ROW_H

#include <stdbool.h>
#include <stdint.h>

/* Cells and rows as the grid and its history hold them. */

/* Text of a cell: 0 blank, a character, or one of these. */
#define GRID_TAIL	0x200000u	/* right half of the wide character before it */
#define GRID_MARKS	0x80000000u	/* | index of a record in the side table: a base and its combining marks */

/* Pen: attributes in bits 0..7 (enum cell_attribute), colours 0 default or 1 + palette index; or a record. */
#define GRID_PROTECTED	(1u << 8)	/* DECSCA */
#define GRID_FOREGROUND	9
#define GRID_BACKGROUND	18
#define GRID_COLOUR	0x1ffu
#define GRID_RGB	0x80000000u	/* | index of a record: foreground, background, attributes as in struct cell */

struct grid_cell {
	uint32_t text;
	uint32_t pen;
};

struct grid_row {
	struct grid_cell *cells;
	uint64_t version;		/* no two states of any rows of a grid share one */
	int used;
	int capacity;			/* cells allocated */
	uint32_t fill;
	bool wrapped;			/* the text continues on the next row */
};

#endif
