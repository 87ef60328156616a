/* SPDX-License-Identifier: MIT */
#include "ui/kit/curses_cell.h"

#include <stddef.h>

#if NCURSES_EXT_COLORS
#define WITH(pair) &(pair)
#else
#define WITH(pair) NULL
#endif

struct curses_cell curses_cell_at(WINDOW *window, int row, int column)
{
	struct curses_cell out = { .pair = 0 };
	cchar_t cell;
	short small = 0;

	if (mvwin_wch(window, row, column, &cell) == ERR || getcchar(&cell, out.text, &out.attributes, &small, WITH(out.pair)) == ERR)
		out.attributes = A_NORMAL;
	else if (!NCURSES_EXT_COLORS)
		out.pair = small;
	if (!out.text[0])
		out.text[0] = L' ';
	out.attributes &= A_ATTRIBUTES & ~A_COLOR;
	return out;
}

void curses_cell_change(WINDOW *window, int row, int column, attr_t attributes, int pair)
{
	mvwchgat(window, row, column, 1, attributes, (short)pair, WITH(pair));
}
