/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct grid_row *row_at(const struct grid *grid, int row)
{
	size_t slot = grid->top + grid->slot_count + (size_t)(ptrdiff_t)row;

	/* top + count + row is under 3 * count, and mostly under 2. */
	while (slot >= grid->slot_count)
		slot -= grid->slot_count;
	return &grid->slots[slot];
}

static void touch(struct grid *grid, struct grid_row *row)
{
	row->version = ++grid->version;
}

static void clear_row(struct grid *grid, struct grid_row *row, uint32_t pen)
{
	row->used = 0;
	row->fill = pen;
	touch(grid, row);
}

static void clear_rows(struct grid *grid, int from, int to, uint32_t pen)
{
	for (int i = from; i < to; i++)
		clear_row(grid, row_at(grid, i), pen);
}

void grid_init(struct grid *grid, int rows, int columns, size_t scrollback)
{
	assert(rows > 0 && columns > 0);
	*grid = (struct grid){
		.rows = rows, .columns = columns, .scrollback = scrollback,
		.slot_count = scrollback + (size_t)rows,
	};
	grid->slots = mem_array(grid->slot_count, sizeof(*grid->slots));
	clear_rows(grid, 0, rows, 0);
}

void grid_finish(struct grid *grid)
{
	for (size_t i = 0; i < grid->slot_count; i++)
		free(grid->slots[i].cells);
	free(grid->slots);
	*grid = (struct grid){ 0 };
}

const struct grid_row *grid_row(const struct grid *grid, int row)
{
	if (row >= grid->rows || row < -(ptrdiff_t)grid->history)
		return NULL;
	return row_at(grid, row);
}

struct grid_cell grid_cell(const struct grid *grid, const struct grid_row *row, int column)
{
	if (column < 0 || column >= grid->columns || column >= row->used)
		return (struct grid_cell){ .text = 0, .pen = row->fill };
	return row->cells[column];
}

/* Make cells [0, end) real. */
static void fill_row(struct grid_row *row, int end)
{
	if (end > row->size) {
		int size = row->size ? row->size * 2 : 16;

		if (size < end)
			size = end;
		row->cells = mem_resize(row->cells, (size_t)size, sizeof(*row->cells));
		row->size = size;
	}
	for (int i = row->used; i < end; i++)
		row->cells[i] = (struct grid_cell){ .text = 0, .pen = row->fill };
	if (row->used < end)
		row->used = end;
}

/* What a narrower screen hid comes back only as long as nobody writes there. */
static void trim_row(const struct grid *grid, struct grid_row *row)
{
	if (row->used > grid->columns)
		row->used = grid->columns;
}

/* Blank the other half of a wide character that the boundary left of `column` cuts. */
static void split_wide(struct grid_row *row, int column)
{
	if (column > 0 && column < row->used && row->cells[column].text == GRID_TAIL) {
		row->cells[column].text = 0;
		row->cells[column - 1].text = 0;
	}
}

void grid_put(struct grid *grid, int row_number, int column, struct grid_cell cell, int width)
{
	if (row_number < 0 || row_number >= grid->rows || column < 0 || column >= grid->columns)
		return;

	struct grid_row *row = row_at(grid, row_number);

	touch(grid, row);
	if (width > grid->columns - column) {	/* no room for its right half */
		width = 1;
		cell.text = 0;
	}
	if (row->used < column + width)
		fill_row(row, column + width);
	split_wide(row, column);
	split_wide(row, column + width);
	row->cells[column] = cell;
	if (width == 2)
		row->cells[column + 1] = (struct grid_cell){ .text = GRID_TAIL, .pen = cell.pen };
}

void grid_put_run(struct grid *grid, int row_number, int column, const unsigned char *text, int count, uint32_t pen)
{
	struct grid_row *row = row_at(grid, row_number);

	assert(column >= 0 && count > 0 && count <= grid->columns - column);
	touch(grid, row);
	if (row->used < column + count)
		fill_row(row, column + count);
	split_wide(row, column);
	split_wide(row, column + count);
	for (int i = 0; i < count; i++)
		row->cells[column + i] = (struct grid_cell){ .text = text[i], .pen = pen };
}

static bool is_protected(uint32_t pen, const uint32_t (*side)[6])
{
	if (pen & GRID_RGB)
		pen = side[pen & ~GRID_RGB][2];
	return pen & GRID_PROTECTED;
}

