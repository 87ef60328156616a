/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_LINE_SEARCH_H
#define UI_CONSOLE_LINE_SEARCH_H

#include "core/base/pattern.h"
#include "ui/console/line_text.h"

/*
 * Searching the lines of a terminal, in slices of at most SEARCH_ROWS rows, so
 * that a key never waits for all of the history. Pure.
 */
#define SEARCH_ROWS 512
#define SEARCH_COUNTED 10000		/* matches that are counted */

struct line_match {
	struct terminal_point from, to;	/* to: behind the last character, in the row of that */
};

/* Finds the first match of a piece at or after the byte *offset, and moves that behind it. */
bool line_match_next(const struct pattern *, const struct terminal *, const struct line_text *, size_t *offset,
                     struct line_match *out);

enum search_state { SEARCH_IDLE, SEARCH_GOES_ON, SEARCH_FOUND, SEARCH_FAILED };

/* The way to the nearest match above or below a point. */
struct line_search {
	enum search_state state;
	bool up;
	struct terminal_point from;	/* a match begins before it, or behind it */
	int64_t next;			/* line to be searched next */
	struct line_match found;
};

void line_search_begin(struct line_search *, struct terminal_point from, bool up);
/* Searches a slice; returns the new state. */
enum search_state line_search_step(struct line_search *, const struct pattern *, const struct terminal *);

/* The beginnings of all matches, oldest first, gathered bit by bit. */
struct line_tally {
	struct terminal_point *found;
	size_t count, size;
	int64_t next;			/* lines before it have been searched */
	bool done;			/* all lines have been searched, or SEARCH_COUNTED were found */
};

void line_tally_begin(struct line_tally *);
/* The rows of the screen have changed, or there are more. */
void line_tally_changed(struct line_tally *, const struct terminal *);
void line_tally_step(struct line_tally *, const struct pattern *, const struct terminal *);
/* Writes "3/17", "3/17+" while it is incomplete, "17" where no match begins at the point; "" for none. */
void line_tally_text(const struct line_tally *, const struct terminal *, struct terminal_point at, char *out, size_t size);
void line_tally_finish(struct line_tally *);

#endif
