/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GUEST_FILTER_H
#define CORE_TERMINAL_GUEST_FILTER_H

#include "core/terminal/scan.h"

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * Filters the output of a guest for the user's own terminal. It passes text,
 * colours, cursor movement, erasing, scrolling and modes, all of which can be
 * undone. It drops everything else: OSC, DCS, APC and other strings (clipboard,
 * titles, palette, function keys, notifications), printing, resizing, keyboard
 * locks, erasing the scrollback, tab stops. Sequences may arrive in pieces and
 * are written in full, in a normal form of 7 bits. Pure, of fixed size.
 * Filtering the result again does not change it.
 */
struct guest_filter {
	bool asks;		/* pass a few queries, whose answers contain nothing that the guest chose */
	bool input;		/* pass modes that change what the terminal sends for keys and the mouse */
	bool asked;		/* a query has passed */
	bool kitty;		/* a change of kitty's keys has passed */
	bool title;		/* within a title, after ESC k */
	struct scan scan;
};

void guest_filter_init(struct guest_filter *, bool input);	/* sets `asks` to false */
/*
 * Appends to `out` what passes; and to `lasting` those sequences of it whose effect is more than text on the screen and
 * the cursor's position, without those that others undo: a terminal that gets only these is in the same modes afterwards.
 */
void guest_filter_feed(struct guest_filter *, const void *bytes, size_t len, struct str *out, struct str *lasting);
/* Call this where bytes are missing, to discard an unfinished sequence. */
void guest_filter_cut(struct guest_filter *);

#endif
