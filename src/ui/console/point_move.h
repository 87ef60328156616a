/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_POINT_MOVE_H
#define UI_CONSOLE_POINT_MOVE_H

#include "core/terminal/terminal.h"

/*
 * Movements of a cursor in the lines of a terminal, named after the keys of vi
 * that make them. Rows that are wrapped count as one line, except for moves up
 * and down. Points stay within the terminal. Pure.
 */
enum point_move {
	POINT_LEFT, POINT_RIGHT,		/* h l */
	POINT_WORD, POINT_BACK, POINT_WORD_END,	/* w b e */
	POINT_LINE_BEGIN, POINT_LINE_TEXT, POINT_LINE_END,	/* 0 ^ $ */
	POINT_BLANK_ABOVE, POINT_BLANK_BELOW,	/* { } */
	POINT_FIRST, POINT_LAST			/* g G */
};

struct terminal_point point_moved(const struct terminal *, struct terminal_point, enum point_move);
struct terminal_point point_clamped(const struct terminal *, struct terminal_point);
/* The last column of text in a row, 0 if it is empty. */
int point_last_column(const struct terminal *, int64_t line);
/* The ends, both inclusive, of the word at a point, as a double click selects it: path names and addresses are words. */
void point_word(const struct terminal *, struct terminal_point, struct terminal_point *first, struct terminal_point *last);

#endif
