/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DIRECT_COLOUR_H
#define UI_KIT_DIRECT_COLOUR_H

/*
 * 24-bit colours in ncurses for a terminal that has them but whose terminfo
 * entry has only 256 or 8. Generates a copy of the entry in which the numbers
 * 0..255 are unchanged and 0x1000000 | RRGGBB is that colour. screen.c uses it
 * before it opens the terminal.
 */

/*
 * Returns the entry as a value for $TERMINFO, which ncurses reads instead of a
 * file; the caller frees it. Returns NULL if the original entry is sufficient,
 * or if the terminal is unknown or has no such colours. It has them if
 * $COLORTERM is truecolor or 24bit, or if the entry has Tc or RGB. term: as in
 * $TERM.
 */
char *direct_colour_terminfo(const char *term);

#endif
