/* SPDX-License-Identifier: MIT */
#ifndef FAKE_TWINS_H
#define FAKE_TWINS_H

#include "core/base/str.h"
#include "core/terminal/terminal.h"

/* Terminals that ought to be the same, since they took the same bytes in other pieces. */
struct twin {
	struct terminal *term;
	struct str heard;		/* answers, titles and bells */
};

void twin_open(struct twin *, int rows, int columns, size_t scrollback);
void twin_close(struct twin *);
/*
 * Returns in what they differ, to be freed; NULL if in nothing. Compares all that they show and said, then asks both
 * for their modes and pens and uses up what they have saved, and compares again: they are good for nothing afterwards.
 */
char *twins_differ(struct twin *, struct twin *);

#endif
