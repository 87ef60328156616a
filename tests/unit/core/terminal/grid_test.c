/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* The same screen in the plainest way: every cell moved, history a list. */
#define MOST 12
#define LINES 4000

struct model {
	char screen[MOST][MOST];
	char history[LINES][MOST];
	int lines, kept, rows, columns;
};

struct random {
	uint64_t state;
};

static int draw(struct random *random, int below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (int)((random->state >> 33) % (unsigned)below);
}

static void model_scroll(struct model *model, int top, int bottom, int up)
{
	for (; up > 0; up--) {
		if (top == 0) {
			memcpy(model->history[model->lines++], model->screen[0], MOST);
			model->kept++;
		}
		memmove(model->screen[top], model->screen[top + 1], (size_t)(bottom - top - 1) * MOST);
		memset(model->screen[bottom - 1], 0, MOST);
	}
	for (; up < 0; up++) {
		memmove(model->screen[top + 1], model->screen[top], (size_t)(bottom - top - 1) * MOST);
		memset(model->screen[top], 0, MOST);
	}
}

static void assert_same(const struct grid *grid, struct model *model)
{
	if (model->kept > (int)grid->scrollback)
		model->kept = (int)grid->scrollback;
	assert_int_equal(grid->history, model->kept);
	for (int r = -model->kept; r < model->rows; r++) {
		const char *want = r < 0 ? model->history[model->lines + r] : model->screen[r];
		const struct grid_row *row = grid_row(grid, r);

		assert_non_null(row);
		for (int c = 0; c < model->columns; c++)
			assert_int_equal(grid_cell(grid, row, c).text, want[c]);
	}
	assert_null(grid_row(grid, -model->kept - 1));
	assert_null(grid_row(grid, model->rows));
}

static void scroll_both(struct grid *grid, struct model *model, struct random *random)
{
	int top = draw(random, 2) ? 0 : draw(random, model->rows);
	int bottom = draw(random, 2) ? model->rows : top + 1 + draw(random, model->rows - top);
	int up = draw(random, 2 * (bottom - top) + 1) - (bottom - top);

	grid_scroll(grid, (struct grid_rect){ top, bottom, 0, model->columns }, up, 0, 0);
	model_scroll(model, top, bottom, up);
}

static void shift_both(struct grid *grid, struct model *model, struct random *random)
{
	int row = draw(random, model->rows), left = draw(random, model->columns);
	int width = model->columns - left, by = draw(random, 2 * width + 1) - width;
	char *line = model->screen[row] + left, old[MOST];

	grid_scroll(grid, (struct grid_rect){ row, row + 1, left, model->columns }, 0, by, 0);
	memcpy(old, line, (size_t)width);
	for (int i = 0; i < width; i++)
		line[i] = i + by >= 0 && i + by < width ? old[i + by] : 0;
}

static void change_both(struct grid *grid, struct model *model, struct random *random)
{
	int row = draw(random, model->rows), column = draw(random, model->columns);
	int bottom = row + 1 + draw(random, model->rows - row), right = column + 1 + draw(random, model->columns - column);

	switch (draw(random, 6)) {
	case 0:
		grid_erase(grid, (struct grid_rect){ row, bottom, column, right }, 0, false, NULL);
		for (int r = row; r < bottom; r++)
			memset(model->screen[r] + column, 0, (size_t)(right - column));
		break;
	case 1:
		scroll_both(grid, model, random);
		break;
	case 2:
		shift_both(grid, model, random);
		break;
	default:
		model->screen[row][column] = (char)('a' + draw(random, 26));
		grid_put(grid, row, column, (struct grid_cell){ .text = (uint32_t)model->screen[row][column] }, 1);
	}
}

static void grid_is_what_moving_every_cell_would_give(void **state)
{
	(void)state;
	static struct model model;

	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		struct grid grid;

		memset(&model, 0, sizeof(model));
		model.rows = 1 + draw(&random, MOST);
		model.columns = 1 + draw(&random, MOST);
		grid_init(&grid, model.rows, model.columns, (size_t)draw(&random, 6));
		for (int i = 0; i < 200; i++) {
			change_both(&grid, &model, &random);
			assert_same(&grid, &model);
		}
		grid_finish(&grid);
	}
}

