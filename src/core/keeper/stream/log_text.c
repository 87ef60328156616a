/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_text.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/terminal/scan.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST	32768		/* a cursor further right stays here */
#define TAB		8

/* The line as a row of characters. The cursor may be behind their end. */
struct row {
	uint32_t *cells;
	size_t count, size;
	size_t at;
};

static void fill(struct row *row, size_t from, size_t to)
{
	for (; row->cells && from < to; from++)
		row->cells[from] = ' ';
}

/* Makes the row at least this long. */
static void extend(struct row *row, size_t count)
{
	if (count <= row->count)
		return;
	row->cells = mem_grow(row->cells, &row->size, count, sizeof(row->cells[0]));
	assert(row->cells);
	fill(row, row->count, count);
	row->count = count;
}

static void put(struct row *row, uint32_t character)
{
	if (row->at >= COLUMNS_MOST)
		return;
	extend(row, row->at + 1);
	row->cells[row->at++] = character;
}

static void go(struct row *row, size_t column)
{
	row->at = column < COLUMNS_MOST ? column : COLUMNS_MOST;
}

static void control(struct row *row, unsigned char c)
{
	if (c == '\r')
		row->at = 0;
	else if (c == '\b' && row->at > 0)
		row->at--;
	else if (c == '\t')
		go(row, row->at / TAB * TAB + TAB);
}

static void erase(struct row *row, uint32_t how)
{
	if (how == 0 && row->at < row->count)
		row->count = row->at;
	else if (how == 1)
		fill(row, 0, row->at + 1 < row->count ? row->at + 1 : row->count);
	else if (how == 2 || how == 3)
		row->count = 0;
}

static void delete_characters(struct row *row, size_t n)
{
	if (row->at >= row->count)
		return;
	if (n > row->count - row->at)
		n = row->count - row->at;
	memmove(row->cells + row->at, row->cells + row->at + n, (row->count - row->at - n) * sizeof(row->cells[0]));
	row->count -= n;
}

static void insert_blanks(struct row *row, size_t n)
{
	size_t tail = row->at < row->count ? row->count - row->at : 0;

	if (tail == 0 || n > COLUMNS_MOST - row->count)
		return;
	extend(row, row->count + n);
	memmove(row->cells + row->at + n, row->cells + row->at, tail * sizeof(row->cells[0]));
	fill(row, row->at, row->at + n);
}

static void sequence(struct row *row, const struct scan *scan)
{
	size_t n = scan->param[0] > 0 ? scan->param[0] : 1;

	if (scan->prefix || scan->intermediate[0])
		return;
	switch (scan->final) {
	case 'C':
		go(row, row->at + n);
		break;
	case 'D':
		row->at = row->at > n ? row->at - n : 0;
		break;
	case 'G':
	case '`':
		go(row, n - 1);
		break;
	case 'H':
	case 'f':
		go(row, scan->param_count > 1 && scan->param[1] > 0 ? scan->param[1] - 1 : 0);
		break;
	case 'J':
	case 'K':
		erase(row, scan->param[0]);
		break;
	case 'P':
		delete_characters(row, n);
		break;
	case 'X':
		fill(row, row->at, row->at + n < row->count ? row->at + n : row->count);
		break;
	case '@':
		insert_blanks(row, n);
		break;
	default:
		break;
	}
}

static void read_row(const char *bytes, size_t len, struct row *row)
{
	struct scan scan;
	const unsigned char *at = (const unsigned char *)bytes, *end = at + len;
	enum scan_event event;

	scan_init(&scan);
	while ((event = scan_next(&scan, &at, end)) != SCAN_MORE) {
		if (event == SCAN_ASCII)
			for (size_t i = 0; i < scan.len; i++)
				put(row, scan.text[i]);
		else if (event == SCAN_TEXT)
			for (int i = 0; i < scan.count; i++)
				put(row, scan.chars[i]);
		else if (event == SCAN_CONTROL)
			control(row, scan.final);
		else if (event == SCAN_CSI)
			sequence(row, &scan);
	}
}

static bool is_printable(const char *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] >= 0x20 && bytes[len - 1] < 0x7f)
		len--;
	return len == 0;
}

/* The fast way for most lines: ASCII with colours only. Returns false if there is more to a line. */
static bool strip_colours(const char *bytes, size_t len, struct str *out)
{
	const char *end = bytes + len;

	while (bytes < end) {
		const char *from = bytes;

		while (bytes < end && *bytes >= 0x20 && *bytes < 0x7f)
			bytes++;
		str_add(out, from, (size_t)(bytes - from));
		if (bytes == end)
			break;
		if (end - bytes < 3 || bytes[0] != '\033' || bytes[1] != '[')
			return false;
		for (bytes += 2; bytes < end && ((*bytes >= '0' && *bytes <= '9') || *bytes == ';' || *bytes == ':'); bytes++) {}
		if (bytes == end || *bytes++ != 'm')
			return false;
	}
	while (out->len > 0 && out->text[out->len - 1] == ' ')
		str_cut(out, out->len - 1);
	return true;
}

void log_text(const char *bytes, size_t len, struct str *out)
{
	struct row row = { 0 };

	str_clear(out);
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	if (is_printable(bytes, len)) {
		str_add(out, bytes, len);
		return;
	}
	if (strip_colours(bytes, len, out))
		return;
	str_clear(out);
	read_row(bytes, len, &row);
	while (row.count > 0 && row.cells[row.count - 1] == ' ')
		row.count--;
	for (size_t i = 0; i < row.count; i++) {
		char utf8[4];

		if (row.cells[i] >= 0x20 && (row.cells[i] < 0x7f || row.cells[i] >= 0xa0))
			str_add(out, utf8, utf8_encode(row.cells[i], utf8));
	}
	free(row.cells);
}
