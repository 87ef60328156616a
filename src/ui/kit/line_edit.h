/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_LINE_EDIT_H
#define UI_KIT_LINE_EDIT_H

#include <curses.h>
#include <stdbool.h>

struct key;
struct theme;

/*
 * One line of text that is being typed: ncurses' form library with one
 * field, painted on a pad of its own, so that whoever draws copies it where
 * it belongs. form loses blanks at the end and cannot hold more than
 * LINE_EDIT_COLUMNS; what line_edit_can_hold refuses needs another editor.
 */
#define LINE_EDIT_COLUMNS 1000

struct line_edit;

/* Printable text of the locale in at most LINE_EDIT_COLUMNS columns, without a blank at either end. */
bool line_edit_can_hold(const char *text);

/* width: columns on the screen, at least 1. text: one that can be held. The cursor is at its end. */
struct line_edit *line_edit_new(const char *text, int width);
void line_edit_free(struct line_edit *);		/* NULL is fine */
void line_edit_width(struct line_edit *, int width);	/* after a resize; text and cursor stay */

/* False: not a key of an editor. *changed: whether the text is another now. */
bool line_edit_key(struct line_edit *, const struct key *, bool *changed);
const char *line_edit_text(const struct line_edit *);	/* borrowed, until the next key */

/* What the text would be with this at the cursor, whether it can be held or not; the caller's. */
char *line_edit_with(const struct line_edit *, const char *inserted);

void line_edit_draw(const struct line_edit *, WINDOW *, int row, int column);
/* No further than the text and the cursor, for one in a frame. */
void line_edit_draw_text(const struct line_edit *, WINDOW *, int row, int column);
int line_edit_cursor(const struct line_edit *);		/* column on the pad */

#endif
