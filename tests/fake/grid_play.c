/* SPDX-License-Identifier: MIT */
#include "fake/grid_play.h"

#include "core/terminal/grid.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 4
#define POINTS 3
#define SEEN 4096	/* versions remembered, a power of two */

/* Pens of GRID_RGB refer to these, by turns protected. */
static const uint32_t records[RECORDS][6] = { { 1, 2, 0 }, { 3, 4, GRID_PROTECTED }, { 5, 6, 1 }, { 7, 8, GRID_PROTECTED | 1 } };

struct play {
	const uint8_t *at, *end;
	struct grid grid;
	struct { uint64_t version, hash; } seen[SEEN];	/* what a row looked like; later ones replace earlier ones */
};

static void complain(const char *what, long long number)
{
	fprintf(stderr, "grid: %s: %lld\n", what, number);
	abort();
}

static unsigned take(struct play *play)
{
	return play->at < play->end ? *play->at++ : 0;
}

static int take_number(struct play *play)
{
	static const int odd[] = { INT_MIN, INT_MIN + 1, -1000, 1000, INT_MAX - 1, INT_MAX };
	unsigned byte = take(play);

	return byte < 244 ? (int)(byte % 32) - 4 : odd[byte % 6];
}

static uint32_t take_pen(struct play *play)
{
	static const uint32_t pens[] = {
		0, 0, 0, 1, 5u << GRID_FOREGROUND, 9u << GRID_BACKGROUND, GRID_PROTECTED,
		GRID_RGB | 0, GRID_RGB | 1, GRID_RGB | 2, GRID_RGB | 3,
	};

	return pens[take(play) % (sizeof(pens) / sizeof(pens[0]))];
}

/* What has two columns here, and nothing else. */
static bool is_wide(uint32_t text)
{
	return text >= 0x4e00 && text < 0x4f00;
}

static uint32_t take_text(struct play *play)
{
	unsigned byte = take(play);

	switch (byte % 8) {
	case 0:
		return 0xa0 + byte;
	case 1:
		return 0x400 + byte;
	case 2:
		return 0x4e00 + byte;
	case 3:
		return byte < 128 ? 0x1f600 + byte : byte < 192 ? 0xfffe : 0xffff;
	case 4:
		return GRID_MARKS | byte % RECORDS;
	default:
		return ' ' + byte % 95;
	}
}

static struct grid_rect take_rect(struct play *play)
{
	struct grid_rect rect = { .right = play->grid.columns };

	rect.top = take_number(play);
	rect.bottom = take_number(play);
	if (take(play) % 2) {
		rect.left = take_number(play);
		rect.right = take_number(play);
	}
	return rect;
}

static void put(struct play *play)
{
	int row = take_number(play), column = take_number(play);
	struct grid_cell cell;

	cell.text = take_text(play);
	cell.pen = take_pen(play);
	grid_put(&play->grid, row, column, cell, is_wide(cell.text) ? 2 : 1);
}

static void put_run(struct play *play)
{
	unsigned char text[64];
	int row = take_number(play), column = take_number(play), count = (int)(take(play) % 70) - 5;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)('a' + i % 26);
	grid_put_run(&play->grid, row, column, text, count, take_pen(play));
}

static void put_text(struct play *play)
{
	uint32_t text[32];
	int row = take_number(play), column = take_number(play), count = (int)(take(play) % 30), at = 0;

	while (at < count) {
		text[at] = take_text(play);
		if (is_wide(text[at++]))
			text[at++] = GRID_TAIL;
	}
	grid_put_text(&play->grid, row, column, text, at, take_pen(play));
}

static void erase(struct play *play, bool keep_protected)
{
	struct grid_rect rect = take_rect(play);

	grid_erase(&play->grid, rect, take_pen(play), keep_protected, records);
}

static void scroll(struct play *play)
{
	struct grid_rect rect = take_rect(play);
	int up = take_number(play), left = take(play) % 4 ? 0 : take_number(play);

	grid_scroll(&play->grid, rect, up, left, take_pen(play));
}

static void copy(struct play *play)
{
	struct grid_rect rect = take_rect(play);
	int row = take_number(play);

	grid_copy(&play->grid, rect, row, take_number(play));
}

static void resize(struct play *play, bool wrap)
{
	int rows = 1 + (int)(take(play) % 12), columns = 1 + (int)(take(play) % 40);
	struct grid_point points[POINTS];
	size_t count = take(play) % (POINTS + 1);

	for (size_t i = 0; i < count; i++) {
		points[i].row = take_number(play);
		points[i].column = take_number(play);
	}
	if (!wrap) {
		grid_resize(&play->grid, rows, columns, take_number(play));
		return;
	}
	grid_reflow(&play->grid, rows, columns, points, count);
	for (size_t i = 0; i < count; i++) {
		if (!grid_row(&play->grid, points[i].row))
			complain("point is outside", points[i].row);
	}
}

