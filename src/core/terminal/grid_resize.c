/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid_impl.h"

#include "core/base/alloc.h"
#include "core/terminal/row_store.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A blank at the end of a line that nobody would miss. */
static bool is_plain_blank(struct grid_cell cell)
{
	return cell.pen == 0 && (cell.text == 0 || cell.text == ' ');
}

static int content_length(const struct grid_row *row)
{
	int length = row->used;

	while (length > 0 && is_plain_blank(row->cells[length - 1]))
		length--;
	return length;
}

static int blank_below(const struct grid *grid, int cursor_row)
{
	int row = grid->rows;

	while (row > 1 && row - 1 > cursor_row && content_length(row_at(grid, row - 1)) == 0)
		row--;
	return grid->rows - row;
}

/* The ring becomes one of `rows` rows, the first of which is what was row `first`; those before it have no cells any more. */
static void rebuild(struct grid *grid, int rows, int first)
{
	struct grid_row *ring = mem_array((size_t)rows, sizeof(*ring));

	for (int i = 0; i < grid->rows; i++) {
		struct grid_row *row = row_at(grid, i);

		if (i >= first && i - first < rows)
			ring[i - first] = *row;
		else
			free(row->cells);
	}
	free(grid->ring);
	grid->ring = ring;
	grid->rows = rows;
	grid->top = 0;
}

static void shrink(struct grid *grid, int rows, int shift)
{
	for (int i = 0; i < shift; i++)
		grid_store_row(grid, row_at(grid, i));
	rebuild(grid, rows, shift);
}

static void grow(struct grid *grid, int rows, int gained)
{
	rebuild(grid, rows, -gained);
	for (int i = gained - 1; i >= 0; i--)
		row_store_pop(grid->store, row_at(grid, i));
	grid->history -= (size_t)gained;
}

int grid_resize(struct grid *grid, int rows, int columns, int cursor_row)
{
	int shift = 0;

	assert(rows > 0 && columns > 0);
	if (rows < grid->rows) {
		shift = grid->rows - rows - blank_below(grid, cursor_row);
		if (shift < 0)
			shift = 0;
		shrink(grid, rows, shift);
	} else if (rows > grid->rows) {
		size_t gained = (size_t)(rows - grid->rows);

		shift = -(int)(gained < grid->history ? gained : grid->history);
		grow(grid, rows, -shift);
	}
	grid->scrolled += (uint64_t)(int64_t)shift;
	grid->columns = columns;
	for (int i = 0; i < rows; i++)
		touch(grid, row_at(grid, i));
	return -shift;
}

/*
 * Reflow. Rows are read from the oldest on and written to a new store, the
 * screen's as well; those of the new screen are taken back from its end.
 */

struct place {
	int64_t row;		/* number of a row that was written */
	int column;
};

struct reflow {
	struct grid *grid;
	struct row_store *store;
	size_t limit;		/* rows that it may hold */
	struct grid_row out;	/* being filled; blank cells behind are not written */
	int columns;
	int64_t written;
	const struct grid_point *points;
	struct place *places;	/* of the points */
	size_t count;
};

static void write_row(struct reflow *flow, bool wrapped)
{
	flow->out.wrapped = wrapped;
	touch(flow->grid, &flow->out);
	row_store_push(flow->store, &flow->out);
	if (row_store_count(flow->store) > flow->limit)
		row_store_evict(flow->store);
	flow->written++;
	flow->out.used = 0;
}

/* Cells [from, to) of the row `source` now begin at `column` of the row that is written next. */
static void follow(struct reflow *flow, int source, int from, int to, int column)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct grid_point *point = &flow->points[i];

		if (point->row == source && point->column >= from && point->column < to)
			flow->places[i] = (struct place){ flow->written, column + point->column - from };
	}
}

/* Points behind the last cell of a row: as far behind it as there is room. */
static void follow_behind(struct reflow *flow, int source, int length)
{
	for (size_t i = 0; i < flow->count; i++) {
		int64_t behind = (int64_t)flow->points[i].column - length;

		if (flow->points[i].row != source || behind < 0)
			continue;
		if (behind > 0 && behind > flow->columns - 1 - flow->out.used)
			behind = flow->columns - 1 - flow->out.used;
		flow->places[i] = (struct place){ flow->written, flow->out.used + (int)behind };
	}
}

static void append(struct reflow *flow, int source, const struct grid_row *row, int length)
{
	struct grid_row *out = &flow->out;

	for (int at = 0; at < length;) {
		int room = flow->columns - out->used, count = room < length - at ? room : length - at;

		if (count > 0 && at + count < length && row->cells[at + count].text == GRID_TAIL)
			count--;
		if (count > 0) {
			row_make_room(out, out->used + count);
			memcpy(out->cells + out->used, row->cells + at, (size_t)count * sizeof(*out->cells));
			follow(flow, source, at, at + count, out->used);
			out->used += count;
			at += count;
		} else if (out->used > 0) {
			write_row(flow, true);
		} else {	/* a wide character on a screen of one column */
			row_make_room(out, 1);
			out->cells[0] = (struct grid_cell){ .text = 0, .pen = row->cells[at].pen };
			follow(flow, source, at, at + 1, 0);
			follow(flow, source, at + 1, at + 2, 0);
			out->used = 1;
			at += 2;
		}
	}
}

static bool begins_wide(const struct grid_row *row)
{
	return row && row->used > 1 && row->cells[1].text == GRID_TAIL;
}

