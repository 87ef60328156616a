/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define WIDE 0x4e2du

/*
 * A grid as text: `/` ends a row, `+` one that continues on the next, `^` one at the bottom of the history (`>` if it
 * continues). `W_` is a wide character, `.` a blank that is not at the end of its row.
 */
static void to_text(const struct grid *grid, char *out)
{
	for (int r = -(int)grid->history; r < grid->rows; r++) {
		const struct grid_row *row = grid_row(grid, r);
		int end = row->used < grid->columns ? row->used : grid->columns;

		while (end > 0 && row->cells[end - 1].text == 0 && row->cells[end - 1].pen == 0)
			end--;
		for (int c = 0; c < end; c++) {
			uint32_t text = row->cells[c].text;

			*out++ = (char)(text == WIDE ? 'W' : text == GRID_TAIL ? '_' : text == 0 ? '.' : text);
		}
		*out++ = r == -1 ? row->wrapped ? '>' : '^' : row->wrapped ? '+' : '/';
	}
	*out = '\0';
}

/* Writes rows as in to_text; more than fit scroll. */
static void from_text(struct grid *grid, const char *text)
{
	int row = 0, column = 0;

	for (; *text; text++) {
		if (strchr("/+^>", *text)) {
			grid_set_wrapped(grid, row, *text == '+' || *text == '>');
			if (row + 1 == grid->rows && text[1])
				grid_scroll(grid, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, 1, 0, 0);
			else
				row++;
			column = 0;
		} else if (*text == 'W') {
			grid_put(grid, row, column, (struct grid_cell){ .text = WIDE }, 2);
			column += 2;
		} else if (*text != '_') {
			grid_put(grid, row, column++, (struct grid_cell){ .text = *text == '.' ? 0 : (uint32_t)*text }, 1);
		}
	}
}

static void lines_are_wrapped_at_the_new_width(void **state)
{
	(void)state;
	static const struct {
		const char *before;
		int rows, columns;
		struct grid_point cursor;
		int to_rows, to_columns;
		const char *after;
		struct grid_point moved;
	} table[] = {
		/* wider: joined; narrower: cut; without the flag, rows stay apart */
		{ "abcd+ef/gh//", 4, 4, { 2, 2 }, 4, 8, "abcdef/gh///", { 1, 2 } },
		{ "abcdef/gh///", 4, 8, { 1, 2 }, 4, 4, "abcd+ef/gh//", { 2, 2 } },
		{ "abcd/ef/gh//", 4, 4, { 2, 2 }, 4, 8, "abcd/ef/gh//", { 2, 2 } },
		/* what is too much becomes history, and comes back */
		{ "abcdef/gh/", 2, 8, { 1, 2 }, 2, 4, "abcd>ef/gh/", { 1, 2 } },
		{ "abcd>ef/gh/", 2, 4, { 1, 2 }, 2, 8, "abcdef/gh/", { 1, 2 } },
		{ "ab/cd^ef+g/", 2, 2, { 1, 1 }, 2, 3, "ab^cd/efg/", { 1, 3 } },
		/* blank rows below the cursor stay, and go first */
		{ "ab^cd///", 3, 4, { 0, 2 }, 3, 6, "ab^cd///", { 0, 2 } },
		{ "abcdef/gh//", 3, 6, { 1, 2 }, 3, 3, "abc+def/gh/", { 2, 2 } },
		{ "abcdef/gh///", 4, 6, { 1, 2 }, 2, 3, "abc>def/gh/", { 1, 2 } },
		{ "ab/cd^ef/gh/", 2, 4, { 1, 2 }, 3, 5, "ab^cd/ef/gh/", { 2, 2 } },
		/* wide characters move as a whole */
		{ "aW_W_/", 1, 5, { 0, 1 }, 1, 4, "aW_>W_/", { -1, 1 } },
		{ "aW_+W_/", 2, 4, { 1, 0 }, 2, 5, "aW_W_//", { 0, 3 } },
		{ "aW_+W_//", 3, 4, { 1, 1 }, 3, 2, "a+W_+W_/", { 2, 1 } },
		{ "aW_b/", 1, 5, { 0, 0 }, 4, 1, "a++b//", { 0, 0 } },
		/* a cursor behind the text, spaces that were typed, a pending wrap */
		{ "ab///", 3, 9, { 0, 7 }, 3, 4, "ab///", { 0, 3 } },
		{ "ab   ///", 3, 9, { 0, 4 }, 3, 3, "ab + //", { 1, 1 } },
		{ "abc///", 3, 3, { 0, 3 }, 3, 5, "abc///", { 0, 3 } },
		{ "abcdef///", 3, 8, { 0, 6 }, 3, 3, "abc+def//", { 1, 3 } },
		{ "a/////", 5, 4, { 3, 2 }, 5, 2, "a/////", { 3, 1 } },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct grid_point cursor = table[i].cursor;
		char text[256], want[256];
		struct grid grid;

		grid_init(&grid, table[i].rows, table[i].columns, 10);
		from_text(&grid, table[i].before);
		grid_reflow(&grid, table[i].to_rows, table[i].to_columns, &cursor, 1);
		to_text(&grid, text);
		snprintf(want, sizeof(want), "%zu: %s %d,%d", i, table[i].after, table[i].moved.row, table[i].moved.column);
		snprintf(text + strlen(text), 32, " %d,%d", cursor.row, cursor.column);
		assert_string_equal(text, strchr(want, ' ') + 1);
		grid_finish(&grid);
	}
}

