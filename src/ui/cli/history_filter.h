/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_HISTORY_FILTER_H
#define UI_CLI_HISTORY_FILTER_H

#include "core/keeper/stream/tracker.h"
#include "core/terminal/guest_filter.h"

struct str;

/*
 * A guest's console on the user's own terminal, for `run`, `attach` and
 * `log`: what may reach the terminal, and what brings it back to the modes
 * that a shell expects. Pure.
 */
struct shown {
	struct guest_filter filter;
	struct tracker tracker;	/* of what has reached the terminal */
	bool raw;		/* nothing is filtered */
	char last;		/* byte that has reached the terminal; 0: none yet */
};

/* input: keys and mouse go to the guest, so it may choose what the terminal sends for them. */
void shown_init(struct shown *, bool input);
/* Appends what may go to the terminal. */
void shown_feed(struct shown *, const void *bytes, size_t len, struct str *out);
/* Whether the terminal may still send something that nobody has typed: answers, movements of the mouse. */
bool shown_may_be_answered(const struct shown *);
/* Whether the guest wants keys spelled out that have no sequence of their own (modifyOtherKeys). */
bool shown_spells_keys(const struct shown *);
/* Appends what takes the terminal out of all that the guest has done to it. */
void shown_reset(const struct shown *, struct str *out);
/* After a shell had the terminal, back into the guest's modes. */
void shown_resume(const struct shown *, struct str *out);

#endif