/* Columns of a row that are part of its line. */
static int line_length(const struct reflow *flow, const struct grid_row *row, int number, bool joins)
{
	const struct grid_point *cursor = flow->count ? &flow->points[0] : NULL;
	int length = row->used;

	if (joins) {	/* the last column is blank where a wide character had no room */
		if (length == flow->grid->columns && row->cells[length - 1].text == 0
		    && begins_wide(grid_row(flow->grid, number + 1)))
			length--;
		return length;
	}
	length = content_length(row);
	/* Spaces in front of the cursor have been typed. */
	if (cursor && cursor->row == number && cursor->column > length)
		length = cursor->column < row->used ? cursor->column : row->used;
	return length;
}

static void reflow_row(struct reflow *flow, int number, bool is_last)
{
	const struct grid_row *row = grid_row(flow->grid, number);
	bool joins = row->wrapped && !is_last;
	int length = line_length(flow, row, number, joins);

	append(flow, number, row, length);
	follow_behind(flow, number, length);
	if (joins)
		return;
	flow->out.fill = row->fill;
	write_row(flow, false);
	flow->out.fill = 0;
}

static int64_t maximum(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The store becomes the history, but for the rows from `top` on, which become the screen. */
static void take_back(struct reflow *flow, int rows, int64_t top)
{
	struct grid *grid = flow->grid;
	int shown = (int)(flow->written - top);
	size_t before = grid->history;

	if (rows != grid->rows)
		rebuild(grid, rows, 0);
	grid->columns = flow->columns;
	for (int i = shown; i < rows; i++)
		clear_row(grid, row_at(grid, i), 0);
	for (int i = shown - 1; i >= 0; i--)
		row_store_pop(flow->store, row_at(grid, i));
	while (row_store_count(flow->store) > grid->scrollback)
		row_store_evict(flow->store);
	row_store_free(grid->store);
	grid->store = flow->store;
	grid->history = row_store_count(flow->store);
	if (grid->history == 0)
		grid_forget(grid);
	grid->scrolled += grid->history - before;
	for (int i = 0; i < rows; i++)
		touch(grid, row_at(grid, i));
}

static void place_points(const struct reflow *flow, struct grid_point *points, size_t count, int64_t top)
{
	const struct grid *grid = flow->grid;
	int64_t oldest = -(int64_t)grid->history;

	for (size_t i = 0; i < count; i++) {
		int64_t row = flow->places[i].row - top;

		points[i].column = flow->places[i].column;
		if (row < oldest) {
			row = oldest;
			points[i].column = 0;
		}
		points[i].row = (int)(row < grid->rows ? row : grid->rows - 1);
	}
}

/* Rows below the last line stay below it; what was out of reach before is nearest to where it was. */
static void place_others(struct reflow *flow, int last)
{
	for (size_t i = 0; i < flow->count; i++) {
		const struct grid_point *point = &flow->points[i];
		int column = point->column < flow->columns ? point->column : flow->columns - 1;

		if (point->row > last)
			flow->places[i] = (struct place){ flow->written - 1 + point->row - last, column };
	}
}

/*
 * Rows below the last line stay blank as far as they are not needed: a narrower
 * or lower screen takes them first, and then the history gets what is too much.
 */
static int64_t new_top(const struct reflow *flow, int rows, int last, int64_t old_top)
{
	int64_t below = flow->grid->rows - 1 - last;

	below = maximum(0, below - maximum(0, flow->grid->rows - rows));
	below = maximum(0, below - maximum(0, flow->written - old_top - (last + 1)));
	return maximum(0, flow->written + below - rows);
}

static void reflow(struct grid *grid, int rows, int columns, struct grid_point *points, size_t count)
{
	int cursor = count ? points[0].row : -1, last;
	struct grid_point *from = mem_array(count + 1, sizeof(*from));
	struct reflow flow = {
		.grid = grid, .store = row_store_new(), .limit = grid->scrollback + (size_t)rows, .columns = columns,
		.points = from, .places = mem_array(count + 1, sizeof(*flow.places)), .count = count + 1,
	};
	int64_t top;

	if (cursor >= grid->rows)
		cursor = grid->rows - 1;
	for (last = grid->rows - 1; last > 0 && last > cursor; last--) {
		if (row_at(grid, last)->fill || content_length(row_at(grid, last)) > 0)
			break;
	}
	/* One point more: where the screen began. */
	if (count)
		memcpy(from, points, count * sizeof(*from));
	from[count] = (struct grid_point){ 0, 0 };
	for (size_t i = 0; i < count; i++) {
		if (from[i].column < 0)
			from[i].column = 0;
		if (from[i].column > grid->columns)
			from[i].column = grid->columns;
		/* What is above the oldest row stays above it. */
		flow.places[i].row = INT64_MIN / 2;
	}
	for (int i = -(int)grid->history; i <= last; i++)
		reflow_row(&flow, i, i == last);
	place_others(&flow, last);
	top = new_top(&flow, rows, last, flow.places[count].row);
	take_back(&flow, rows, top);
	place_points(&flow, points, count, top);
	free(flow.out.cells);
	free(flow.places);
	free(from);
}

void grid_reflow(struct grid *grid, int rows, int columns, struct grid_point *points, size_t count)
{
	int moved;

	assert(rows > 0 && columns > 0);
	if (columns != grid->columns) {
		reflow(grid, rows, columns, points, count);
		return;
	}
	moved = grid_resize(grid, rows, columns, count ? points[0].row : -1);
	for (size_t i = 0; i < count; i++) {
		int64_t row = (int64_t)points[i].row + moved;

		points[i].row = (int)(row < rows ? maximum(row, -(int64_t)grid->history) : rows - 1);
	}
}
