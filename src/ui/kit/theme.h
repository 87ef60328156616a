/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_THEME_H
#define UI_KIT_THEME_H

#include "core/terminal/cell.h"

#include <curses.h>
#include <stdbool.h>

/*
 * Styles and glyphs, chosen once from the terminal's capabilities, NO_COLOR
 * and the locale. Every style can be distinguished from its neighbours without
 * colour, and no state is shown by colour alone.
 */
enum style {
	STYLE_NORMAL,
	STYLE_TITLE,		/* the top line */
	STYLE_FRAME,
	STYLE_FRAME_FOCUS,	/* frame of the pane that has the keys */
	STYLE_SELECTED,		/* the row the keys work on */
	STYLE_SELECTED_IDLE,	/* the same in a pane without the keys */
	STYLE_HEADING,
	STYLE_DIM,
	STYLE_RUNNING,
	STYLE_BUSY,		/* starting, stopping */
	STYLE_FAILED,
	STYLE_WARNING,
	STYLE_KEY,		/* the name of a key */
	STYLE_FIELD,		/* where something can be typed */
	STYLES
};

enum glyph {
	GLYPH_RUNNING, GLYPH_OFF, GLYPH_BUSY, GLYPH_FAILED, GLYPH_UNKNOWN,
	GLYPH_OPEN, GLYPH_FOLDED, GLYPH_ARROW, GLYPH_DASH, GLYPH_MORE, GLYPH_CHANGED,
	GLYPH_CLIPPED_LEFT, GLYPH_CLIPPED_RIGHT, GLYPH_DIFFERS, GLYPH_MARKED, GLYPH_UNSTARTABLE,
	GLYPHS
};

struct theme {
	bool utf8;
	bool colour;
	int palette;		/* how many colour numbers are the terminal's palette */
	attr_t attributes[STYLES];
	short pairs[STYLES];
	attr_t strike, overline;	/* of guests' text */
	attr_t underline[UNDERLINE_DASHED + 1];	/* for enum underline_style */
};

/* The terminal must be open. no_color: NO_COLOR is set and not empty. */
void theme_init(struct theme *, bool utf8, bool no_color);
void theme_set(const struct theme *, WINDOW *, enum style);
const char *theme_glyph(const struct theme *, enum glyph);	/* one column wide */

/*
 * The pair for two colours of a guest: -1 default, 0..255 palette,
 * 0x1000000 | RRGGBB; each is replaced by the nearest colour of this terminal.
 * 0 on a terminal without colours.
 */
int theme_pair(const struct theme *, int foreground, int background);
/* The same for text whose underline has a colour of its own, as far as this terminal has that; -1: it has none. */
int theme_pair_lined(const struct theme *, int foreground, int background, int underline);
bool theme_pairs_used_up(int pair);	/* true if pair was the last free one, so that pairs may get new colours from now on */

#endif
