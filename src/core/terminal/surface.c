/* SPDX-License-Identifier: MIT */
#include "core/terminal/surface.h"

#include "core/base/utf8.h"
#include "core/terminal/palette.h"

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

	surface->generation++;
	/* From a number that neither has used, or two lines could share one. */
	a->version = b->version = a->version > b->version ? a->version : b->version;
	for (int i = 0; i < surface->grid->rows; i++)
		grid_touch(surface->grid, i);
}

/* Both tables at once: one walk over the cells frees what neither screen shows any more. */
static void sweep(struct surface *surface)
{
	side_begin(&surface->marks);
	side_begin(&surface->pens);
	if (surface->held & GRID_RGB)
		surface->pens.marked[surface->held & ~GRID_RGB] = true;
	grid_mark(&surface->primary, &surface->marks, &surface->pens);
	grid_mark(&surface->alternate, &surface->marks, &surface->pens);
	side_end(&surface->marks);
	side_end(&surface->pens);
}

static uint32_t intern(struct surface *surface, struct side *side, const uint32_t record[6])
{
	uint32_t index = side_intern(side, record);

	if (index == SIDE_FULL && side_due(side)) {
		sweep(surface);
		index = side_intern(side, record);
	}
	return index;
}

/* Bits of a packed pen that grid.h does not know. */
#define PEN_OVERLINE	(1u << 27)

/* Record of a pen that does not fit: the two colours, attributes | underline style << 16, colour of the underline, link. */
enum { RECORD_FOREGROUND, RECORD_BACKGROUND, RECORD_ATTRIBUTES, RECORD_UNDERLINE, RECORD_LINK };

/* Each term is 0, or for the colours at most 256, for what a cell has room for. */
static bool fits_cell(const struct pen *pen)
{
	uint32_t colours = (uint32_t)(pen->foreground + 1) | (uint32_t)(pen->background + 1);
	uint32_t others = (uint32_t)(pen->underline_colour + 1) | pen->link | (pen->underline & ~(uint32_t)UNDERLINE_SINGLE);

	return colours <= GRID_COLOUR && others == 0;
}

static uint32_t pen_bits(const struct pen *pen)
{
	return (pen->attributes & 0xffu) | (uint32_t)pen->is_protected * GRID_PROTECTED |
	       (uint32_t)(pen->attributes & CELL_OVERLINE) * (PEN_OVERLINE / CELL_OVERLINE);
}

static uint32_t pen_in_cell(const struct pen *pen)
{
	return pen_bits(pen) | (uint32_t)(pen->foreground + 1) << GRID_FOREGROUND |
	       (uint32_t)(pen->background + 1) << GRID_BACKGROUND;
}

static __attribute__((noinline)) uint32_t pen_in_record(struct surface *surface, const struct pen *pen)
{
	uint32_t attributes = (pen->attributes & (0xffu | CELL_OVERLINE)) | (pen->is_protected ? GRID_PROTECTED : 0);
	uint32_t record[6] = {
		[RECORD_FOREGROUND] = (uint32_t)pen->foreground, [RECORD_BACKGROUND] = (uint32_t)pen->background,
		[RECORD_ATTRIBUTES] = attributes | (uint32_t)pen->underline << 16,
		[RECORD_UNDERLINE] = (uint32_t)pen->underline_colour, [RECORD_LINK] = pen->link,
	};
	uint32_t index = intern(surface, &surface->pens, record);
	struct pen near = *pen;

	if (index != SIDE_FULL)
		return GRID_RGB | index;
	/* With hundreds of thousands of pens on the screen at once, near enough will do. */
	if (pen->foreground >= TERMINAL_RGB)
		near.foreground = palette_nearest(pen->foreground);
	if (pen->background >= TERMINAL_RGB)
		near.background = palette_nearest(pen->background);
	return pen_in_cell(&near);
}

uint32_t surface_pen(struct surface *surface, const struct pen *pen)
{
	return fits_cell(pen) ? pen_in_cell(pen) : pen_in_record(surface, pen);
}