static void write_number(struct grid *grid, int row, int number)
{
	grid_put(grid, row, 0, (struct grid_cell){ .text = (uint32_t)number }, 1);
}

/* Whatever the sizes: lines stay in order, the cursor stays on its line, and none that fits is lost. */
static void resizing_keeps_the_lines_and_the_cursor_on_its_own(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 8; rows++) {
		for (int to = 1; to <= 8; to++) {
			for (int lines = rows; lines <= 12; lines++) {
				struct grid grid;
				int cursor, first;

				grid_init(&grid, rows, 4, 6);
				for (int i = 0; i < lines; i++) {
					if (i >= rows)
						grid_scroll(&grid, (struct grid_rect){ 0, rows, 0, 4 }, 1, 0, 0);
					write_number(&grid, i < rows ? i : rows - 1, i + 1);
				}
				cursor = rows - 1 + grid_resize(&grid, to, 4, rows - 1);
				assert_in_range(cursor, 0, to - 1);
				assert_int_equal(grid_cell(&grid, grid_row(&grid, cursor), 0).text, lines);
				first = cursor - lines + 1 > -(int)grid.history ? cursor - lines + 1 : -(int)grid.history;
				for (int r = first; r <= cursor; r++)
					assert_int_equal(grid_cell(&grid, grid_row(&grid, r), 0).text, lines - (cursor - r));
				assert_true(cursor - first + 1 == lines || grid.history == 6 || cursor - first + 1 == rows + 6);
				grid_finish(&grid);
			}
		}
	}
}

static void rectangles_that_are_outside_or_inside_out_change_nothing(void **state)
{
	(void)state;
	static const struct grid_rect table[] = {
		{ 3, 3, 0, 4 }, { 2, 1, 0, 4 }, { 0, 3, 4, 4 }, { 0, 3, 3, 1 }, { -5, 0, 0, 4 }, { 3, 9, 0, 4 }, { 0, 3, 9, 12 },
	};
	struct grid grid;

	grid_init(&grid, 3, 4, 2);
	write_number(&grid, 1, 7);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		grid_erase(&grid, table[i], 0, false, NULL);
		grid_scroll(&grid, table[i], 1, 0, 0);
		grid_scroll(&grid, table[i], 0, -1, 0);
	}
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 1), 0).text, 7);
	assert_int_equal(grid.history, 0);
	grid_finish(&grid);
}

static void half_of_a_wide_character_never_stays(void **state)
{
	(void)state;
	for (int what = 0; what < 12; what++) {
		for (int column = 0; column < 7; column++) {
			struct grid grid;
			const struct grid_row *row;

			grid_init(&grid, 1, 8, 0);
			for (int i = what / 6; i < 7; i += 2)
				grid_put(&grid, 0, i, (struct grid_cell){ .text = 0x4e2d }, 2);
			switch (what % 6) {
			case 0:
				grid_put(&grid, 0, column, (struct grid_cell){ .text = 'x' }, 1);
				break;
			case 1:
				grid_put(&grid, 0, column, (struct grid_cell){ .text = 0x6587 }, 2);
				break;
			case 2:
				grid_erase(&grid, (struct grid_rect){ 0, 1, column, column + 1 }, 0, false, NULL);
				break;
			case 3:	/* a narrower screen, until it is written to */
				grid_resize(&grid, 1, column + 1, 0);
				grid_put(&grid, 0, 0, (struct grid_cell){ .text = 'x' }, 1);
				grid_resize(&grid, 1, 8, 0);
				break;
			default:
				grid_scroll(&grid, (struct grid_rect){ 0, 1, column, 8 }, 0, what % 6 == 4 ? 1 : -1, 0);
			}
			row = grid_row(&grid, 0);
			for (int i = 0; i < 8; i++) {
				uint32_t text = grid_cell(&grid, row, i).text, next = grid_cell(&grid, row, i + 1).text;

				assert_true((text == 0x4e2d || text == 0x6587) == (next == GRID_TAIL));
			}
			grid_finish(&grid);
		}
	}
}

