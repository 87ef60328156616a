/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_CELL_H
#define CORE_TERMINAL_CELL_H

#include <stdint.h>

/* The content of one column on the screen of a terminal. */

/* Colours: -1 default, 0..255 palette, TERMINAL_RGB | 0xRRGGBB. */
#define TERMINAL_RGB 0x1000000

enum cell_attribute {
	CELL_BOLD = 1 << 0, CELL_DIM = 1 << 1, CELL_ITALIC = 1 << 2, CELL_UNDERLINE = 1 << 3,
	CELL_BLINK = 1 << 4, CELL_REVERSE = 1 << 5, CELL_CONCEAL = 1 << 6, CELL_STRIKE = 1 << 7,
	CELL_WIDE = 1 << 8,		/* takes two columns; the next cell is empty */
	CELL_OVERLINE = 1 << 9,
};

enum underline_style { UNDERLINE_NONE, UNDERLINE_SINGLE, UNDERLINE_DOUBLE, UNDERLINE_CURLY, UNDERLINE_DOTTED, UNDERLINE_DASHED };

#define CELL_CHARS 6			/* a base character and up to five combining marks */

struct cell {
	uint32_t text[CELL_CHARS];	/* Unicode; blank if text[0] is 0 */
	int foreground, background;
	int underline_colour;		/* -1: that of the foreground */
	uint16_t attributes;
	uint8_t underline;		/* enum underline_style; not 0 exactly if CELL_UNDERLINE is set */
	uint16_t link;			/* number of a hyperlink (terminal_link), 0: none */
};

#endif
