/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_DRAW_H
#define UI_KIT_DRAW_H

#include "ui/kit/theme.h"

#include <stddef.h>

/*
 * Text into windows. Everything is clipped to the width given, counted in
 * columns; bytes that are no printable UTF-8 show as '?', so that a file name
 * can never move the cursor or change the terminal.
 */

/* Columns that the text takes. */
int text_columns(const char *text);
/* Draws at most width columns, the last one GLYPH_MORE if something was cut; returns the columns used. */
int draw_text(WINDOW *, const struct theme *, int row, int column, int width, const char *text);
int draw_textf(WINDOW *, const struct theme *, int row, int column, int width, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* As draw_text, but what is cut is cut at the front: for paths. */
int draw_tail(WINDOW *, const struct theme *, int row, int column, int width, const char *text);
/* Fill up to width columns with blanks in the style that is set. */
void draw_blank(WINDOW *, int row, int column, int width);
/* A frame around the whole window with a title in its top line. */
void draw_frame(WINDOW *, const struct theme *, bool focus, const char *title);
/* Lines of a text wrapped at width; calls back for each with its bytes. Returns the number of lines. */
typedef void wrap_fn(void *data, int line, const char *text, size_t len);
int text_wrap(const char *text, int width, wrap_fn *, void *data);

#endif
