/* SPDX-License-Identifier: MIT */
#include "core/terminal/grid.h"
#include "fake/grid_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct random {
	uint64_t state;
};

static unsigned draw(struct random *random, unsigned below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random->state >> 33) % below;
}

static void any_operations_leave_a_grid_that_holds_together(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct random random = { seed * 0x9e3779b97f4a7c15u };
		uint8_t bytes[600];

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)draw(&random, 256);
		grid_play(bytes, sizeof(bytes));
	}
}

#define COLUMNS 100
#define KEPT 30

/* A row of one kind: ASCII, Latin, any of two bytes, wide ones, anything; with few pens, many or none. */
static void write_row(struct grid *grid, struct random *random)
{
	static const uint32_t most[] = { 0x5f, 0xdf, 0xd000, 0, 0x1e0000 };
	unsigned kind = draw(random, 5), pens = draw(random, 3);
	uint32_t pen = draw(random, 2) ? draw(random, 1000) : 0;
	int used = (int)draw(random, COLUMNS + 1);

	for (int i = 0; i < used;) {
		int width = kind == 3 && i + 1 < used ? 2 : 1;
		uint32_t text = width == 2 ? 0x4e00 + draw(random, 0x5000) : 0x20 + draw(random, most[kind] + 1);

		if (pens && draw(random, pens == 1 ? 10 : 2) == 0)
			pen = draw(random, 2) ? GRID_RGB | draw(random, 1000) : draw(random, 1u << 27);
		if (kind == 4 && draw(random, 9) == 0)
			text = GRID_MARKS | draw(random, 1000);
		grid_put(grid, 0, i, (struct grid_cell){ .text = draw(random, 20) ? text : 0, .pen = pen }, width);
		i += width;
	}
	grid_set_wrapped(grid, 0, draw(random, 2));
}

struct copy {
	struct grid_cell cells[COLUMNS];
	uint64_t version;
	uint32_t fill;
	bool wrapped;
};

static struct copy copy_row(const struct grid *grid, const struct grid_row *row)
{
	struct copy copy;

	memset(&copy, 0, sizeof(copy));
	for (int i = 0; i < COLUMNS; i++)
		copy.cells[i] = grid_cell(grid, row, i);
	copy.version = row->version;
	copy.fill = row->fill;
	copy.wrapped = row->wrapped;
	return copy;
}

static void a_row_is_the_same_in_the_history(void **state)
{
	(void)state;
	static struct copy copies[3000];
	struct random random = { 42 };
	struct grid grid;

	grid_init(&grid, 1, COLUMNS, KEPT);
	for (int i = 0; i < 3000; i++) {
		int back = 1 + (int)draw(&random, i + 1 < KEPT ? (unsigned)i + 1 : KEPT);
		const struct grid_row *newest, *older;
		struct copy copy;

		write_row(&grid, &random);
		copies[i] = copy_row(&grid, grid_row(&grid, 0));
		grid_scroll(&grid, (struct grid_rect){ 0, 1, 0, COLUMNS }, 1, 0,
		            draw(&random, 3) ? 0 : draw(&random, 512) << GRID_BACKGROUND);
		newest = grid_row(&grid, -1);
		older = grid_row(&grid, -back);	/* `newest` stays valid next to it */
		copy = copy_row(&grid, newest);
		assert_memory_equal(&copy, &copies[i], sizeof(copy));
		copy = copy_row(&grid, older);
		assert_memory_equal(&copy, &copies[i + 1 - back], sizeof(copy));
	}
	/* And comes back as it was, but for its version. */
	grid_resize(&grid, KEPT + 1, COLUMNS, 0);
	for (int i = 0; i < KEPT; i++) {
		struct copy copy = copy_row(&grid, grid_row(&grid, i));

		copy.version = copies[3000 - KEPT + i].version;
		assert_memory_equal(&copy, &copies[3000 - KEPT + i], sizeof(copy));
	}
	grid_finish(&grid);
}

static void push_line(struct grid *grid, int len, uint32_t pen)
{
	static const unsigned char text[COLUMNS] = "What is written here is of no importance, but it has a length";

	grid_put_run(grid, 1, 0, text, len, pen);
	grid_scroll(grid, (struct grid_rect){ 0, 2, 0, COLUMNS }, 1, 0, 0);
}

static void a_full_history_allocates_nothing_more(void **state)
{
	(void)state;
	struct grid grid;
	size_t bytes;

	grid_init(&grid, 2, COLUMNS, 5000);
	assert_in_range(grid_bytes(&grid), 1, 200);
	for (int i = 0; i < 20000; i++)
		push_line(&grid, 40, 0);
	bytes = grid_bytes(&grid);
	for (int i = 0; i < 20000; i++) {
		push_line(&grid, 40, 0);
		assert_int_equal(grid_bytes(&grid), bytes);
	}
	grid_forget(&grid);
	assert_in_range(grid_bytes(&grid), 1, 3000);
	grid_finish(&grid);
}

static void rows_that_go_and_come_back_leave_no_gaps(void **state)
{
	(void)state;
	struct grid grid;
	size_t bytes;

	grid_init(&grid, 2, COLUMNS, 500);
	for (int i = 0; i < 300; i++)
		push_line(&grid, 60, 0);
	grid_resize(&grid, 40, COLUMNS, 39);
	grid_resize(&grid, 2, COLUMNS, 39);
	bytes = grid_bytes(&grid);
	for (int i = 0; i < 1000; i++) {
		grid_resize(&grid, 40, COLUMNS, 1);
		grid_resize(&grid, 2, COLUMNS, 39);
		assert_in_range(grid_bytes(&grid), 1, bytes + 12000);
	}
	grid_finish(&grid);
}

static void a_plain_row_takes_little_more_than_its_text(void **state)
{
	(void)state;
#ifndef ROW_STORE_CHUNK
	struct grid grid;

	for (int len = 0; len <= 80; len += 8) {
		grid_init(&grid, 2, COLUMNS, 10000);
		for (int i = 0; i < 30000; i++)
			push_line(&grid, len, 0);
		assert_in_range(grid_bytes(&grid) * 10, 0, 10000 * (12 * (size_t)len + 160));
		grid_finish(&grid);
	}
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_operations_leave_a_grid_that_holds_together),
		cmocka_unit_test(a_row_is_the_same_in_the_history),
		cmocka_unit_test(a_full_history_allocates_nothing_more),
		cmocka_unit_test(rows_that_go_and_come_back_leave_no_gaps),
		cmocka_unit_test(a_plain_row_takes_little_more_than_its_text),
	};

	return cmocka_run_group_tests_name("terminal grid, at random", tests, NULL, NULL);
}
