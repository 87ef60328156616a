/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_OUTER_ENTRY_H
#define UI_KIT_OUTER_ENTRY_H

#include "ui/kit/outer_looks.h"

/*
 * A terminfo entry for ncurses with what the user's terminal has and its own
 * entry lacks. Colours: if that has only 256 or 8, the numbers 0..255 are
 * unchanged, and 0x1000000 | RRGGBB is that colour. Looks: ncurses keeps six
 * attributes for highlights that no terminal has; they become strike, overline
 * and the styles of underlines. screen.c uses it before it opens the terminal.
 */

/* What the highlights set: ehhlm, ethlm, elhlm, elohlm, erhlm and evhlm. Each style is an underline too. */
#define OUTER_STRIKE "\033[9m"
#define OUTER_OVERLINE "\033[53m"
#define OUTER_DOUBLE "\033[4:2m"
#define OUTER_CURLY "\033[4:3m"
#define OUTER_DOTTED "\033[4:4m"
#define OUTER_DASHED "\033[4:5m"

/* max_colors of an entry with 24-bit colours, and of one that has colours of underlines as well. */
#define OUTER_COLOURS 0x2000000
#define OUTER_COLOURS_LINED 0x3e000000	/* ncurses 6.4 fails with 0x3fff8000 and more */

/*
 * Adds the colour of an underline to the two colours of a pair, for an entry
 * with OUTER_COLOURS_LINED. It is 0..15, a colour of the palette, or
 * 0x1000000 | RRGGBB, of which 891 are distinguished.
 */
void outer_line_colour(int colour, int *foreground, int *background);

/*
 * Returns the entry as a value for $TERMINFO, which ncurses reads instead of a
 * file; the caller frees it. Returns NULL if the original entry is sufficient,
 * or if it does not exist. It has 24-bit colours if $COLORTERM is truecolor or
 * 24bit, or if the entry has Tc or RGB. term: as in $TERM; name: of the entry
 * that is read, another one if $TERM has no entry.
 */
char *outer_entry(const char *term, const char *name, enum outer_attributes);

#endif
