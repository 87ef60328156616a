/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_SURFACE_H
#define CORE_TERMINAL_TERMINAL_SURFACE_H

#include "core/terminal/cell.h"
#include "core/terminal/grid.h"

/*
 * Both screens of a terminal, and the encoding of pens and characters in their
 * cells as small numbers or records in a side table. Used by terminal.c between
 * libvterm and the grids; does not use libvterm itself.
 */
struct surface {
	struct grid primary, alternate;
	struct grid *grid;		/* the visible one */
	struct side marks, pens;
	struct grid_cell held[2];	/* cells in use that are not in a grid; a sweep keeps their records */
	bool reversed;			/* DECSCNM */
};

enum { HOLD_PEN, HOLD_CELL };		/* indexes in held: the current pen, the last glyph written */

void surface_init(struct surface *, int rows, int columns, size_t scrollback);
void surface_finish(struct surface *);
void surface_touch_all(struct surface *);	/* gives every line a new version */

/* Encodes colours and attributes (as in struct cell, or GRID_PROTECTED). May sweep records that are neither in a grid nor
 * held. */
uint32_t surface_pen(struct surface *, int foreground, int background, uint32_t attributes);
uint32_t surface_protected_pen(struct surface *, uint32_t pen);
/* Encodes a character and its marks, terminated by 0. May sweep. */
uint32_t surface_text(struct surface *, const uint32_t *characters);
uint32_t surface_base(const struct surface *, uint32_t text);	/* the character without its marks */

/* The readers of terminal.h. */
void surface_cell(const struct surface *, int row, int column, struct cell *out);
int surface_run(const struct surface *, int row, int column, char *out, int size, struct cell *pen);
int surface_row_width(const struct surface *, int row);
size_t surface_row_text(const struct surface *, int row, char *out, size_t size);

#endif
