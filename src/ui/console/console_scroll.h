/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_SCROLL_H
#define UI_CONSOLE_CONSOLE_SCROLL_H

#include "core/base/pattern.h"
#include "ui/console/line_search.h"
#include "ui/console/point_move.h"
#include "ui/console/selection.h"
#include "ui/kit/keys.h"

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

/*
 * Reading a terminal's history: a window, a cursor, a selection and a search.
 * Lines are identified by a number that does not change (line_text.h), so that
 * new output of the guest does not move the window. Whoever has a scroll makes
 * the terminal follow its places, so that they survive a resize. Pure, except
 * for reading the terminal.
 */
#define SCROLL_QUERY 80		/* characters of a query, and one for the end */

enum scroll_place {
	SCROLL_TOP,		/* the window's first row; the column is unused */
	SCROLL_CURSOR,
	SCROLL_ANCHOR,		/* where the selection began */
	SCROLL_PLACES
};

struct scroll {
	bool on;
	bool typing;		/* the query is being typed */
	bool regex;		/* the query is an expression */
	bool alternate;		/* the screen that `tally` counts in */
	enum selection_kind kind;
	struct terminal_point places[SCROLL_PLACES];
	int wanted;		/* the column that moves up and down come back to */
	wchar_t query[SCROLL_QUERY];
	int query_len;
	struct pattern pattern;	/* of the query */
	struct line_search search;
	struct line_tally tally;
};

void scroll_finish(struct scroll *);
/* row: the terminal's row in the window's first row; cursor: the terminal's cell under the cursor. */
void scroll_begin(struct scroll *, const struct terminal *, int row, struct terminal_point cursor);
void scroll_end(struct scroll *);		/* keeps the query */
/* The terminal has changed. */
void scroll_update(struct scroll *, const struct terminal *, int rows);
/* The terminal's row in the window's first row; valid even if lines have been dropped meanwhile. rows: of the window. */
int scroll_row(const struct scroll *, const struct terminal *, int rows);
bool scroll_at_bottom(const struct scroll *, const struct terminal *, int rows);

/* Moves the cursor; the window follows. */
void scroll_move(struct scroll *, const struct terminal *, int rows, enum point_move);
void scroll_lines(struct scroll *, const struct terminal *, int rows, int64_t down);
void scroll_to(struct scroll *, const struct terminal *, int rows, struct terminal_point);
/* Moves the window, and the cursor with it. */
void scroll_by(struct scroll *, const struct terminal *, int rows, int64_t down);
/* Moves the window, and the cursor only as far as it must to stay inside. */
void scroll_window(struct scroll *, const struct terminal *, int rows, int64_t down);

/* Begins a selection of this kind at the cursor, changes its kind, or ends it if it has this kind. */
void scroll_select(struct scroll *, enum selection_kind);
void scroll_swap(struct scroll *, const struct terminal *, int rows);	/* the cursor goes to the other end */
struct selection scroll_selection(const struct scroll *);	/* of kind SELECT_NOTHING if there is none */

/* Begins a search from the cursor; scroll_search does the rest. */
void scroll_find(struct scroll *, bool up);
/* Does a slice of what is left of searching and counting. Returns false if nothing is left. */
bool scroll_search(struct scroll *, const struct terminal *, int rows);
/* Handles a key while the query is typed. Returns false when the query is complete (*search) or cancelled. */
bool scroll_query_key(struct scroll *, const struct key *, bool *search);

#endif
