/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_surface.h"

#include "core/base/utf8.h"

#include <string.h>

void surface_init(struct surface *surface, int rows, int columns, size_t scrollback)
{
	*surface = (struct surface){ .grid = &surface->primary };
	grid_init(&surface->primary, rows, columns, scrollback);
	grid_init(&surface->alternate, rows, columns, 0);
}

void surface_finish(struct surface *surface)
{
	grid_finish(&surface->primary);
	grid_finish(&surface->alternate);
	side_finish(&surface->marks);
	side_finish(&surface->pens);
}

void surface_touch_all(struct surface *surface)
{
	struct grid *a = &surface->primary, *b = &surface->alternate;

	/* From a number that neither has used, or two lines could share one. */
	a->version = b->version = a->version > b->version ? a->version : b->version;
	for (int i = 0; i < surface->grid->rows; i++)
		grid_touch(surface->grid, i);
}

static void mark_held(struct surface *surface)
{
	for (int i = 0; i < 2; i++) {
		if (surface->held[i].pen & GRID_RGB)
			surface->pens.marked[surface->held[i].pen & ~GRID_RGB] = true;
		if (surface->held[i].text & GRID_MARKS)
			surface->marks.marked[surface->held[i].text & ~GRID_MARKS] = true;
	}
}

/* Both tables at once: one walk over the cells frees what neither screen shows any more. */
static void sweep(struct surface *surface)
{
	side_begin(&surface->marks);
	side_begin(&surface->pens);
	mark_held(surface);
	grid_mark(&surface->primary, &surface->marks, &surface->pens);
	grid_mark(&surface->alternate, &surface->marks, &surface->pens);
	side_end(&surface->marks);
	side_end(&surface->pens);
}

static uint32_t intern(struct surface *surface, struct side *side, const uint32_t record[6])
{
	uint32_t index = side_intern(side, record);

	if (index == SIDE_FULL) {
		sweep(surface);
		index = side_intern(side, record);
	}
	return index;
}

static uint32_t pack_simple(int foreground, int background, uint32_t attributes)
{
	return attributes | (uint32_t)(foreground + 1) << GRID_FOREGROUND | (uint32_t)(background + 1) << GRID_BACKGROUND;
}

static int nearest_of_cube(int colour)
{
	int red = colour >> 16 & 255, green = colour >> 8 & 255, blue = colour & 255;

	return 16 + 36 * (red * 5 / 255) + 6 * (green * 5 / 255) + blue * 5 / 255;
}

uint32_t surface_pen(struct surface *surface, int foreground, int background, uint32_t attributes)
{
	uint32_t record[6] = { (uint32_t)foreground, (uint32_t)background, attributes }, index;

	if (foreground < TERMINAL_RGB && background < TERMINAL_RGB)
		return pack_simple(foreground, background, attributes);
	index = intern(surface, &surface->pens, record);
	if (index != SIDE_FULL)
		return GRID_RGB | index;
	/* Hundreds of thousands of pens on the screen at once: near enough will do. */
	return pack_simple(foreground < TERMINAL_RGB ? foreground : nearest_of_cube(foreground),
	                   background < TERMINAL_RGB ? background : nearest_of_cube(background), attributes);
}

static void unpack_pen(const struct surface *surface, uint32_t pen, struct cell *out)
{
	if (pen & GRID_RGB) {
		const uint32_t *record = surface->pens.records[pen & ~GRID_RGB];

		out->foreground = (int)record[0];
		out->background = (int)record[1];
		out->attributes = record[2] & 0xff;
	} else {
		out->foreground = (int)(pen >> GRID_FOREGROUND & GRID_COLOUR) - 1;
		out->background = (int)(pen >> GRID_BACKGROUND & GRID_COLOUR) - 1;
		out->attributes = pen & 0xff;
	}
}

uint32_t surface_protected_pen(struct surface *surface, uint32_t pen)
{
	uint32_t record[6];

	if (!(pen & GRID_RGB))
		return pen | GRID_PROTECTED;
	/* A copy: the table may move. */
	memcpy(record, surface->pens.records[pen & ~GRID_RGB], sizeof(record));
	return surface_pen(surface, (int)record[0], (int)record[1], record[2] | GRID_PROTECTED);
}