static void play_one(struct play *play)
{
	int row;

	switch (take(play) % 19) {
	case 0: case 1:
		put(play);
		break;
	case 2: case 3:
		put_run(play);
		break;
	case 4: case 5:
		put_text(play);
		break;
	case 6:
		erase(play, false);
		break;
	case 7:
		erase(play, true);
		break;
	case 8: case 9:
		scroll(play);
		break;
	case 10:
		grid_scroll(&play->grid, (struct grid_rect){ 0, INT_MAX, 0, INT_MAX }, 1, 0, take_pen(play));
		break;
	case 11: case 12: case 13:
		row = take_number(play);
		grid_set_wrapped(&play->grid, row, take(play) % 4);
		break;
	case 14: case 15: case 16:
		resize(play, take(play) % 3 == 0);
		break;
	case 17:
		copy(play);
		break;
	default:
		if (take(play) % 16 == 0)
			grid_forget(&play->grid);
		else
			grid_touch(&play->grid, take_number(play));
	}
}

static uint64_t mix(uint64_t hash, uint32_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

/* All that can be seen of a row, however it is stored. */
static uint64_t hash_row(const struct grid_row *row)
{
	int used = row->used;
	uint64_t hash = mix(0, row->fill);

	while (used > 0 && row->cells[used - 1].text == 0 && row->cells[used - 1].pen == row->fill)
		used--;
	for (int i = 0; i < used; i++)
		hash = mix(mix(hash, row->cells[i].text), row->cells[i].pen);
	return hash;
}

static void look_at_row(struct play *play, int number)
{
	const struct grid_row *row = grid_row(&play->grid, number);
	uint64_t hash;
	size_t slot;

	if (!row)
		complain("no row", number);
	if (row->used < 0 || row->used > row->capacity)
		complain("cells that are not there", row->used);
	for (int i = 0; i < row->used; i++) {
		if (is_wide(row->cells[i].text) != (i + 1 < row->used && row->cells[i + 1].text == GRID_TAIL))
			complain("half of a wide character", i);
	}
	if (row->used > 0 && row->cells[0].text == GRID_TAIL)
		complain("half of a wide character", 0);
	hash = hash_row(row);
	slot = mix(0, (uint32_t)row->version) & (SEEN - 1);
	if (play->seen[slot].version == row->version && play->seen[slot].hash != hash)
		complain("row changed and its version did not", number);
	play->seen[slot].version = row->version;
	play->seen[slot].hash = hash;
}

static void look_at_versions(const struct grid *grid)
{
	for (int i = -(int)grid->history; i < grid->rows; i++) {
		uint64_t version = grid_row(grid, i)->version;

		if (version == 0 || version > grid->version)
			complain("version was never given", i);
		for (int k = i + 1; k < grid->rows; k++) {
			if (grid_row(grid, k)->version == version)
				complain("two rows have one version", k);
		}
	}
}

/* Marking finds the records of all rows, packed or not. */
static void look_at_marks(const struct grid *grid)
{
	bool mark[RECORDS] = { false }, pen[RECORDS] = { false }, want_mark[RECORDS] = { false }, want_pen[RECORDS] = { false };
	struct side marks = { .marked = mark }, pens = { .marked = pen };

	grid_mark(grid, &marks, &pens);
	for (int i = -(int)grid->history; i < grid->rows; i++) {
		const struct grid_row *row = grid_row(grid, i);

		if (row->fill & GRID_RGB)
			want_pen[row->fill & ~GRID_RGB] = true;
		for (int k = 0; k < row->used; k++) {
			if (row->cells[k].text & GRID_MARKS)
				want_mark[row->cells[k].text & ~GRID_MARKS] = true;
			if (row->cells[k].pen & GRID_RGB)
				want_pen[row->cells[k].pen & ~GRID_RGB] = true;
		}
	}
	if (memcmp(mark, want_mark, sizeof(mark)) != 0 || memcmp(pen, want_pen, sizeof(pen)) != 0)
		complain("records that are marked are not those in use", 0);
}

static void look(struct play *play)
{
	const struct grid *grid = &play->grid;

	if (grid->history > grid->scrollback || grid->history > grid->scrolled)
		complain("history is too long", (long long)grid->history);
	if (grid_row(grid, -(int)grid->history - 1) || grid_row(grid, grid->rows) || grid_row(grid, INT_MIN))
		complain("row outside of the grid", 0);
	for (int i = -(int)grid->history; i < grid->rows; i++)
		look_at_row(play, i);
	look_at_versions(grid);
	look_at_marks(grid);
}

void grid_play(const uint8_t *bytes, size_t len)
{
	struct play *play = calloc(1, sizeof(*play));
	int rows, columns;

	if (!play)
		abort();
	play->at = bytes;
	play->end = bytes + len;
	rows = 1 + (int)(take(play) % 10);
	columns = 1 + (int)(take(play) % 40);
	grid_init(&play->grid, rows, columns, take(play) % 12);
	while (play->at < play->end) {
		play_one(play);
		look(play);
	}
	grid_finish(&play->grid);
	free(play);
}
