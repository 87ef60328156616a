/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SCROLLER_H
#define UI_KIT_SCROLLER_H

#include "ui/kit/theme.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The scroll position of a view with more rows than fit: the selected row, and
 * the first visible row, which follows it. A text has no selected row: there
 * `at` is the first visible row, `count` how many rows can be the first, and
 * `top` is unused.
 */
struct scroller {
	size_t at;
	size_t top;
	size_t count;
	int page;		/* how many rows fit */
};

/* A movement; the argument of a row in a key table, whose function is then a key_fn (keys.h). */
enum scroller_move {
	MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HALF_UP, MOVE_HALF_DOWN, MOVE_FIRST, MOVE_LAST,
	MOVE_WHEEL_UP, MOVE_WHEEL_DOWN
};

/* The rows of a key table for a list with a selected row. */
#define SCROLLER_LIST_KEYS(run) \
	{ "Up k", (run), MOVE_UP, "Up", NULL }, \
	{ "Down j", (run), MOVE_DOWN, "Down", NULL }, \
	{ "PgUp C-b", (run), MOVE_PAGE_UP, "Scroll up a page", NULL }, \
	{ "PgDn C-f", (run), MOVE_PAGE_DOWN, "Scroll down a page", NULL }, \
	{ "Home g", (run), MOVE_FIRST, "Go to the first row", NULL }, \
	{ "End G", (run), MOVE_LAST, "Go to the last row", NULL }

/* The same for a text. page_label: for the bottom line, or NULL. */
#define SCROLLER_TEXT_KEYS(run, page_label) \
	{ "Up k", (run), MOVE_UP, "Scroll up", NULL }, \
	{ "Down j", (run), MOVE_DOWN, "Scroll down", NULL }, \
	{ "PgUp C-b", (run), MOVE_PAGE_UP, "Scroll up a page", NULL }, \
	{ "PgDn Space C-f", (run), MOVE_PAGE_DOWN, "Scroll down a page", (page_label) }, \
	{ "Home g", (run), MOVE_FIRST, "Go to the beginning", NULL }, \
	{ "End G", (run), MOVE_LAST, "Go to the end", NULL }

/* Sets the number of rows and how many of them fit. */
void scroller_fit(struct scroller *, size_t count, int page);
/* Selects this row, or the last one if there are fewer. */
void scroller_to(struct scroller *, size_t row);
void scroller_move(struct scroller *, enum scroller_move);
/* How many rows the movement goes down if `page` rows fit. Moving by a page keeps one row visible. */
long scroller_distance(enum scroller_move, int page);
/* The movement for a turn of the wheel. */
enum scroller_move scroller_wheel(enum mouse_act);
/* The row in a line of the window, counted from 0. Returns false if the line is empty. */
bool scroller_row_at(const struct scroller *, int line, size_t *row);
/* Writes " 5-9 of 40 " into buf if a part of the rows is visible, "" if all are. Returns buf. */
const char *scroller_extent(size_t top, size_t visible, size_t count, char *buf, size_t size);
/* Draws " 3 of 40 " in the frame of a window if not all rows fit. */
void scroller_draw(const struct scroller *, WINDOW *, const struct theme *);

#endif
