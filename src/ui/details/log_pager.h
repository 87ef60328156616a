/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_LOG_PAGER_H
#define UI_DETAILS_LOG_PAGER_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct log_file;
struct log_match;
struct log_search;

/*
 * What a pager shows of a log: rows of wrapped lines, all lines or those that
 * match a filter, and matches of a search. Knows no curses. Everything that
 * takes time with the size of the log is done in steps by log_pager_work.
 */

/* A place: a row of a wrapped line. */
struct log_place {
	uint64_t line;
	size_t row;
};

/* A line in the window; its text is borrowed until the pager changes. */
struct log_shown {
	uint64_t line;
	char *text;
	bool timed;
	int64_t ms;		/* since 1970, if timed */
};

struct log_row {
	size_t line;		/* index in shown */
	size_t from, len;	/* which part of its text */
};

struct log_pager {
	struct log_file *file;		/* NULL: no log is open */
	int rows, columns;		/* of the text in the window */
	struct log_place top, last_top;	/* the first row, and the first row at the end of the log */
	struct log_place wanted;	/* top, once the lines there are known */
	bool follows;			/* stays at the end */

	struct log_match *filter, *match;	/* NULL: none */
	struct log_search *kept, *found;	/* the lines of each */
	bool seeking, seek_up, seek_turns;	/* looks for the next match; if there is none, in the other direction */
	uint64_t seek_from;
	unsigned seek_again;		/* how many further matches in this direction were asked for meanwhile */
	uint64_t current;		/* the line of the match that was gone to */
	bool has_current;
	bool failed;			/* there was no such match */

	struct log_shown *shown;
	size_t shown_count, shown_size;
	struct log_row *row;
	size_t row_count, row_size;
	struct str text;		/* scratch */
	char *bytes;
};

void log_pager_init(struct log_pager *);
void log_pager_finish(struct log_pager *);

/* Shows the end of this log and follows it. The filter and the search stay. Returns false if it cannot be opened: err->code. */
bool log_pager_open(struct log_pager *, const char *directory, unsigned boot, struct error *err);
void log_pager_close(struct log_pager *);
/* The log may have grown. Returns true if something changed. */
bool log_pager_look(struct log_pager *);
void log_pager_resize(struct log_pager *, int rows, int columns);

void log_pager_move(struct log_pager *, long rows);	/* down; negative: up */
void log_pager_first(struct log_pager *);
void log_pager_last(struct log_pager *);		/* and follows from there */
void log_pager_go(struct log_pager *, struct log_place);	/* as soon as the lines there are known */

/* Shows only lines that match; NULL: all. Takes ownership. */
void log_pager_filter(struct log_pager *, struct log_match *);
/* Searches upwards from the end of the window; if there is nothing, below. NULL: no search. Takes ownership. */
void log_pager_search(struct log_pager *, struct log_match *);
/* Goes to the next match above or below. */
void log_pager_next(struct log_pager *, bool up);

/* True if there is work; then call log_pager_work again and again. It returns true if the window changed. */
bool log_pager_busy(const struct log_pager *);
bool log_pager_work(struct log_pager *);

/* How much of the log is above the end of the window, in per cent. */
int log_pager_percent(const struct log_pager *);
/* The next line at or after a position that is shown with this filter, for a copy. Returns false at the end. */
bool log_pager_line_from(struct log_pager *, uint64_t position, uint64_t *line);

#endif
