/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_links.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "ui/kit/curses_cell.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

#define NAMES 256

struct outer_links {
	char *uris[OUTER_LINKS_KEPT];		/* [0] is not used */
	uint16_t newest[NAMES];			/* the number that a name had last */
	int height, width;			/* of the screen that the arrays are for; 0: no cell has had a link */
	uint16_t *wanted, *shown;		/* of each cell; shown: what the terminal has */
	bool *placed, *touched;			/* of each row: `wanted` was written, curses may draw in it */
	bool cleared;				/* curses draws everything */
};

/* One pass over the cells after a draw. */
struct writer {
	int (*put)(int);
	int link;			/* open in the terminal */
	bool there;			/* the terminal's cursor is at the next cell */
	bool any;			/* something was written */
	size_t bytes;			/* of addresses */
};

struct outer_links *outer_links_new(void)
{
	return mem_alloc(sizeof(struct outer_links));
}

static void forget_cells(struct outer_links *links)
{
	free(links->wanted);
	free(links->shown);
	free(links->placed);
	free(links->touched);
	links->wanted = links->shown = NULL;
	links->placed = links->touched = NULL;
	links->height = links->width = 0;
}

void outer_links_free(struct outer_links *links)
{
	if (!links)
		return;
	for (size_t i = 0; i < OUTER_LINKS_KEPT; i++)
		free(links->uris[i]);
	forget_cells(links);
	free(links);
}

/* After a change of size, curses draws everything again. */
static void fit(struct outer_links *links)
{
	size_t cells = (size_t)LINES * (size_t)COLS;

	if (links->height == LINES && links->width == COLS)
		return;
	forget_cells(links);
	links->height = LINES;
	links->width = COLS;
	links->wanted = mem_array(cells, sizeof(*links->wanted));
	links->shown = mem_array(cells, sizeof(*links->shown));
	links->placed = mem_array((size_t)LINES, sizeof(*links->placed));
	links->touched = mem_array((size_t)LINES, sizeof(*links->touched));
}

/* Frees the numbers that no cell has. */
static void sweep(struct outer_links *links)
{
	bool used[OUTER_LINKS_KEPT] = { false };

	for (size_t i = 0; i < (size_t)links->height * (size_t)links->width; i++)
		used[links->wanted[i]] = used[links->shown[i]] = true;
	for (size_t i = 1; i < OUTER_LINKS_KEPT; i++) {
		if (used[i])
			continue;
		free(links->uris[i]);
		links->uris[i] = NULL;
	}
}

static int free_number(const struct outer_links *links)
{
	for (int i = 1; i < OUTER_LINKS_KEPT; i++)
		if (!links->uris[i])
			return i;
	return 0;
}

int outer_links_number(struct outer_links *links, unsigned name, const char *uri)
{
	uint16_t *newest = &links->newest[name % NAMES];
	int number;

	if (text_equal(links->uris[*newest], uri))
		return *newest;
	number = free_number(links);
	if (!number) {
		sweep(links);
		number = free_number(links);
	}
	if (number) {
		links->uris[number] = mem_strdup(uri);
		*newest = (uint16_t)number;
	}
	return number;
}

void outer_links_place(struct outer_links *links, int row, int column, int count, int number)
{
	if (!links->height && !number)
		return;
	fit(links);
	if (row < 0 || row >= links->height)
		return;
	links->placed[row] = true;
	for (int i = column < 0 ? 0 : column; i < column + count && i < links->width; i++)
		links->wanted[(size_t)row * (size_t)links->width + (size_t)i] = (uint16_t)number;
}

void outer_links_before(struct outer_links *links)
{
	if (!links->height)
		return;
	fit(links);
	links->cleared = is_cleared(curscr) || is_cleared(newscr) || isendwin();
	for (int i = 0; i < links->height; i++)
		links->touched[i] = links->cleared || is_linetouched(newscr, i);
}

