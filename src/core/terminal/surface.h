/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SURFACE_H
#define CORE_TERMINAL_SURFACE_H

#include "core/terminal/cell.h"
#include "core/terminal/grid.h"

#include <stdbool.h>

/*
 * Both screens of a terminal, and the encoding of pens and characters in their
 * cells as small numbers or records in a side table. Used by the files of the
 * terminal only.
 */
struct pen {
	int foreground, background, underline_colour;	/* as in struct cell */
	uint16_t attributes;		/* enum cell_attribute, without CELL_WIDE */
	uint8_t underline;		/* enum underline_style */
	bool is_protected;		/* DECSCA or SPA */
	uint16_t link;
};

struct surface {
	struct grid primary, alternate;
	struct grid *grid;		/* the visible one */
	struct side marks, pens;
	uint32_t held;			/* a pen in use that may not be in a grid; a sweep keeps its record */
	bool reversed;			/* DECSCNM */
	uint64_t generation;		/* how often all rows have changed; those of the history keep their version */
	const int32_t *palette;		/* colours that the guest has changed, -1: unchanged; NULL: none was */
};

void surface_init(struct surface *, int rows, int columns, size_t scrollback);
void surface_finish(struct surface *);
void surface_touch_all(struct surface *);	/* gives every line a new version */

/* Encodes a pen. May sweep records that are neither in a grid nor held. */
uint32_t surface_pen(struct surface *, const struct pen *);
void surface_unpack_pen(const struct surface *, uint32_t packed, struct pen *out);
/* Adds a combining mark to a cell's text and returns the new text; the same if it has as many as a cell can hold. */
uint32_t surface_add_mark(struct surface *, uint32_t text, uint32_t mark);
uint32_t surface_base(const struct surface *, uint32_t text);	/* the character without its marks */
/* Sets used[n] for each link n < count that a cell of the two screens or the held pen refers to. */
void surface_shown_links(const struct surface *, bool *used, size_t count);
/* Takes each link n < count for which dropped[n] is set from all cells, those of the history included. */
void surface_drop_links(struct surface *, const bool *dropped, size_t count);

/* The readers of terminal.h. */
void surface_cell(const struct surface *, int row, int column, struct cell *out);
int surface_run(const struct surface *, int row, int column, char *out, int size, struct cell *pen);
int surface_row_width(const struct surface *, int row);
size_t surface_row_text(const struct surface *, int row, char *out, size_t size);

#endif