/* W: wrapped; the history in front of a bar. */
static void assert_flags(const struct grid *grid, const char *name, const char *flags)
{
	char text[64], want[64];
	size_t len = (size_t)snprintf(text, sizeof(text), "%s: ", name);

	snprintf(want, sizeof(want), "%s: %s", name, flags);

	for (int i = -(int)grid->history; i < grid->rows; i++) {
		const struct grid_row *row = grid_row(grid, i);

		if (i == 0)
			text[len++] = '|';
		text[len++] = row->wrapped ? 'W' : '-';
	}
	text[len] = '\0';
	assert_string_equal(text, want);
}

static void flags_move_with_their_rows_and_end_where_rows_are_parted(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct grid_rect rect;
		int up, left;			/* both 0: erase */
		const char *want;
	} table[] = {
		{ "scroll", { 0, 4, 0, 6 }, 1, 0, "WW|W-W-" },
		{ "scroll twice", { 0, 4, 0, 6 }, 2, 0, "WWW|-W--" },
		{ "scroll all", { 0, 4, 0, 6 }, 9, 0, "WWW-W|----" },
		{ "scroll with a footer", { 0, 3, 0, 6 }, 1, 0, "WW|W--W" },
		{ "scroll a region", { 1, 3, 0, 6 }, 1, 0, "W|---W" },
		{ "scroll a region below a line", { 2, 4, 0, 6 }, 1, 0, "W|W-W-" },
		{ "scroll a region back", { 0, 2, 0, 6 }, -1, 0, "-|---W" },
		{ "scroll a region in the middle back", { 1, 4, 0, 6 }, -1, 0, "W|--W-" },
		{ "scroll between margins", { 0, 4, 1, 5 }, 1, 0, "W|WW-W" },
		{ "scroll right of a margin", { 0, 4, 1, 6 }, 1, 0, "W|----" },
		{ "erase", { 0, 4, 0, 6 }, 0, 0, "-|----" },
		{ "erase the end", { 0, 4, 4, 6 }, 0, 0, "W|----" },
		{ "erase before the end", { 0, 4, 0, 5 }, 0, 0, "W|WW-W" },
		{ "delete characters", { 1, 2, 3, 6 }, 0, 1, "W|W--W" },
		{ "insert characters", { 1, 2, 3, 6 }, 0, -1, "W|W--W" },
		{ "insert before a margin", { 1, 2, 3, 5 }, 0, -1, "W|WW-W" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct grid grid;

		grid_init(&grid, 4, 6, 9);
		grid_set_wrapped(&grid, 0, true);
		grid_scroll(&grid, (struct grid_rect){ 0, 4, 0, 6 }, 1, 0, 0);
		for (int r = 0; r < 4; r++)
			grid_set_wrapped(&grid, r, r != 2);
		assert_flags(&grid, "at first", "W|WW-W");
		if (table[i].up || table[i].left)
			grid_scroll(&grid, table[i].rect, table[i].up, table[i].left, 0);
		else
			grid_erase(&grid, table[i].rect, 0, false, NULL);
		assert_flags(&grid, table[i].name, table[i].want);
		grid_finish(&grid);
	}
}

static void text_of_any_width_is_what_its_characters_are(void **state)
{
	(void)state;
	static const uint32_t text[] = { 'a', 0x4e2d, GRID_TAIL, 0x416, 0x4e2d, GRID_TAIL };
	struct grid grid;

	grid_init(&grid, 1, 8, 0);
	grid_put_text(&grid, 0, 0, text + 2, 2, 0);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 0), 0).text, 0);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 0), 1).text, 0x416);
	grid_finish(&grid);

	for (int column = 0; column < 8; column++) {
		for (int count = 0; count <= 6; count++) {
			if (count == 2 || count == 5)
				continue;
			grid_init(&grid, 2, 8, 0);
			for (int row = 0; row < 2; row++)
				grid_put_run(&grid, row, 0, (const unsigned char *)"12345678", 8, 1);
			grid_put_text(&grid, 0, column, text, count, 5);
			for (int i = 0; i < count; i++) {
				int width = i + 1 < count && text[i + 1] == GRID_TAIL ? 2 : 1;

				grid_put(&grid, 1, column + i, (struct grid_cell){ .text = text[i], .pen = 5 }, width);
				i += width - 1;
			}
			for (int i = 0; i < 8; i++) {
				struct grid_cell cell = grid_cell(&grid, grid_row(&grid, 0), i);
				struct grid_cell want = grid_cell(&grid, grid_row(&grid, 1), i);

				assert_memory_equal(&cell, &want, sizeof(cell));
			}
			grid_finish(&grid);
		}
	}
}

