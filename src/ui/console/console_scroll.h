/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_SCROLL_H
#define UI_CONSOLE_CONSOLE_SCROLL_H

#include "ui/kit/keys.h"

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

struct terminal;

/*
 * Scrolling and searching in a terminal's scrollback. Lines are identified by a
 * number that does not change (row + terminal_lines), so that new output of the
 * guest does not move the window. Pure, except for reading the terminal.
 */
#define SCROLL_QUERY 80

struct scroll {
	bool on;
	bool typing;		/* the query is being typed */
	int64_t top;		/* line number of the window's first row */
	int64_t match;		/* line number of the current match, from which n and N continue */
	int match_column;	/* -1: none */
	wchar_t query[SCROLL_QUERY];
	int query_len;
};

void scroll_begin(struct scroll *, const struct terminal *, int row);	/* row: the terminal's row in the window's first row */
void scroll_end(struct scroll *);		/* keeps the query */
/* The terminal's row in the window's first row; valid even if lines have been dropped meanwhile. */
int scroll_row(const struct scroll *, const struct terminal *, int rows);
void scroll_by(struct scroll *, const struct terminal *, int rows, int64_t by);
/* Goes to the next match above (or below). Returns false, and does not move, if there is none. */
bool scroll_find(struct scroll *, const struct terminal *, int rows, bool up);
/* Restarts the search from the window's last row. */
void scroll_restart(struct scroll *, const struct terminal *, int rows);
/* Handles a key while the query is typed. Returns false when the query is complete or cancelled. */
bool scroll_query_key(struct scroll *, const struct key *, bool *search);

/* Finds the first match at or right of column. Case is ignored unless the query has a capital letter. */
bool scroll_match(const struct scroll *, const struct terminal *, int row, int column, int *at, int *width);

#endif
