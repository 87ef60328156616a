/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GRID_IMPL_H
#define CORE_TERMINAL_GRID_IMPL_H

#include "core/terminal/grid.h"

/* Inside of the grid, for grid.c, grid_scroll.c and grid_resize.c only. */

/* row in [0, rows). */
static inline struct grid_row *row_at(const struct grid *grid, int row)
{
	int slot = grid->top + row;

	return &grid->ring[slot < grid->rows ? slot : slot - grid->rows];
}

static inline void touch(struct grid *grid, struct grid_row *row)
{
	row->version = ++grid->version;
}

/* Makes a row blank, with nothing of what it was. */
static inline void clear_row(struct grid *grid, struct grid_row *row, uint32_t pen)
{
	row->used = 0;
	row->fill = pen;
	row->wrapped = false;
	touch(grid, row);
}

/* Blanks the other half of a wide character that the boundary left of `column` cuts. */
static inline void split_wide(struct grid_row *row, int column)
{
	if (column > 0 && column < row->used && row->cells[column].text == GRID_TAIL) {
		row->cells[column].text = 0;
		row->cells[column - 1].text = 0;
	}
}

void row_grow(struct grid_row *, int columns);
/* Allocates cells, at least `columns`. */
static inline void row_make_room(struct grid_row *row, int columns)
{
	if (columns > row->capacity)
		row_grow(row, columns);
}

void row_fill(struct grid_row *, int end);		/* makes cells [0, end) real */
void row_trim(struct grid_row *, int columns);		/* drops what a narrower screen hid */
/* Blanks [left, right) of a row of a screen of `columns`, where right is at most that. */
void row_erase(struct grid_row *, const struct grid *, int left, int right, uint32_t pen);
bool grid_clip(const struct grid *, struct grid_rect *);	/* false: nothing of it is inside */
/* Moves row 0 to the history, as far as there is one, and makes it the blank last row. */
void grid_push_row(struct grid *, uint32_t pen);
void grid_store_row(struct grid *, const struct grid_row *);	/* a copy becomes the newest row of the history */

#endif
