/* SPDX-License-Identifier: MIT */
#include "ui/kit/scroller.h"

#include "ui/kit/draw.h"

#include <limits.h>
#include <stdio.h>

#define WHEEL_ROWS	3	/* rows that a notch of the wheel scrolls */

void scroller_to(struct scroller *scroller, size_t row)
{
	size_t count = scroller->count, page = scroller->page > 0 ? (size_t)scroller->page : 1;

	scroller->at = count == 0 ? 0 : row < count ? row : count - 1;
	if (scroller->at < scroller->top)
		scroller->top = scroller->at;
	if (scroller->at >= scroller->top + page)
		scroller->top = scroller->at - page + 1;
	/* Leave no line empty that could show a row. */
	if (scroller->top + page > count)
		scroller->top = count > page ? count - page : 0;
}

void scroller_fit(struct scroller *scroller, size_t count, int page)
{
	scroller->count = count;
	scroller->page = page;
	scroller_to(scroller, scroller->at);
}

long scroller_distance(enum scroller_move move, int page)
{
	int most = page > 1 ? page - 1 : 1, half = page > 1 ? page / 2 : 1;

	switch (move) {
	case MOVE_UP:
		return -1;
	case MOVE_DOWN:
		return 1;
	case MOVE_PAGE_UP:
		return -most;
	case MOVE_PAGE_DOWN:
		return most;
	case MOVE_HALF_UP:
		return -half;
	case MOVE_HALF_DOWN:
		return half;
	case MOVE_WHEEL_UP:
		return -WHEEL_ROWS;
	case MOVE_WHEEL_DOWN:
		return WHEEL_ROWS;
	case MOVE_FIRST:
		return -INT_MAX;
	case MOVE_LAST:
		return INT_MAX;
	}
	return 0;
}

void scroller_move(struct scroller *scroller, enum scroller_move move)
{
	long by = scroller_distance(move, scroller->page);

	if (by < 0 && (size_t)-by > scroller->at)
		scroller_to(scroller, 0);
	else
		scroller_to(scroller, scroller->at + (size_t)by);
}

enum scroller_move scroller_wheel(enum mouse_act act)
{
	return act == MOUSE_WHEEL_UP ? MOVE_WHEEL_UP : MOVE_WHEEL_DOWN;
}

bool scroller_row_at(const struct scroller *scroller, int line, size_t *row)
{
	*row = scroller->top + (size_t)line;
	return line >= 0 && line < scroller->page && *row < scroller->count;
}

const char *scroller_extent(size_t top, size_t visible, size_t count, char *buf, size_t size)
{
	size_t end = visible < count - top ? top + visible : count;

	buf[0] = '\0';
	if (top > 0 || end < count)
		snprintf(buf, size, " %zu-%zu of %zu ", top + 1, end, count);
	return buf;
}

void scroller_draw(const struct scroller *scroller, WINDOW *window, const struct theme *theme)
{
	if (scroller->count > (size_t)(scroller->page > 0 ? scroller->page : 0))
		draw_textf(window, theme, getmaxy(window) - 1, 2, getmaxx(window) - 4, " %zu of %zu ", scroller->at + 1,
		           scroller->count);
}
