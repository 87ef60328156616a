/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DIRECT_COLOUR_H
#define UI_KIT_DIRECT_COLOUR_H

/*
 * Colours of 24 bits for ncurses on a terminal that has them, and whose
 * entry in the terminfo database says only 256 or 8: a copy of the entry in
 * which the numbers 0..255 stay what they are and 0x1000000 | RRGGBB is that
 * colour. For screen.c, before it opens the terminal.
 */

/*
 * As a value for $TERMINFO that ncurses reads instead of a file; the caller's.
 * NULL: the entry is fine as it is, the terminal has no such colours, or is
 * not known. It has them where $COLORTERM is truecolor or 24bit, or where the
 * entry has Tc or RGB. term: as in $TERM.
 */
char *direct_colour_terminfo(const char *term);

#endif
