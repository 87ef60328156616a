/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SCROLLER_H
#define UI_KIT_SCROLLER_H

#include "ui/kit/theme.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The scroll position of a view with more rows than fit: the selected row, and
 * the first visible row, which follows it. A text has no selected row: there
 * `at` is the first visible row, `count` how many rows can be the first, and
 * `top` is unused.
 */
struct scroller {
	size_t at;
	size_t top;
	size_t count;
	int page;		/* how many rows fit */
};

/* A movement; the argument of a row in a key table. */
enum scroller_move {
	MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HALF_UP, MOVE_HALF_DOWN, MOVE_FIRST, MOVE_LAST,
	MOVE_WHEEL_UP, MOVE_WHEEL_DOWN
};

/* Sets the number of rows and how many of them fit. */
void scroller_fit(struct scroller *, size_t count, int page);
/* Selects this row, or the last one if there are fewer. */
void scroller_to(struct scroller *, size_t row);
void scroller_move(struct scroller *, enum scroller_move);
/* How many rows the movement goes down if `page` rows fit. Moving by a page keeps one row visible. */
long scroller_distance(enum scroller_move, int page);
/* The movement for a turn of the wheel. */
enum scroller_move scroller_wheel(enum mouse_act);
/* The row in a line of the window, counted from 0. Returns false if the line is empty. */
bool scroller_row_at(const struct scroller *, int line, size_t *row);
/* Draws " 3 of 40 " in the frame of a window if not all rows fit. */
void scroller_draw(const struct scroller *, WINDOW *, const struct theme *);

#endif
