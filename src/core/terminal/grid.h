/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GRID_H
#define CORE_TERMINAL_GRID_H

#include "core/terminal/grid_row.h"
#include "core/terminal/side.h"

#include <stddef.h>

/*
 * The cells of one screen and the lines above it. Rows of the screen are arrays
 * of cells in a ring: when the whole screen scrolls, only `top` changes. A row
 * stores its cells up to `used`; the rest is blank with the pen `fill`, so empty
 * rows use no memory for cells. A row that leaves the screen at the top is packed
 * into a row_store, and unpacked when it is read.
 *
 * Rectangles may extend beyond the screen, be empty or be inverted, and rows and
 * columns may be outside; parts outside of the screen are ignored.
 */

struct row_store;

struct grid {
	struct grid_row *ring;		/* `rows` of them */
	struct row_store *store;	/* the history; NULL as long as it is empty */
	int top;			/* index in the ring of row 0 */
	int rows, columns;
	size_t history;			/* number of rows above row 0 */
	size_t scrollback;		/* limit of history */
	uint64_t scrolled;		/* number of rows that have left at the top */
	uint64_t version;
};

struct grid_rect {
	int top, bottom, left, right;	/* bottom and right are outside */
};

struct grid_point {
	int row, column;
};

void grid_init(struct grid *, int rows, int columns, size_t scrollback);
void grid_finish(struct grid *);
size_t grid_bytes(const struct grid *);		/* all memory that it has allocated */

/*
 * Resizes the screen. Rows that no longer fit are removed below the cursor if they are blank, and then
 * moved into the history at the top; new rows come back from the history. Returns by how much the row of
 * the cursor changes. Cells beyond a narrower screen are kept until the row is written to.
 */
int grid_resize(struct grid *, int rows, int columns, int cursor_row);
/*
 * Resizes the screen and wraps lines, those of the history included, to the new width. Points follow their
 * characters: points[0] is the cursor, others are what the caller likes; row in [-history, rows). The column
 * `columns` means after the last character of a full row (a pending wrap), and comes out where a row is full
 * again. What is lost at the limit of the history is moved to the oldest row.
 */
void grid_reflow(struct grid *, int rows, int columns, struct grid_point *points, size_t count);

/* row in [-history, rows); NULL outside. A row of the history is valid until the grid changes or two others are read. */
const struct grid_row *grid_row(const struct grid *, int row);
/* Returns a cell of a row, even a blank one; column in [0, columns). */
struct grid_cell grid_cell(const struct grid *, const struct grid_row *, int column);

/* width: 1 or 2. A wide character of which one half is overwritten becomes blank. */
void grid_put(struct grid *, int row, int column, struct grid_cell, int width);
/* Writes `count` characters of one column each; what does not fit is left out. */
void grid_put_run(struct grid *, int row, int column, const unsigned char *text, int count, uint32_t pen);
/* The same for any characters; a wide one is followed by GRID_TAIL. */
void grid_put_text(struct grid *, int row, int column, const uint32_t *text, int count, uint32_t pen);
/* Writes the same cell, of one column, everywhere. */
void grid_fill(struct grid *, struct grid_rect, struct grid_cell);
/*
 * For changing pens: the cells [0, end) of a row, where 0 <= row < rows and end <= columns. With `real`, blank ones that
 * are not stored become so; else *end is reduced to those that are. The row gets a new version.
 */
struct grid_cell *grid_cells(struct grid *, int row, int *end, bool real);
/* What reaches the last column also ends the wrapping of the row. */
void grid_erase(struct grid *, struct grid_rect, uint32_t pen, bool keep_protected, const uint32_t (*side)[6]);
/* The same for the cells of one row from `left` on, which are all erased; row and column are inside. */
void grid_erase_right(struct grid *, int row, int left, uint32_t pen);
/*
 * Moves the content up by `up` and left by `left` (negative: down, right); new cells are blank with the pen. Rows
 * of the full width move with their attributes, and become history if the rectangle begins at row 0.
 */
void grid_scroll(struct grid *, struct grid_rect, int up, int left, uint32_t pen);
/* Copies a rectangle so that its top left corner is at row and column, which must be inside; both may overlap (DECCRA). */
void grid_copy(struct grid *, struct grid_rect, int row, int column);
void grid_set_wrapped(struct grid *, int row, bool);
void grid_forget(struct grid *);		/* drops the history */
void grid_touch(struct grid *, int row);	/* gives the row a new version */
/* Marks the records that cells of the grid refer to; part of a sweep, see side.h. */
void grid_mark(const struct grid *, struct side *marks, struct side *pens);

#endif