static void pens_and_coloured_blanks_are_content(void **state)
{
	(void)state;
	struct grid grid;
	struct grid_point cursor = { 0, 0 };

	grid_init(&grid, 3, 6, 10);
	grid_put_run(&grid, 0, 0, (const unsigned char *)"abc", 3, 5);
	grid_erase(&grid, (struct grid_rect){ 0, 1, 3, 5 }, 9, false, NULL);
	grid_erase(&grid, (struct grid_rect){ 1, 2, 0, 6 }, 7, false, NULL);
	grid_reflow(&grid, 3, 2, &cursor, 1);
	assert_int_equal(grid.history, 1);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, -1), 1).pen, 5);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 0), 0).pen, 5);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 0), 1).pen, 9);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 1), 0).pen, 9);
	assert_int_equal(grid_cell(&grid, grid_row(&grid, 1), 1).pen, 0);
	assert_int_equal(grid_row(&grid, 2)->fill, 7);
	grid_finish(&grid);
}

struct random {
	uint64_t state;
};

static int draw(struct random *random, int below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (int)((random->state >> 33) % (unsigned)below);
}

/* Lines of all lengths, wrapped as a terminal does it; no two characters of the grid are equal. Returns the cursor. */
static struct grid_point write_lines(struct grid *grid, struct random *random, int lines)
{
	struct grid_point at = { 0, 0 };
	uint32_t next = 0x10000;

	for (int i = 0; i < lines; i++) {
		for (int left = draw(random, 3 * grid->columns); left > 0; left--) {
			int width = draw(random, 4) == 0 && grid->columns > 1 ? 2 : 1;

			if (at.column + width > grid->columns) {
				grid_set_wrapped(grid, at.row, true);
				at = (struct grid_point){ at.row + 1, 0 };
			}
			if (at.row == grid->rows) {
				grid_scroll(grid, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, 1, 0, 0);
				at.row--;
			}
			grid_put(grid, at.row, at.column, (struct grid_cell){ .text = next++ }, width);
			at.column += width;
		}
		if (i + 1 < lines && ++at.row == grid->rows) {
			grid_scroll(grid, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, 1, 0, 0);
			at.row--;
		}
		if (i + 1 < lines)
			at.column = 0;
	}
	return at;
}