void surface_unpack_pen(const struct surface *surface, uint32_t packed, struct pen *out)
{
	*out = (struct pen){ .underline_colour = -1 };
	if (packed & GRID_RGB) {
		const uint32_t *record = surface->pens.records[packed & ~GRID_RGB];

		out->foreground = (int)record[RECORD_FOREGROUND];
		out->background = (int)record[RECORD_BACKGROUND];
		out->underline_colour = (int)record[RECORD_UNDERLINE];
		out->attributes = record[RECORD_ATTRIBUTES] & (0xff | CELL_OVERLINE);
		out->underline = (uint8_t)(record[RECORD_ATTRIBUTES] >> 16);
		out->is_protected = record[RECORD_ATTRIBUTES] & GRID_PROTECTED;
		out->link = (uint16_t)record[RECORD_LINK];
	} else {
		out->foreground = (int)(packed >> GRID_FOREGROUND & GRID_COLOUR) - 1;
		out->background = (int)(packed >> GRID_BACKGROUND & GRID_COLOUR) - 1;
		out->attributes = (uint16_t)((packed & 0xff) | (packed & PEN_OVERLINE ? CELL_OVERLINE : 0));
		out->underline = packed & CELL_UNDERLINE ? UNDERLINE_SINGLE : UNDERLINE_NONE;
		out->is_protected = packed & GRID_PROTECTED;
	}
}

static int shown_colour(const struct surface *surface, int colour)
{
	bool changed = surface->palette && colour >= 0 && colour < 256 && surface->palette[colour] >= 0;

	return changed ? surface->palette[colour] | TERMINAL_RGB : colour;
}

/* Sets all of a cell but its text. */
static void show_pen(const struct surface *surface, uint32_t packed, struct cell *out)
{
	struct pen pen;

	surface_unpack_pen(surface, packed, &pen);
	*out = (struct cell){
		.foreground = shown_colour(surface, pen.foreground), .background = shown_colour(surface, pen.background),
		.underline_colour = shown_colour(surface, pen.underline_colour), .underline = pen.underline,
		.attributes = surface->reversed ? pen.attributes ^ CELL_REVERSE : pen.attributes, .link = pen.link,
	};
}

uint32_t surface_base(const struct surface *surface, uint32_t text)
{
	return text & GRID_MARKS ? surface->marks.records[text & ~GRID_MARKS][0] : text;
}

uint32_t surface_add_mark(struct surface *surface, uint32_t text, uint32_t mark)
{
	uint32_t record[6] = { text }, index;
	int count = 1;

	if (text & GRID_MARKS)
		memcpy(record, surface->marks.records[text & ~GRID_MARKS], sizeof(record));
	while (count < CELL_CHARS && record[count])
		count++;
	if (count == CELL_CHARS)
		return text;
	record[count] = mark;
	index = intern(surface, &surface->marks, record);
	return index == SIDE_FULL ? text : GRID_MARKS | index;
}

static void show_link(const struct surface *surface, uint32_t packed, bool *used, size_t count)
{
	uint32_t link = packed & GRID_RGB ? surface->pens.records[packed & ~GRID_RGB][RECORD_LINK] : 0;

	if (link < count)
		used[link] = true;
}

void surface_shown_links(const struct surface *surface, bool *used, size_t count)
{
	const struct grid *grids[] = { &surface->primary, &surface->alternate };

	show_link(surface, surface->held, used, count);
	for (int i = 0; i < 2; i++) {
		for (int k = 0; k < grids[i]->rows; k++) {
			const struct grid_row *row = grid_row(grids[i], k);

			for (int j = 0; j < row->used; j++)
				show_link(surface, row->cells[j].pen, used, count);
		}
	}
}

/* The records stay where their old hash has put them: there nobody finds them, and the next sweep puts them right. */
void surface_drop_links(struct surface *surface, const bool *dropped, size_t count)
{
	for (uint32_t i = 0; i < surface->pens.count; i++) {
		uint32_t *record = surface->pens.records[i];

		if (record[RECORD_LINK] < count && dropped[record[RECORD_LINK]])
			record[RECORD_LINK] = 0;
	}
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

	*out = (struct cell){ .foreground = -1, .background = -1, .underline_colour = -1 };
	if (!line || column < 0 || column >= surface->grid->columns)
		return;
	cell = grid_cell(surface->grid, line, column);
	show_pen(surface, cell.pen, out);
	unpack_text(surface, cell.text, out->text);
	if (column + 1 < line->used && line->cells[column + 1].text == GRID_TAIL) {
		if (column + 1 < surface->grid->columns)
			out->attributes |= CELL_WIDE;
		else
			out->text[0] = 0;	/* a narrower screen cut it */
	}
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
	if (count > 0)
		show_pen(surface, first.pen, pen);
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

