/* SPDX-License-Identifier: MIT */
/*
 * A guest's bytes, with a resize or a reset where 0xff stands: in pieces or
 * at once the terminal must be the same in all that it shows and answers.
 */
#include "fake/twins.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Up to the next 0xff; a byte of two after it says what happens there. */
static size_t one_part(struct terminal *term, const uint8_t *data, size_t size, size_t step)
{
	const uint8_t *end = memchr(data, 0xff, size);
	size_t len = end ? (size_t)(end - data) : size;

	for (size_t at = 0; at < len; at += step)
		terminal_write(term, data + at, len - at < step ? len - at : step);
	if (len + 1 >= size)
		return size;
	if (data[len + 1] == 0)
		terminal_reset(term);
	else
		terminal_resize(term, 1 + data[len + 1] % 16, 1 + (data[len + 1] >> 4) * 3);
	return len + 2;
}

static void play(struct twin *twin, const uint8_t *data, size_t size, size_t step)
{
	int row, column, shape;

	twin_open(twin, 6, 20, 4);
	for (size_t at = 0; at < size;)
		at += one_part(twin->term, data + at, size - at, step);
	terminal_cursor(twin->term, &row, &column, &shape);
	if (row < 0 || row >= terminal_rows(twin->term) || column < 0 || column >= terminal_columns(twin->term))
		abort();
}

/* The readers, also beyond the edges. */
static void look(const struct terminal *term)
{
	for (int row = -(int)terminal_scrollback(term) - 1; row <= terminal_rows(term); row++) {
		char text[2048];
		struct cell cell;

		terminal_row_text(term, row, text, sizeof(text));
		for (int column = -1; column <= terminal_columns(term); column++) {
			terminal_cell(term, row, column, &cell);
			if (column >= 0 && column < terminal_columns(term))
				terminal_run(term, row, column, text, 9, &cell);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct twin whole, pieces;
	char *what;

	play(&whole, data, size, SIZE_MAX / 2);
	play(&pieces, data, size, 1 + (size > 0 ? data[0] % 5 : 0));
	look(whole.term);
	what = twins_differ(&whole, &pieces);
	if (what) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
	twin_close(&whole);
	twin_close(&pieces);
	return 0;
}
