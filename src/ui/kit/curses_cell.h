/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_CURSES_CELL_H
#define UI_KIT_CURSES_CELL_H

#include <curses.h>
#include <wchar.h>

/* A cell of a window as curses has it, with pairs that do not fit into a short. */
struct curses_cell {
	wchar_t text[CCHARW_MAX + 1];	/* a blank for one that cannot be read, such as the second half of a wide character */
	attr_t attributes;		/* without the pair */
	int pair;
};

/* Reads a cell; the window's cursor goes there. */
struct curses_cell curses_cell_at(WINDOW *, int row, int column);
/* Gives a cell other attributes. */
void curses_cell_change(WINDOW *, int row, int column, attr_t attributes, int pair);

#endif
