/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid_impl.h"

#include "core/base/alloc.h"
#include "core/terminal/row_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16		/* cells written at once, so that a compiler can use vectors */
#define FIRST 16	/* cells of a row that gets its first */

void grid_init(struct grid *grid, int rows, int columns, size_t scrollback)
{
	assert(rows > 0 && columns > 0);
	*grid = (struct grid){ .rows = rows, .columns = columns, .scrollback = scrollback };
	grid->ring = mem_array((size_t)rows, sizeof(*grid->ring));
	for (int i = 0; i < rows; i++)
		touch(grid, row_at(grid, i));
}

void grid_finish(struct grid *grid)
{
	for (int i = 0; i < grid->rows; i++)
		free(grid->ring[i].cells);
	free(grid->ring);
	row_store_free(grid->store);
	*grid = (struct grid){ 0 };
}

size_t grid_bytes(const struct grid *grid)
{
	size_t bytes = (size_t)grid->rows * sizeof(*grid->ring) + row_store_bytes(grid->store);

	for (int i = 0; i < grid->rows; i++)
		bytes += (size_t)grid->ring[i].capacity * sizeof(struct grid_cell);
	return bytes;
}

static bool is_inside(const struct grid *grid, int row)
{
	return row >= 0 && row < grid->rows;
}

const struct grid_row *grid_row(const struct grid *grid, int row)
{
	if (is_inside(grid, row))
		return row_at(grid, row);
	if (row >= 0 || (size_t)-(ptrdiff_t)row > grid->history)
		return NULL;
	return row_store_row(grid->store, grid->history - (size_t)-(ptrdiff_t)row);
}

struct grid_cell grid_cell(const struct grid *grid, const struct grid_row *row, int column)
{
	if (column < 0 || column >= grid->columns || column >= row->used)
		return (struct grid_cell){ .text = 0, .pen = row->fill };
	return row->cells[column];
}

void row_grow(struct grid_row *row, int columns)
{
	int capacity = row->capacity ? row->capacity * 2 : FIRST;

	if (capacity < columns)
		capacity = columns;
	row->cells = mem_resize(row->cells, (size_t)capacity, sizeof(*row->cells));
	row->capacity = capacity;
}

void row_fill(struct grid_row *row, int end)
{
	row_make_room(row, end);
	for (int i = row->used; i < end; i++)
		row->cells[i] = (struct grid_cell){ .text = 0, .pen = row->fill };
	if (row->used < end)
		row->used = end;
}

void row_trim(struct grid_row *row, int columns)
{
	if (row->used <= columns)
		return;
	split_wide(row, columns);
	row->used = columns;
}

/* Makes columns real that are about to be written; mostly they begin where the row ends. */
static inline void open_columns(struct grid *grid, struct grid_row *row, int column, int count)
{
	touch(grid, row);
	if (column < row->used) {
		row_trim(row, grid->columns);
		split_wide(row, column);
		split_wide(row, column + count);
	} else if (column > row->used) {
		row_fill(row, column);
	}
	if (row->used < column + count) {
		row_make_room(row, column + count);
		row->used = column + count;
	}
}

void grid_put(struct grid *grid, int row_number, int column, struct grid_cell cell, int width)
{
	struct grid_row *row;

	if (!is_inside(grid, row_number) || column < 0 || column >= grid->columns)
		return;
	if (width > grid->columns - column) {	/* no room for its right half */
		width = 1;
		cell.text = 0;
	}
	row = row_at(grid, row_number);
	open_columns(grid, row, column, width);
	row->cells[column] = cell;
	if (width == 2)
		row->cells[column + 1] = (struct grid_cell){ .text = GRID_TAIL, .pen = cell.pen };
}

static inline void write_block(struct grid_cell *restrict cells, const unsigned char *restrict text, int count, uint32_t pen)
{
	for (int i = 0; i < count; i++)
		cells[i] = (struct grid_cell){ .text = text[i], .pen = pen };
}

/* What is not a whole block is written from both ends: a loop of as many turns as there are cells is slow to end. */
static void write_run(struct grid_cell *cells, const unsigned char *text, int count, uint32_t pen)
{
	for (; count > BLOCK; count -= BLOCK) {
		write_block(cells, text, BLOCK, pen);
		cells += BLOCK;
		text += BLOCK;
	}
	if (count >= BLOCK / 2) {
		write_block(cells, text, BLOCK / 2, pen);
		write_block(cells + count - BLOCK / 2, text + count - BLOCK / 2, BLOCK / 2, pen);
	} else if (count >= BLOCK / 4) {
		write_block(cells, text, BLOCK / 4, pen);
		write_block(cells + count - BLOCK / 4, text + count - BLOCK / 4, BLOCK / 4, pen);
	} else {
		write_block(cells, text, count, pen);
	}
}

/* Opens columns of a row. Returns their first cell and how many fit, or NULL. */
static inline struct grid_cell *open_run(struct grid *grid, int row_number, int column, int *count)
{
	struct grid_row *row;

	if (!is_inside(grid, row_number) || column < 0 || column >= grid->columns)
		return NULL;
	if (*count > grid->columns - column)
		*count = grid->columns - column;
	if (*count <= 0)
		return NULL;
	row = row_at(grid, row_number);
	open_columns(grid, row, column, *count);
	return row->cells + column;
}

