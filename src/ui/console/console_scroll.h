/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_SCROLL_H
#define UI_CONSOLE_CONSOLE_SCROLL_H

#include "ui/kit/keys.h"

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

struct terminal;

/*
 * Looking back in a terminal: where the window stands, and a search. Lines are
 * known by the number they keep (row + terminal_lines), so that what the guest
 * writes meanwhile moves nothing. Pure but for reading the terminal.
 */
#define SCROLL_QUERY 80

struct scroll {
	bool on;
	bool typing;		/* the query */
	int64_t top;		/* line in the window's first row */
	int64_t match;		/* line of the match that n and N go on from */
	int match_column;	/* -1: none */
	wchar_t query[SCROLL_QUERY];
	int query_len;
};

void scroll_begin(struct scroll *, const struct terminal *, int row);	/* the terminal's row that the window begins with */
void scroll_end(struct scroll *);		/* keeps the query */
/* The terminal's row in the window's first row; in range whatever has left meanwhile. */
int scroll_row(const struct scroll *, const struct terminal *, int rows);
void scroll_by(struct scroll *, const struct terminal *, int rows, int64_t by);
/* The next match above (or below); false: none, and nothing moved. */
bool scroll_find(struct scroll *, const struct terminal *, int rows, bool up);
/* Begin the search anew from the window's last row. */
void scroll_restart(struct scroll *, const struct terminal *, int rows);
/* A key of the query's line; false when it is not being typed any more. */
bool scroll_query_key(struct scroll *, const struct key *, bool *search);

/* The first match at or right of column; its columns. Without a capital in the query case does not count. */
bool scroll_match(const struct scroll *, const struct terminal *, int row, int column, int *at, int *width);

#endif
