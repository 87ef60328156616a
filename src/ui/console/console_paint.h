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
 * A terminal's cells into a window: each at its own position, since
 * libvterm, wcwidth and the terminal outside may disagree about a width.
 */
struct paint_area {
	int row, column;	/* of the terminal, in the window's corner; rows < 0 are scrollback */
	int rows, columns;	/* of the window to paint */
};

/*
 * Rows whose version is the one in `versions` are there already and are left
 * as they are; the array, one for each row, takes the versions of the others, 0 at
 * first. false: the terminal has run out of colour pairs, those of rows that
 * are not painted again may come to mean others.
 */
bool console_paint(WINDOW *, const struct theme *, const struct terminal *, const struct paint_area *,
                   uint64_t *versions);

/* What stands for a character where the locale is not UTF-8; '?' for what has no likeness. */
char paint_ascii(uint32_t character);

#endif
