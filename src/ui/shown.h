/* SPDX-License-Identifier: MIT */
#ifndef UI_SHOWN_H
#define UI_SHOWN_H

#include "core/keeper/stream.h"

struct str;

/*
 * What a guest wrote earlier, shown by the user's own terminal: the terminal
 * must not answer the queries in it, since a shell would take the answers for
 * typed text, and gets back the modes that a shell expects. Pure.
 */
struct shown {
	struct query_filter filter;
	struct tracker tracker;
	char last;	/* byte that may go to the terminal; 0: none yet */
};

void shown_init(struct shown *);
/* Appends what may go to the terminal. */
void shown_feed(struct shown *, const void *bytes, size_t len, struct str *out);
/* At the end of what is history: what was held back. */
void shown_flush(struct shown *, struct str *out);
/*
 * Out of whatever the guest may have left the terminal in: colours, a hidden
 * cursor, keypad and mouse modes, bracketed paste, a scroll region, line
 * drawing. The alternate screen is left only if it was entered, for leaving
 * it moves the cursor.
 */
void shown_reset(const struct shown *, struct str *out);

#endif