static void put_text(struct writer *writer, const char *text)
{
	while (*text)
		writer->put((unsigned char)*text++);
}

static void open_link(struct writer *writer, const struct outer_links *links, int link)
{
	char head[32];

	if (link == writer->link)
		return;
	/* A terminal shows cells as one link if its address and its name are the same. */
	if (link)
		snprintf(head, sizeof(head), "\033]8;id=paddock-%d;", link);
	put_text(writer, link ? head : "\033]8;;");
	if (link)
		put_text(writer, links->uris[link]);
	put_text(writer, "\033\\");
	writer->bytes += link ? strlen(links->uris[link]) : 0;
	writer->link = link;
}

static void move_to(const struct writer *writer, int row, int column)
{
	tputs(tparm(cursor_address, (long)row, (long)column, 0L, 0L, 0L, 0L, 0L, 0L, 0L), 1, writer->put);
}

static void put_cell(const struct writer *writer, const struct curses_cell *cell)
{
	int pair = cell->pair;
	mbstate_t state = { 0 };

	vid_puts(cell->attributes, (short)pair, NCURSES_EXT_COLORS ? &pair : NULL, writer->put);
	for (const wchar_t *c = cell->text; *c; c++) {
		char bytes[MB_LEN_MAX];
		size_t len = wcrtomb(bytes, *c, &state);

		for (size_t i = 0; len != (size_t)-1 && i < len; i++)
			writer->put((unsigned char)bytes[i]);
	}
}

/* all: every cell of the row is written, since curses may have moved some with their links. */
static void write_row(const struct outer_links *links, struct writer *writer, int row, bool all)
{
	uint16_t *wanted = links->wanted + (size_t)row * (size_t)links->width;
	uint16_t *shown = links->shown + (size_t)row * (size_t)links->width;
	int taken;

	writer->there = false;
	for (int i = 0; i < links->width; i += taken) {
		struct curses_cell cell = curses_cell_at(curscr, row, i);
		int link;

		taken = wcwidth(cell.text[0]) == 2 && i + 1 < links->width ? 2 : 1;
		link = cell.attributes & OUTER_LINKED && writer->bytes < OUTER_LINKS_BYTES ? wanted[i] : 0;
		/* A character in the corner would scroll some terminals; a line is drawn in other ways than text. */
		if ((!all && link == shown[i] && !(link && links->touched[row])) || cell.attributes & A_ALTCHARSET ||
		    (row == links->height - 1 && i + taken == links->width)) {
			writer->there = false;
			continue;
		}
		if (!writer->there)
			move_to(writer, row, i);
		open_link(writer, links, link);
		put_cell(writer, &cell);
		writer->there = writer->any = true;
		for (int j = i; j < i + taken; j++)
			shown[j] = (uint16_t)link;
	}
}

static bool has_link(const uint16_t *cells, int count)
{
	for (int i = 0; i < count; i++)
		if (cells[i])
			return true;
	return false;
}

void outer_links_after(struct outer_links *links, int (*put)(int))
{
	struct writer writer = { .put = put };
	int row, column;

	if (!links->height || !cursor_address)
		return;
	getyx(curscr, row, column);
	for (int i = 0; i < links->height; i++) {
		size_t first = (size_t)i * (size_t)links->width;
		bool had;

		if (links->cleared)
			memset(links->shown + first, 0, (size_t)links->width * sizeof(*links->shown));
		if (!links->touched[i] && !links->placed[i])
			continue;
		had = has_link(links->shown + first, links->width);
		if (had || has_link(links->wanted + first, links->width))
			write_row(links, &writer, i, had && links->touched[i]);
		links->placed[i] = false;
	}
	wmove(curscr, row, column);
	if (!writer.any)
		return;
	open_link(&writer, links, 0);
	vid_puts(A_NORMAL, 0, NULL, put);
	move_to(&writer, row, column);
}
