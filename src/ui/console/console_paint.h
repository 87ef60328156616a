/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_PAINT_H
#define UI_CONSOLE_CONSOLE_PAINT_H

#include <curses.h>
#include <stdbool.h>
#include <stdint.h>

struct cell;
struct terminal;
struct theme;

/*
 * Paints a terminal's cells into a window, each at its own position, because
 * the table of widths, wcwidth and the user's terminal may disagree about a width.
 */
struct paint_area {
	int row, column;	/* the terminal's cell in the window's corner; rows < 0 are scrollback */
	int rows, columns;	/* size of the window */
};

/*
 * Paints the rows whose version differs from the one in `versions`, and updates
 * that array. It has one element per row, 0 at first. Returns false if the
 * terminal has run out of colour pairs, so that rows that are not painted again
 * may change their colours.
 */
bool console_paint(WINDOW *, const struct theme *, const struct terminal *, const struct paint_area *,
                   uint64_t *versions);

/* The substitute for a character if the locale is not UTF-8; '?' if there is no similar one. */
char paint_ascii(uint32_t character);

#endif
