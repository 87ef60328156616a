/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DRAW_H
#define UI_KIT_DRAW_H

#include "ui/kit/theme.h"

#include <stddef.h>

/*
 * Draws text into windows, clipped to a width in columns. Bytes that are not
 * printable UTF-8 are shown as '?', so that a file name can never move the
 * cursor or change the terminal.
 */

/* The width of the text in columns. */
int text_columns(const char *text);
/* Draws at most width columns, the last one GLYPH_MORE if the text was cut; returns the columns used. */
int draw_text(WINDOW *, const struct theme *, int row, int column, int width, const char *text);
int draw_textf(WINDOW *, const struct theme *, int row, int column, int width, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* Like draw_text, but cuts the beginning of the text: for paths. */
int draw_tail(WINDOW *, const struct theme *, int row, int column, int width, const char *text);
/*
 * Like draw_text, but cuts a name in the middle, so that names with the same beginning differ. telling: the offset of the
 * first byte that tells it from its neighbours, which is left in; 0: none.
 */
int draw_middle(WINDOW *, const struct theme *, int row, int column, int width, const char *text, size_t telling);
/* Draws width blanks in the current style. */
void draw_blank(WINDOW *, int row, int column, int width);
/* Draws a frame around the whole window with a title in its top line. */
void draw_frame(WINDOW *, const struct theme *, bool focus, const char *title);
/* The same with a title of two parts. */
struct frame_title {
	const char *name;	/* cut if there is no room for both; NULL: no title */
	const char *rest;
	int reserved;		/* columns at the right of the line that the caller needs */
};
void draw_titled_frame(WINDOW *, const struct theme *, bool focus, const struct frame_title *);
/* Wraps a text at width and calls the callback with the bytes of each line. Returns the number of lines. */
typedef void wrap_fn(void *data, int line, const char *text, size_t len);
int text_wrap(const char *text, int width, wrap_fn *, void *data);

#endif