static void margins_at_the_sides_keep_what_is_outside(void **state)
{
	(void)state;
	static const char *const up[] = { "a23d", "e67h", "i  l" }, *const down[] = { "a  d", "e12h", "i56l" };
	static const unsigned char rows[3][4] = { "a12d", "e23h", "i67l" }, other[3][4] = { "a12d", "e56h", "i89l" };
	struct grid grid;

	for (int way = 1; way >= -1; way -= 2) {
		grid_init(&grid, 3, 4, 5);
		for (int r = 0; r < 3; r++)
			grid_put_run(&grid, r, 0, way > 0 ? rows[r] : other[r], 4, 0);
		grid_scroll(&grid, (struct grid_rect){ 0, 3, 1, 3 }, way, 0, 0);
		for (int r = 0; r < 3; r++) {
			for (int c = 0; c < 4; c++) {
				uint32_t text = grid_cell(&grid, grid_row(&grid, r), c).text;

				assert_int_equal(text ? text : ' ', (way > 0 ? up : down)[r][c]);
			}
		}
		assert_int_equal(grid.history, 0);
		grid_finish(&grid);
	}
}

static void a_copy_may_overlap_what_it_is_made_of(void **state)
{
	(void)state;
	static const unsigned char rows[4][6] = { "abcde", "fghij", "klmno", "pqrst" };

	for (int row = 0; row < 4; row++) {
		for (int column = 0; column < 5; column++) {
			struct grid grid;

			grid_init(&grid, 4, 5, 0);
			for (int r = 0; r < 4; r++)
				grid_put_run(&grid, r, 0, rows[r], 5, 0);
			grid_copy(&grid, (struct grid_rect){ 1, 3, 1, 4 }, row, column);
			for (int r = 0; r < 4; r++) {
				for (int c = 0; c < 5; c++) {
					bool copied = r >= row && r < row + 2 && c >= column && c < column + 3;
					int want = copied ? rows[r - row + 1][c - column + 1] : rows[r][c];

					assert_int_equal(grid_cell(&grid, grid_row(&grid, r), c).text, want);
				}
			}
			grid_finish(&grid);
		}
	}
}

static void side_table_shares_records_and_reuses_what_nobody_marks(void **state)
{
	(void)state;
	struct side side = { 0 };
	struct grid grid;
	struct side none = { 0 };
	uint32_t kept = 0, record[6] = { 0 };

	grid_init(&grid, 1, 4, 0);
	for (uint32_t i = 0; i < 100000; i++) {
		uint32_t index;

		record[0] = i;
		index = side_intern(&side, record);
		if (index == SIDE_FULL) {
			side_begin(&side);
			grid_mark(&grid, &side, &none);
			assert_true(side_end(&side));
			index = side_intern(&side, record);
		}
		assert_true(index != SIDE_FULL);
		assert_int_equal(side_intern(&side, record), index);
		if (i == 1000) {
			kept = index;
			grid_put(&grid, 0, 0, (struct grid_cell){ .text = GRID_MARKS | index }, 1);
		}
	}
	assert_int_equal(side.records[kept][0], 1000);
	assert_in_range(side.size, 1, 256);
	side_finish(&side);
	grid_finish(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grid_is_what_moving_every_cell_would_give),
		cmocka_unit_test(resizing_keeps_the_lines_and_the_cursor_on_its_own),
		cmocka_unit_test(rectangles_that_are_outside_or_inside_out_change_nothing),
		cmocka_unit_test(half_of_a_wide_character_never_stays),
		cmocka_unit_test(flags_move_with_their_rows_and_end_where_rows_are_parted),
		cmocka_unit_test(text_of_any_width_is_what_its_characters_are),
		cmocka_unit_test(margins_at_the_sides_keep_what_is_outside),
		cmocka_unit_test(a_copy_may_overlap_what_it_is_made_of),
		cmocka_unit_test(side_table_shares_records_and_reuses_what_nobody_marks),
	};

	return cmocka_run_group_tests_name("terminal grid", tests, NULL, NULL);
}