uint32_t surface_base(const struct surface *surface, uint32_t text)
{
	return text & GRID_MARKS ? surface->marks.records[text & ~GRID_MARKS][0] : text;
}

uint32_t surface_text(struct surface *surface, const uint32_t *chars)
{
	uint32_t record[6] = { 0 }, index;

	if (!chars[0] || !chars[1])
		return chars[0];
	for (int i = 0; chars[i] && i < CELL_CHARS; i++)
		record[i] = chars[i];
	index = intern(surface, &surface->marks, record);
	return index == SIDE_FULL ? chars[0] : GRID_MARKS | index;
}

int surface_row_width(const struct surface *surface, int row)
{
	const struct grid_row *line = grid_row(surface->grid, row);

	if (line && (line->fill || surface->reversed || line->used > surface->grid->columns))
		return surface->grid->columns;
	return line ? line->used : 0;
}

static void unpack_text(const struct surface *surface, uint32_t text, uint32_t out[CELL_CHARS])
{
	memset(out, 0, CELL_CHARS * sizeof(*out));
	if (text & GRID_MARKS)
		memcpy(out, surface->marks.records[text & ~GRID_MARKS], CELL_CHARS * sizeof(*out));
	else if (text != GRID_TAIL)
		out[0] = text;
}

void surface_cell(const struct surface *surface, int row, int column, struct cell *out)
{
	const struct grid_row *line = grid_row(surface->grid, row);
	struct grid_cell cell;

	*out = (struct cell){ .foreground = -1, .background = -1 };
	if (!line || column < 0 || column >= surface->grid->columns)
		return;
	cell = grid_cell(surface->grid, line, column);
	unpack_text(surface, cell.text, out->text);
	unpack_pen(surface, cell.pen, out);
	if (column + 1 < line->used && line->cells[column + 1].text == GRID_TAIL) {
		if (column + 1 < surface->grid->columns)
			out->attributes |= CELL_WIDE;
		else
			out->text[0] = 0;	/* a narrower screen cut it */
	}
	if (surface->reversed)
		out->attributes ^= CELL_REVERSE;
}

int surface_run(const struct surface *surface, int row, int column, char *out, int size, struct cell *pen)
{
	const struct grid_row *line = grid_row(surface->grid, row);
	struct grid_cell first;
	int count = 0;

	if (!line)
		return 0;
	first = grid_cell(surface->grid, line, column);
	for (int i = column; i < surface->grid->columns && count < size; i++) {
		struct grid_cell cell = i < line->used ? line->cells[i] : (struct grid_cell){ .pen = line->fill };

		if (cell.text >= 0x7f || cell.pen != first.pen)
			break;
		out[count++] = cell.text > ' ' ? (char)cell.text : ' ';
	}
	if (count > 0) {
		*pen = (struct cell){ .foreground = -1, .background = -1 };
		unpack_pen(surface, first.pen, pen);
		if (surface->reversed)
			pen->attributes ^= CELL_REVERSE;
	}
	return count;
}

size_t surface_row_text(const struct surface *surface, int row, char *out, size_t size)
{
	const struct grid_row *line = grid_row(surface->grid, row);
	int used = line ? line->used < surface->grid->columns ? line->used : surface->grid->columns : 0;
	size_t len = 0, trimmed = 0;

	for (int i = 0; i < used; i++) {
		uint32_t text[CELL_CHARS];
		char bytes[4 * CELL_CHARS];
		size_t count = 0;

		if (line->cells[i].text == GRID_TAIL)
			continue;
		unpack_text(surface, line->cells[i].text, text);
		if (!text[0])
			text[0] = ' ';
		for (int j = 0; j < CELL_CHARS && text[j]; j++)
			count += utf8_encode(text[j], bytes + count);
		if (len + count >= size)
			break;
		memcpy(out + len, bytes, count);
		len += count;
		if (text[0] != ' ' || text[1])
			trimmed = len;
	}
	if (size > 0)
		out[trimmed] = '\0';
	return trimmed;
}

