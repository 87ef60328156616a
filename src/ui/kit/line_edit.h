/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_LINE_EDIT_H
#define UI_KIT_LINE_EDIT_H

#include <curses.h>
#include <stdbool.h>

struct key;
struct theme;

/*
 * Edits one line of text with a field of ncurses' form library. The field is
 * painted on a pad, which draw functions copy to its place. form drops blanks
 * at the end and cannot hold more than LINE_EDIT_COLUMNS columns. A text for
 * which line_edit_can_hold returns false needs another editor.
 */
#define LINE_EDIT_COLUMNS 1000

struct line_edit;

/* True for printable text in the locale's encoding, of at most LINE_EDIT_COLUMNS columns, with no blank at either end. */
bool line_edit_can_hold(const char *text);

/* width: columns on the screen, at least 1. text: one that it can hold. The cursor is at its end. */
struct line_edit *line_edit_new(const char *text, int width);
void line_edit_free(struct line_edit *);		/* may be NULL */
void line_edit_width(struct line_edit *, int width);	/* after a resize; text and cursor stay */

/* Returns false if the key has no meaning in an editor. Sets *changed to true if the text changed. */
bool line_edit_key(struct line_edit *, const struct key *, bool *changed);
const char *line_edit_text(const struct line_edit *);	/* borrowed, until the next key */

/* The text with `inserted` at the cursor, even if it cannot be held. The caller frees it. */
char *line_edit_with(const struct line_edit *, const char *inserted);

void line_edit_draw(const struct line_edit *, WINDOW *, int row, int column);
/* Draws only up to the end of the text and the cursor, for a line in a frame. */
void line_edit_draw_text(const struct line_edit *, WINDOW *, int row, int column);
int line_edit_cursor(const struct line_edit *);		/* column on the pad */

#endif
