/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid_impl.h"
#include "core/terminal/row_store.h"

#include <stdlib.h>
#include <string.h>

#define LIFTED 8	/* rows set aside at a time */

static void rotate_up(struct grid *grid, int from, int to, int by)
{
	for (int step; by > 0; by -= step) {
		struct grid_row held[LIFTED];

		step = by < LIFTED ? by : LIFTED;
		for (int i = 0; i < step; i++)
			held[i] = *row_at(grid, from + i);
		for (int i = from + step; i < to; i++)
			*row_at(grid, i - step) = *row_at(grid, i);
		for (int i = 0; i < step; i++)
			*row_at(grid, to - step + i) = held[i];
	}
}

static void rotate_down(struct grid *grid, int from, int to, int by)
{
	for (int step; by > 0; by -= step) {
		struct grid_row held[LIFTED];

		step = by < LIFTED ? by : LIFTED;
		for (int i = 0; i < step; i++)
			held[i] = *row_at(grid, to - step + i);
		for (int i = to - 1; i >= from + step; i--)
			*row_at(grid, i) = *row_at(grid, i - step);
		for (int i = 0; i < step; i++)
			*row_at(grid, from + i) = held[i];
	}
}

/* Moves the rows [from, to) up by `by`, those at the top to the bottom. */
static void rotate(struct grid *grid, int from, int to, int by)
{
	if (by <= (to - from) / 2)
		rotate_up(grid, from, to, by);
	else
		rotate_down(grid, from, to, to - from - by);
}

static void clear_rows(struct grid *grid, int from, int to, uint32_t pen)
{
	for (int i = from; i < to; i++)
		clear_row(grid, row_at(grid, i), pen);
}

/* Rows leave at the top of the screen: the ring turns, and rows below the region are put back. */
static void scroll_away(struct grid *grid, int bottom, int by, uint32_t pen)
{
	for (int i = 0; i < by; i++)
		grid_push_row(grid, pen);
	if (bottom < grid->rows)
		rotate(grid, bottom - by, grid->rows, grid->rows - bottom);
}

/* The row above the place where rows are removed or inserted has lost the row on which it continued. */
static void end_line_above(struct grid *grid, int row)
{
	if (row > 0)
		row_at(grid, row - 1)->wrapped = false;
	else
		row_store_end_line(grid->store);
}

static void scroll_rows(struct grid *grid, struct grid_rect rect, int up, uint32_t pen)
{
	int height = rect.bottom - rect.top;

	if (rect.bottom < grid->rows)
		row_at(grid, rect.bottom - 1)->wrapped = false;
	if (up > 0 && rect.top == 0) {
		scroll_away(grid, rect.bottom, up, pen);
		return;
	}
	end_line_above(grid, rect.top);
	if (up > 0) {
		rotate(grid, rect.top, rect.bottom, up);
		clear_rows(grid, rect.bottom - up, rect.bottom, pen);
	} else {
		rotate(grid, rect.top, rect.bottom, height + up);
		clear_rows(grid, rect.top, rect.top - up, pen);
		row_at(grid, rect.bottom - 1)->wrapped = false;
	}
}

/* Between margins at the sides only cells move. */
static void scroll_cells(struct grid *grid, struct grid_rect rect, int up, uint32_t pen)
{
	int height = rect.bottom - rect.top;

	for (int i = rect.top; i < rect.bottom; i++) {
		struct grid_row *row = row_at(grid, i);

		row_trim(row, grid->columns);
		row_fill(row, rect.right);
		split_wide(row, rect.left);
		split_wide(row, rect.right);
		row->wrapped = row->wrapped && rect.right < grid->columns;
		touch(grid, row);
	}
	for (int i = 0; i < height; i++) {
		int to = up > 0 ? rect.top + i : rect.bottom - 1 - i, from = to + up;

		if (from >= rect.top && from < rect.bottom)
			memcpy(row_at(grid, to)->cells + rect.left, row_at(grid, from)->cells + rect.left,
			       (size_t)(rect.right - rect.left) * sizeof(struct grid_cell));
		else
			row_erase(row_at(grid, to), grid, rect.left, rect.right, pen);
	}
}

static void shift_row(struct grid *grid, struct grid_row *row, struct grid_rect rect, int left, uint32_t pen)
{
	int keep = rect.right - rect.left - abs(left);
	struct grid_cell *cells;

	row_trim(row, grid->columns);
	row_fill(row, rect.right);
	split_wide(row, rect.left);
	split_wide(row, rect.right);
	cells = row->cells + rect.left;
	if (left > 0) {
		split_wide(row, rect.left + left);
		memmove(cells, cells + left, (size_t)keep * sizeof(*cells));
		row_erase(row, grid, rect.right - left, rect.right, pen);
	} else {
		split_wide(row, rect.right + left);
		memmove(cells - left, cells, (size_t)keep * sizeof(*cells));
		row_erase(row, grid, rect.left, rect.left - left, pen);
	}
	row->wrapped = row->wrapped && rect.right < grid->columns;
	touch(grid, row);
}

static int clamp(int value, int limit)
{
	return value > limit ? limit : value < -limit ? -limit : value;
}

void grid_scroll(struct grid *grid, struct grid_rect rect, int up, int left, uint32_t pen)
{
	if (!grid_clip(grid, &rect))
		return;
	up = clamp(up, rect.bottom - rect.top);
	left = clamp(left, rect.right - rect.left);
	if (up && rect.left == 0 && rect.right == grid->columns)
		scroll_rows(grid, rect, up, pen);
	else if (up)
		scroll_cells(grid, rect, up, pen);
	for (int i = rect.top; left && i < rect.bottom; i++)
		shift_row(grid, row_at(grid, i), rect, left, pen);
}