static void erase_cells(struct grid_row *row, struct grid_rect rect, uint32_t pen)
{
	split_wide(row, rect.left);
	split_wide(row, rect.right);
	for (int i = rect.left; i < rect.right; i++)
		row->cells[i] = (struct grid_cell){ .text = 0, .pen = pen };
}

static void erase_unprotected(struct grid_row *row, struct grid_rect rect, uint32_t pen, const uint32_t (*side)[6])
{
	fill_row(row, rect.right);
	for (int i = rect.left; i < rect.right; i++) {
		if (!is_protected(row->cells[i].pen, side))
			erase_cells(row, (struct grid_rect){ .left = i, .right = i + 1 }, pen);
	}
}

static void erase_in_row(struct grid *grid, struct grid_row *row, struct grid_rect rect, uint32_t pen)
{
	trim_row(grid, row);
	if (rect.left == 0 && rect.right == grid->columns) {
		row->used = 0;
		row->fill = pen;
	} else if (rect.right == grid->columns && row->fill == pen) {
		split_wide(row, rect.left);
		if (row->used > rect.left)
			row->used = rect.left;
	} else {
		fill_row(row, rect.right);
		erase_cells(row, rect, pen);
	}
}

/* false: nothing of it is inside. */
static bool clip(const struct grid *grid, struct grid_rect *rect)
{
	if (rect->top < 0)
		rect->top = 0;
	if (rect->left < 0)
		rect->left = 0;
	if (rect->bottom > grid->rows)
		rect->bottom = grid->rows;
	if (rect->right > grid->columns)
		rect->right = grid->columns;
	return rect->top < rect->bottom && rect->left < rect->right;
}

void grid_erase(struct grid *grid, struct grid_rect rect, uint32_t pen, bool keep_protected, const uint32_t (*side)[6])
{
	if (!clip(grid, &rect))
		return;
	for (int i = rect.top; i < rect.bottom; i++) {
		struct grid_row *row = row_at(grid, i);

		touch(grid, row);
		if (keep_protected)
			erase_unprotected(row, rect, pen, side);
		else
			erase_in_row(grid, row, rect, pen);
	}
}

static void reverse(struct grid *grid, int from, int to)
{
	while (from < --to) {
		struct grid_row *a = row_at(grid, from++), *b = row_at(grid, to), row = *a;

		*a = *b;
		*b = row;
	}
}

/* Move the rows [from, to) up by `by`, those at the top to the bottom. */
static void rotate(struct grid *grid, int from, int to, int by)
{
	reverse(grid, from, from + by);
	reverse(grid, from + by, to);
	reverse(grid, from, to);
}

/* Rows leave at the top of the screen: the ring turns, and rows below the region are put back. */
static void scroll_away(struct grid *grid, int bottom, int by, uint32_t pen)
{
	grid->top = (grid->top + (size_t)by) % grid->slot_count;
	grid->history += (size_t)by;
	grid->scrolled += (uint64_t)by;
	if (grid->history > grid->scrollback)
		grid->history = grid->scrollback;
	clear_rows(grid, grid->rows - by, grid->rows, pen);
	if (bottom < grid->rows)
		rotate(grid, bottom - by, grid->rows, grid->rows - bottom);
}

static void scroll_rows(struct grid *grid, struct grid_rect rect, int up, uint32_t pen)
{
	int height = rect.bottom - rect.top;

	if (up >= 0 && rect.top == 0) {
		scroll_away(grid, rect.bottom, up, pen);
	} else if (up >= 0) {
		rotate(grid, rect.top, rect.bottom, up);
		clear_rows(grid, rect.bottom - up, rect.bottom, pen);
	} else {
		rotate(grid, rect.top, rect.bottom, height + up);
		clear_rows(grid, rect.top, rect.top - up, pen);
	}
}

static void shift_row(struct grid *grid, struct grid_row *row, struct grid_rect rect, int left, uint32_t pen)
{
	int width = rect.right - rect.left, keep = width - abs(left);
	struct grid_cell *cells;

	fill_row(row, grid->columns);
	split_wide(row, rect.left);
	split_wide(row, rect.right);
	cells = row->cells + rect.left;
	if (left > 0) {
		split_wide(row, rect.left + left);
		memmove(cells, cells + left, (size_t)keep * sizeof(*cells));
		erase_cells(row, (struct grid_rect){ .left = rect.right - left, .right = rect.right }, pen);
	} else {
		split_wide(row, rect.right + left);
		memmove(cells - left, cells, (size_t)keep * sizeof(*cells));
		erase_cells(row, (struct grid_rect){ .left = rect.left, .right = rect.left - left }, pen);
	}
	touch(grid, row);
}

