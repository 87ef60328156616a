/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SCROLLER_H
#define UI_KIT_SCROLLER_H

#include "ui/kit/theme.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Where a view stands that has more rows than fit: the row that the keys are
 * on, and the first row shown, which follows it. A text has no such row: there
 * at is the first row shown, count how many rows can be that, and top unused.
 */
struct scroller {
	size_t at;
	size_t top;
	size_t count;
	int page;		/* rows that fit */
};

/* What a key does; the argument of a row in a key table. */
enum scroller_move {
	MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HALF_UP, MOVE_HALF_DOWN, MOVE_FIRST, MOVE_LAST,
	MOVE_WHEEL_UP, MOVE_WHEEL_DOWN
};

/* There are count rows now, of which so many fit. */
void scroller_fit(struct scroller *, size_t count, int page);
/* To this row, or to the last one. */
void scroller_to(struct scroller *, size_t row);
void scroller_move(struct scroller *, enum scroller_move);
/* Rows that this moves down, where so many fit: a page leaves one of them in sight. */
long scroller_distance(enum scroller_move, int page);
/* What a turn of the wheel does. */
enum scroller_move scroller_wheel(enum mouse_act);
/* What is shown in the line with this number, 0 is the first; false: nothing. */
bool scroller_row_at(const struct scroller *, int line, size_t *row);
/* " 3 of 40 " in the frame of a window, where not all of them fit. */
void scroller_draw(const struct scroller *, WINDOW *, const struct theme *);

#endif
