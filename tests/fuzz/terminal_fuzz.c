/* SPDX-License-Identifier: MIT */
/*
 * A guest's bytes, with a resize or a reset where 0xff stands: in pieces or
 * at once the screen must be the same, and the cursor on it.
 */
#include "core/terminal/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct terminal_events nobody = { .bell = NULL };

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

static struct terminal *play(const uint8_t *data, size_t size, size_t step)
{
	struct terminal *term = terminal_new(6, 20, 4, &nobody, NULL);
	int row, column, shape;

	for (size_t at = 0; at < size;)
		at += one_part(term, data + at, size - at, step);
	terminal_cursor(term, &row, &column, &shape);
	if (row < 0 || row >= terminal_rows(term) || column < 0 || column >= terminal_columns(term))
		abort();
	return term;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct terminal *whole = play(data, size, SIZE_MAX / 2), *pieces = play(data, size, 5);

	for (int row = -(int)terminal_scrollback(whole); row < terminal_rows(whole); row++) {
		char text[2048], other[2048];

		terminal_row_text(whole, row, text, sizeof(text));
		terminal_row_text(pieces, row, other, sizeof(other));
		if (strcmp(text, other) != 0)
			abort();
		for (int column = -1; column <= terminal_columns(whole); column++) {
			struct cell cell;

			terminal_cell(whole, row, column, &cell);
		}
	}
	terminal_free(whole);
	terminal_free(pieces);
	return 0;
}
