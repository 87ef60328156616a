/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GRID_H
#define CORE_TERMINAL_GRID_H

#include "core/terminal/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The cells of one screen and the lines above it. Rows are in a ring: when the
 * whole screen scrolls, only `top` changes, and rows that leave the screen
 * become the history. A row stores its cells up to `used`; the rest is blank
 * with the pen `fill`, so empty rows use no memory for cells.
 *
 * Rectangles may extend beyond the screen, be empty or be inverted; parts
 * outside of the screen are ignored.
 */

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
	int size;			/* cells allocated */
	int used;
	uint32_t fill;
	uint64_t version;		/* no two states of any rows of a grid share one */
};

struct grid {
	struct grid_row *slots;		/* scrollback + rows of them */
	size_t slot_count;
	size_t top;			/* slot of row 0 */
	size_t history;			/* number of rows above it with content */
	size_t scrollback;		/* limit of history */
	int rows, columns;
	uint64_t scrolled;		/* number of rows that have left at the top */
	uint64_t version;
};

struct grid_rect {
	int top, bottom, left, right;	/* bottom and right are outside */
};

void grid_init(struct grid *, int rows, int columns, size_t scrollback);
void grid_finish(struct grid *);
/*
 * Resizes the screen. Rows that no longer fit are removed below the cursor if they are blank, and then
 * moved into the history at the top; new rows come back from the history. Returns by how much the row of
 * the cursor changes. Cells beyond a narrower screen are kept until the row is written to.
 */
int grid_resize(struct grid *, int rows, int columns, int cursor_row);

/* row in [-history, rows); NULL outside. */
const struct grid_row *grid_row(const struct grid *, int row);
/* Returns a cell of a row, even a blank one; column in [0, columns). */
struct grid_cell grid_cell(const struct grid *, const struct grid_row *, int column);

/* width: 1 or 2. A wide character of which one half is overwritten becomes blank. */
void grid_put(struct grid *, int row, int column, struct grid_cell, int width);
/* Writes `count` characters of one column each, which must fit. */
void grid_put_run(struct grid *, int row, int column, const unsigned char *text, int count, uint32_t pen);
void grid_erase(struct grid *, struct grid_rect, uint32_t pen, bool keep_protected, const uint32_t (*side)[6]);
/* Moves the content up by `up` and left by `left` (negative: down, right); new cells are blank with the pen. */
void grid_scroll(struct grid *, struct grid_rect, int up, int left, uint32_t pen);
void grid_forget(struct grid *);		/* drops the history */
void grid_touch(struct grid *, int row);	/* gives the row a new version */
/* Marks the records that cells of the grid refer to; part of a sweep, see side.h. */
void grid_mark(const struct grid *, struct side *marks, struct side *pens);

#endif
