/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid_impl.h"
#include "core/base/alloc.h"
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

/* Readies columns of a row for being overwritten; what the edges cut becomes blank. */
static void open_cells(struct grid *grid, struct grid_row *row, int left, int right)
{
	row_trim(row, grid->columns);
	row_fill(row, right);
	split_wide(row, left);
	split_wide(row, right);
	row->wrapped = row->wrapped && right < grid->columns;
	touch(grid, row);
}

/* Between margins at the sides only cells move. */
static void scroll_cells(struct grid *grid, struct grid_rect rect, int up, uint32_t pen)
{
	int height = rect.bottom - rect.top;

	for (int i = rect.top; i < rect.bottom; i++)
		open_cells(grid, row_at(grid, i), rect.left, rect.right);
	for (int i = 0; i < height; i++) {
		int to = up > 0 ? rect.top + i : rect.bottom - 1 - i, from = to + up;

		if (from >= rect.top && from < rect.bottom)
			memcpy(row_at(grid, to)->cells + rect.left, row_at(grid, from)->cells + rect.left,
			       (size_t)(rect.right - rect.left) * sizeof(struct grid_cell));
		else
			row_erase(row_at(grid, to), grid, rect.left, rect.right, pen);
	}
}

/* A copy of cells [left, right) of a row, without halves of wide characters. */
static void lift_cells(const struct grid *grid, const struct grid_row *row, int left, int right, struct grid_cell *out)
{
	for (int i = left; i < right; i++)
		out[i - left] = grid_cell(grid, row, i);
	if (out->text == GRID_TAIL)
		out->text = 0;
	if (right < row->used && row->cells[right].text == GRID_TAIL)
		out[right - left - 1].text = 0;
}

void grid_copy(struct grid *grid, struct grid_rect from, int row, int column)
{
	struct grid_cell *cells;
	int height, width;

	if (!grid_clip(grid, &from) || row < 0 || row >= grid->rows || column < 0 || column >= grid->columns)
		return;
	height = from.bottom - from.top < grid->rows - row ? from.bottom - from.top : grid->rows - row;
	width = from.right - from.left < grid->columns - column ? from.right - from.left : grid->columns - column;
	cells = mem_array((size_t)width, sizeof(*cells));
	for (int i = 0; i < height; i++) {
		int at = row > from.top ? height - 1 - i : i;
		struct grid_row *to = row_at(grid, row + at);

		lift_cells(grid, row_at(grid, from.top + at), from.left, from.left + width, cells);
		open_cells(grid, to, column, column + width);
		memcpy(to->cells + column, cells, (size_t)width * sizeof(*cells));
	}
	free(cells);
}

static void shift_row(struct grid *grid, struct grid_row *row, struct grid_rect rect, int left, uint32_t pen)
{
	int keep = rect.right - rect.left - abs(left);
	struct grid_cell *cells;

	open_cells(grid, row, rect.left, rect.right);
	cells = row->cells + rect.left;
	if (left > 0) {
		split_wide(row, rect.left + left);
		memmove(cells, cells + left, (size_t)keep * sizeof(*cells));
		cells[keep].text = 0;	/* a right half there is one no more, its left half has moved */
		row_erase(row, grid, rect.right - left, rect.right, pen);
	} else {
		split_wide(row, rect.right + left);
		memmove(cells - left, cells, (size_t)keep * sizeof(*cells));
		row_erase(row, grid, rect.left, rect.left - left, pen);
	}
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