static void shift_columns(struct grid *grid, struct grid_rect rect, int left, uint32_t pen)
{
	for (int i = rect.top; i < rect.bottom; i++) {
		struct grid_row *row = row_at(grid, i);

		trim_row(grid, row);
		shift_row(grid, row, rect, left, pen);
	}
}

static int clamp(int value, int limit)
{
	return value > limit ? limit : value < -limit ? -limit : value;
}

void grid_scroll(struct grid *grid, struct grid_rect rect, int up, int left, uint32_t pen)
{
	if (!clip(grid, &rect))
		return;
	/* libvterm has no margins at the sides here (the guard keeps them off), so rows are whole. */
	if (up)
		scroll_rows(grid, rect, clamp(up, rect.bottom - rect.top), pen);
	if (left)
		shift_columns(grid, rect, clamp(left, rect.right - rect.left), pen);
}

void grid_touch(struct grid *grid, int row)
{
	touch(grid, row_at(grid, row));
}

void grid_forget(struct grid *grid)
{
	for (int i = 1; i <= (ptrdiff_t)grid->history; i++) {
		struct grid_row *row = row_at(grid, -i);

		free(row->cells);
		*row = (struct grid_row){ 0 };
	}
	grid->history = 0;
}

static int blank_below(const struct grid *grid, int cursor_row)
{
	int row = grid->rows;

	while (row - 1 > cursor_row && row_at(grid, row - 1)->used == 0)
		row--;
	return grid->rows - row;
}

/* A new ring in which the screen begins `shift` rows lower (in the old rows' numbers). */
static void rebuild(struct grid *grid, int rows, int shift)
{
	size_t count = grid->scrollback + (size_t)rows;
	struct grid_row *slots = mem_array(count, sizeof(*slots));
	ptrdiff_t first = -(ptrdiff_t)grid->history, last = grid->rows;

	if (first < shift - (ptrdiff_t)grid->scrollback)
		first = shift - (ptrdiff_t)grid->scrollback;
	if (last > rows + shift)
		last = rows + shift;
	for (ptrdiff_t i = first; i < last; i++) {
		struct grid_row *old = row_at(grid, (int)i);

		slots[(size_t)(i - shift + (ptrdiff_t)count) % count] = *old;
		*old = (struct grid_row){ 0 };
	}
	for (size_t i = 0; i < grid->slot_count; i++)
		free(grid->slots[i].cells);
	free(grid->slots);
	grid->slots = slots;
	grid->slot_count = count;
	grid->top = 0;
	grid->history = first < shift ? (size_t)(shift - first) : 0;
	grid->rows = rows;
}

int grid_resize(struct grid *grid, int rows, int columns, int cursor_row)
{
	int shift = 0;

	assert(rows > 0 && columns > 0);
	if (rows < grid->rows) {
		shift = grid->rows - rows - blank_below(grid, cursor_row);
		if (shift < 0)
			shift = 0;
	} else if (grid->history > 0) {
		size_t gained = (size_t)(rows - grid->rows);

		shift = -(int)(gained < grid->history ? gained : grid->history);
	}
	if (rows != grid->rows)
		rebuild(grid, rows, shift);
	grid->scrolled += (uint64_t)(int64_t)shift;
	grid->columns = columns;
	for (int i = 0; i < rows; i++)
		touch(grid, row_at(grid, i));
	return -shift;
}

void grid_mark(const struct grid *grid, struct side *marks, struct side *pens)
{
	for (size_t i = 0; i < grid->slot_count; i++) {
		const struct grid_row *row = &grid->slots[i];

		if (row->fill & GRID_RGB)
			pens->marked[row->fill & ~GRID_RGB] = true;
		for (int j = 0; j < row->used; j++) {
			if (row->cells[j].text & GRID_MARKS)
				marks->marked[row->cells[j].text & ~GRID_MARKS] = true;
			if (row->cells[j].pen & GRID_RGB)
				pens->marked[row->cells[j].pen & ~GRID_RGB] = true;
		}
	}
}
