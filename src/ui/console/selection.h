/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_SELECTION_H
#define UI_CONSOLE_SELECTION_H

#include "core/base/str.h"
#include "core/terminal/terminal.h"

#include <stdbool.h>

/* A part of a terminal's lines that is marked, and its text. Pure. */

enum selection_kind { SELECT_NOTHING, SELECT_CHARACTERS, SELECT_LINES, SELECT_RECTANGLE };

struct selection {
	enum selection_kind kind;
	struct terminal_point from, to;		/* both inclusive, in any order */
};

/* All lines of the history and the screen; with screen_only those of the screen. */
struct selection selection_of_all(const struct terminal *, bool screen_only);
/* The same with `from` first, within the terminal; for lines from the beginning of the first to the end of the last. */
struct selection selection_ordered(const struct selection *, const struct terminal *);
/* The columns [from, to) of a row in an ordered selection; false if there are none. */
bool selection_columns(const struct selection *ordered, const struct terminal *, int64_t line, int *from, int *to);
/*
 * Appends the text of a selection: rows that are wrapped are joined, except in
 * a rectangle; blanks at the end of lines and blank lines at the end are left out,
 * and so is the last newline, so that pasting a line does not run it.
 */
void selection_text(const struct selection *, const struct terminal *, struct str *out);

#endif
