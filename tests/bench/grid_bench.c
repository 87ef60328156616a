/* SPDX-License-Identifier: MIT */
/*
 * The terminal's grid alone, 24 by 80 with 10,000 lines of history: nanoseconds of CPU time for each operation, the
 * best of some rounds; memory for a row of the history; milliseconds for a reflow.
 */
#include "core/terminal/cell.h"
#include "core/terminal/grid.h"

#include <stdio.h>
#include <time.h>

#define ROWS 24
#define COLUMNS 80
#define LINES 10000
#define TIMES 500000
#define ROUNDS 5

static const unsigned char ascii[COLUMNS + 1] =
	"[    0.123456] systemd[1]: Started a unit with a name of some length, number 17.";
static const struct grid_rect screen = { 0, ROWS, 0, COLUMNS }, region = { 1, ROWS - 1, 0, COLUMNS };

static void put_short(struct grid *grid, int i)
{
	(void)i;
	grid_put_run(grid, ROWS - 1, 0, ascii, 7, 0);
}

static void put_long(struct grid *grid, int i)
{
	(void)i;
	grid_put_run(grid, ROWS - 1, 0, ascii, COLUMNS, 0);
}

static void put_colours(struct grid *grid, int i)
{
	grid_put_run(grid, ROWS - 1, 0, ascii, 10, (uint32_t)(1 + i % 7) << GRID_FOREGROUND);
	grid_put_run(grid, ROWS - 1, 10, ascii, 1, 0);
	grid_put_run(grid, ROWS - 1, 11, ascii, 14, 5u << GRID_FOREGROUND | CELL_BOLD);
	grid_put_run(grid, ROWS - 1, 25, ascii, 2, 0);
	grid_put_run(grid, ROWS - 1, 27, ascii, 6, (uint32_t)(1 + i % 256) << GRID_FOREGROUND);
}

static void put_text(struct grid *grid, int i)
{
	static const uint32_t text[] = {
		0x2502, ' ', 'g', 'r', 0xfc, 0xdf, 'e', ' ', '1', '2', '3', '4', '5', ' ', 0x43f, 0x440, 0x438, 0x432, 0x435,
		0x442, ' ', 0x4e2d, GRID_TAIL, 0x6587, GRID_TAIL, ' ', 0x2502,
	};

	(void)i;
	grid_put_text(grid, ROWS - 1, 0, text, (int)(sizeof(text) / sizeof(text[0])), 0);
}

static void put_one(struct grid *grid, int i)
{
	grid_put(grid, ROWS - 1, i % COLUMNS, (struct grid_cell){ .text = 'x' }, 1);
}

static void redraw(struct grid *grid, int i)
{
	int row = i % ROWS, column = i % 40;

	grid_erase(grid, (struct grid_rect){ row, row + 1, column, COLUMNS }, 0, false, NULL);
	grid_put_run(grid, row, column, ascii, 12, CELL_REVERSE);
	grid_put_run(grid, row, column + 12, ascii, 3, 0);
}

static void scroll_region(struct grid *grid, int i)
{
	grid_scroll(grid, region, i % 2 ? 1 : -1, 0, 0);
}

static void insert_cell(struct grid *grid, int i)
{
	grid_scroll(grid, (struct grid_rect){ ROWS - 1, ROWS, i % COLUMNS, COLUMNS }, 0, -1, 0);
}

static void erase_screen(struct grid *grid, int i)
{
	(void)i;
	grid_erase(grid, screen, 0, false, NULL);
}

static void read_history(struct grid *grid, int i)
{
	grid_row(grid, -1 - i % LINES);
}

static const struct {
	const char *name;
	void (*operation)(struct grid *, int i);
	bool scrolls;			/* by a line after each */
} table[] = {
	{ "a short line", put_short, true }, { "a full line", put_long, true }, { "a line of 5 colours", put_colours, true },
	{ "a line of UTF-8", put_text, true }, { "one character", put_one, false }, { "a full line in place", put_long, false },
	{ "a redraw of a row's end", redraw, false }, { "a scroll of a region", scroll_region, false },
	{ "an inserted cell", insert_cell, false }, { "an erased screen", erase_screen, false },
	{ "a row of the history", read_history, false },
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fill(struct grid *grid, void (*put)(struct grid *, int i), bool wrapped)
{
	for (int i = 0; i < 2 * LINES; i++) {
		put(grid, i);
		grid_set_wrapped(grid, ROWS - 1, wrapped && i % 3);
		grid_scroll(grid, screen, 1, 0, 0);
	}
}

static void measure(size_t which)
{
	double best = 1;
	struct grid grid;

	grid_init(&grid, ROWS, COLUMNS, LINES);
	fill(&grid, put_long, false);
	for (int round = 0; round < ROUNDS; round++) {
		double took = seconds();

		for (int i = 0; i < TIMES; i++) {
			table[which].operation(&grid, i);
			if (table[which].scrolls)
				grid_scroll(&grid, screen, 1, 0, 0);
		}
		took = seconds() - took;
		best = took < best ? took : best;
	}
	printf("grid      %-24s %7.1f ns", table[which].name, best / TIMES * 1e9);
	if (table[which].scrolls)
		printf("   %6.1f bytes a row", (double)grid_bytes(&grid) / LINES);
	printf("\n");
	grid_finish(&grid);
}

static void measure_reflow(void)
{
	struct grid_point cursor = { ROWS - 1, 0 };
	struct grid grid;
	double took;

	grid_init(&grid, ROWS, COLUMNS, LINES);
	fill(&grid, put_long, true);
	took = seconds();
	grid_reflow(&grid, ROWS, COLUMNS + 20, &cursor, 1);
	printf("grid      %-24s %7.1f ms\n", "a reflow of the history", (seconds() - took) * 1e3);
	grid_finish(&grid);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		measure(i);
	measure_reflow();
	return 0;
}