/* The characters from a row on, 0 between lines. Returns their number. */
static int to_lines(const struct grid *grid, uint32_t *out)
{
	int count = 0;

	for (int r = -(int)grid->history; r < grid->rows; r++) {
		const struct grid_row *row = grid_row(grid, r);

		for (int c = 0; c < row->used; c++) {
			if (row->cells[c].text != GRID_TAIL && row->cells[c].text)
				out[count++] = row->cells[c].text;
		}
		if (!row->wrapped)
			out[count++] = 0;
	}
	while (count > 0 && out[count - 1] == 0)
		count--;
	return count;
}

static uint32_t text_at(const struct grid *grid, struct grid_point point)
{
	const struct grid_row *row = grid_row(grid, point.row);

	assert_non_null(row);
	return grid_cell(grid, row, point.column < grid->columns ? point.column : grid->columns - 1).text;
}

static void lines_and_points_survive_any_number_of_widths(void **state)
{
	(void)state;
	static uint32_t before[20000], after[20000];

	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		struct grid_point points[6];
		uint32_t texts[6];
		struct grid grid;
		int count;

		grid_init(&grid, 1 + draw(&random, 10), 2 + draw(&random, 20), 4000);
		points[0] = write_lines(&grid, &random, 1 + draw(&random, 30));
		for (int i = 1; i < 6; i++)
			points[i] = (struct grid_point){ draw(&random, grid.rows + (int)grid.history) - (int)grid.history,
			                                 draw(&random, grid.columns) };
		for (int i = 0; i < 6; i++)
			texts[i] = text_at(&grid, points[i]);
		count = to_lines(&grid, before);
		for (int i = 0; i < 8; i++) {
			grid_reflow(&grid, 1 + draw(&random, 10), 2 + draw(&random, 30), points, 6);
			assert_int_equal(to_lines(&grid, after), count);
			assert_memory_equal(before, after, (size_t)count * sizeof(before[0]));
			assert_in_range(points[0].row, 0, grid.rows - 1);
			for (int k = 1; k < 6; k++) {
				if (texts[k])
					assert_int_equal(text_at(&grid, points[k]), texts[k]);
			}
		}
		grid_finish(&grid);
	}
}

static void a_limit_of_the_history_holds_and_lost_points_are_at_its_top(void **state)
{
	(void)state;
	static const struct grid_point want[] = { { 1, 0 }, { -5, 0 }, { -3, 1 }, { 1, 1 }, { -5, 0 } };
	struct grid_point points[] = { { 1, 0 }, { -5, 1 }, { -1, 1 }, { 99, 99 }, { -99, -99 } };
	struct grid grid;
	char text[128];

	grid_init(&grid, 2, 4, 5);
	from_text(&grid, "0123/4567/89ab/cdef/ghij^klmn/op/");
	grid_reflow(&grid, 2, 2, points, 5);
	to_text(&grid, text);
	assert_string_equal(text, "cd+ef/gh+ij/kl>mn/op/");
	assert_memory_equal(points, want, sizeof(want));
	grid_finish(&grid);
}

static void without_reflow_nothing_is_wrapped_and_hidden_cells_come_back(void **state)
{
	(void)state;
	struct grid grid;
	char text[64];

	grid_init(&grid, 2, 4, 5);
	from_text(&grid, "abcd+ef/");
	assert_int_equal(grid_resize(&grid, 2, 2, 1), 0);
	to_text(&grid, text);
	assert_string_equal(text, "ab+ef/");
	grid_resize(&grid, 2, 4, 1);
	to_text(&grid, text);
	assert_string_equal(text, "abcd+ef/");
	grid_finish(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_wrapped_at_the_new_width),
		cmocka_unit_test(pens_and_coloured_blanks_are_content),
		cmocka_unit_test(lines_and_points_survive_any_number_of_widths),
		cmocka_unit_test(a_limit_of_the_history_holds_and_lost_points_are_at_its_top),
		cmocka_unit_test(without_reflow_nothing_is_wrapped_and_hidden_cells_come_back),
	};

	return cmocka_run_group_tests_name("terminal grid, reflow", tests, NULL, NULL);
}
