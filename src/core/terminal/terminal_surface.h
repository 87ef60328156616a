/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_SURFACE_H
#define CORE_TERMINAL_TERMINAL_SURFACE_H

#include "core/terminal/cell.h"
#include "core/terminal/terminal_grid.h"

/*
 * Both screens of a terminal and what their cells stand for: pens and
 * characters are small numbers there, or records in a side table. Between
 * terminal.c, which hears from libvterm, and the grids. Knows nothing of libvterm.
 */
struct surface {
	struct grid primary, alternate;
	struct grid *grid;		/* the one that is seen */
	struct side marks, pens;
	struct grid_cell held[2];	/* not in a grid (yet), but in use: a sweep keeps their records */
	bool reversed;			/* DECSCNM */
};

enum { HOLD_PEN, HOLD_CELL };		/* of held: the pen that is set; the glyph written last */

void surface_init(struct surface *, int rows, int columns, size_t scrollback);
void surface_finish(struct surface *);
void surface_touch_all(struct surface *);	/* every line looks different now */

/* Colours and attributes as in struct cell, and GRID_PROTECTED. May sweep: what is neither in a grid nor held is gone. */
uint32_t surface_pen(struct surface *, int foreground, int background, uint32_t attributes);
uint32_t surface_protected_pen(struct surface *, uint32_t pen);
/* A character and its marks, 0 behind the last. May sweep. */
uint32_t surface_text(struct surface *, const uint32_t *characters);
uint32_t surface_base(const struct surface *, uint32_t text);	/* the character without its marks */

/* The readers of terminal.h. */
void surface_cell(const struct surface *, int row, int column, struct cell *out);
int surface_run(const struct surface *, int row, int column, char *out, int size, struct cell *pen);
int surface_row_width(const struct surface *, int row);
size_t surface_row_text(const struct surface *, int row, char *out, size_t size);

#endif
