/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_LINE_TEXT_H
#define UI_CONSOLE_LINE_TEXT_H

#include "core/base/str.h"
#include "core/terminal/terminal.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Lines of a terminal as the guest wrote them: rows that are wrapped belong
 * together. Line numbers are those of struct terminal_point. A line of more
 * than LINE_ROWS rows is read in pieces of that many, so that none is unbounded;
 * pieces may overlap, and a row belongs to the piece of line_first. Pure.
 */
#define LINE_ROWS 256

struct line_place {
	int row;		/* from the first row of the piece */
	int column;
};

struct line_text {
	int64_t first;			/* line number of the first row */
	int rows;
	int64_t owned;			/* rows from this one on belong to this piece, those before it to an earlier one */
	struct str text;		/* UTF-8, without trailing blanks */
	struct line_place *places;	/* of each byte of text, and of its end */
	size_t size;			/* allocated elements of places */
};

int64_t line_oldest(const struct terminal *);	/* number of the oldest row */
int64_t line_end(const struct terminal *);	/* number behind the last row */
int line_row(const struct terminal *, int64_t line);	/* the terminal's row of this number */
bool line_wrapped(const struct terminal *, int64_t line);
/* The columns of a row that are text: without trailing blanks; in a wrapped row those of the whole row. */
int line_columns(const struct terminal *, int64_t line);
/* Appends the characters that begin in the columns [from, to) of a row. */
void line_add_row(const struct terminal *, struct terminal_point from, int to, struct str *out);

int64_t line_first(const struct terminal *, int64_t line);	/* the first row of the piece that this row belongs to */
/* Reads the piece that this row belongs to; `out` is zeroed at first, and can be read into again. */
void line_text_read(struct line_text *out, const struct terminal *, int64_t line);
void line_text_finish(struct line_text *);
struct terminal_point line_text_point(const struct line_text *, size_t offset);

#endif