void grid_put_run(struct grid *grid, int row, int column, const unsigned char *text, int count, uint32_t pen)
{
	struct grid_cell *cells = open_run(grid, row, column, &count);

	if (cells)
		write_run(cells, text, count, pen);
}

void grid_put_text(struct grid *grid, int row, int column, const uint32_t *text, int count, uint32_t pen)
{
	int fits = count;
	struct grid_cell *cells = open_run(grid, row, column, &fits);

	if (!cells)
		return;
	for (int i = 0; i < fits; i++)
		cells[i] = (struct grid_cell){ .text = text[i], .pen = pen };
	/* Halves that have no other half in the run. */
	if (cells->text == GRID_TAIL)
		cells->text = 0;
	if (fits < count && text[fits] == GRID_TAIL)
		cells[fits - 1].text = 0;
}

void grid_fill(struct grid *grid, struct grid_rect rect, struct grid_cell cell)
{
	if (!grid_clip(grid, &rect))
		return;
	for (int i = rect.top; i < rect.bottom; i++) {
		struct grid_row *row = row_at(grid, i);

		open_columns(grid, row, rect.left, rect.right - rect.left);
		for (int j = rect.left; j < rect.right; j++)
			row->cells[j] = cell;
	}
}

struct grid_cell *grid_cells(struct grid *grid, int number, int *end, bool real)
{
	struct grid_row *row = row_at(grid, number);

	touch(grid, row);
	row_trim(row, grid->columns);
	if (real)
		row_fill(row, *end);
	else if (*end > row->used)
		*end = row->used;
	return row->cells;
}

static bool is_protected(uint32_t pen, const uint32_t (*side)[6])
{
	if (pen & GRID_RGB)
		pen = side[pen & ~GRID_RGB][2];
	return pen & GRID_PROTECTED;
}

static void erase_unprotected(struct grid_row *row, struct grid_rect rect, uint32_t pen, const uint32_t (*side)[6])
{
	row_fill(row, rect.right);
	for (int i = rect.left; i < rect.right; i++) {
		if (is_protected(row->cells[i].pen, side))
			continue;
		split_wide(row, i);
		split_wide(row, i + 1);
		row->cells[i] = (struct grid_cell){ .text = 0, .pen = pen };
	}
}

/* Up to the last column: what follows `used` is blank anyway. */
static inline void erase_right(struct grid_row *row, int left, uint32_t pen)
{
	split_wide(row, left);
	if (row->fill != pen)
		row_fill(row, left);
	if (row->used > left)
		row->used = left;
	row->fill = pen;
	row->wrapped = false;
}

void row_erase(struct grid_row *row, const struct grid *grid, int left, int right, uint32_t pen)
{
	row_trim(row, grid->columns);
	if (right == grid->columns) {
		erase_right(row, left, pen);
		return;
	}
	split_wide(row, left);
	split_wide(row, right);
	if (row->fill == pen && right > row->used)
		right = row->used;
	row_fill(row, right);
	for (int i = left; i < right; i++)
		row->cells[i] = (struct grid_cell){ .text = 0, .pen = pen };
}

bool grid_clip(const struct grid *grid, struct grid_rect *rect)
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
	if (!grid_clip(grid, &rect))
		return;
	if (rect.top == 0 && rect.left == 0 && rect.right == grid->columns)
		row_store_end_line(grid->store);
	for (int i = rect.top; i < rect.bottom; i++) {
		struct grid_row *row = row_at(grid, i);

		touch(grid, row);
		if (keep_protected) {
			row_trim(row, grid->columns);
			erase_unprotected(row, rect, pen, side);
			row->wrapped = row->wrapped && rect.right < grid->columns;
		} else {
			row_erase(row, grid, rect.left, rect.right, pen);
		}
	}
}

void grid_erase_right(struct grid *grid, int number, int left, uint32_t pen)
{
	struct grid_row *row;

	assert(is_inside(grid, number) && left >= 0 && left < grid->columns);
	row = row_at(grid, number);
	if (number == 0 && left == 0)
		row_store_end_line(grid->store);
	touch(grid, row);
	if (row->used > grid->columns)
		row_trim(row, grid->columns);
	erase_right(row, left, pen);
}

void grid_set_wrapped(struct grid *grid, int row, bool wrapped)
{
	if (is_inside(grid, row))
		row_at(grid, row)->wrapped = wrapped;
}

void grid_touch(struct grid *grid, int row)
{
	if (is_inside(grid, row))
		touch(grid, row_at(grid, row));
}

void grid_store_row(struct grid *grid, const struct grid_row *row)
{
	if (grid->scrollback == 0)
		return;
	if (!grid->store)
		grid->store = row_store_new();
	if (grid->history == grid->scrollback)
		row_store_evict(grid->store);
	else
		grid->history++;
	row_store_push(grid->store, row);
}

void grid_push_row(struct grid *grid, uint32_t pen)
{
	struct grid_row *row = &grid->ring[grid->top];

	grid_store_row(grid, row);
	clear_row(grid, row, pen);
	grid->scrolled++;
	if (++grid->top == grid->rows)
		grid->top = 0;
}

void grid_forget(struct grid *grid)
{
	row_store_free(grid->store);
	grid->store = NULL;
	grid->history = 0;
}

void grid_mark(const struct grid *grid, struct side *marks, struct side *pens)
{
	row_store_mark(grid->store, marks, pens);
	for (int i = 0; i < grid->rows; i++) {
		const struct grid_row *row = &grid->ring[i];

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
