/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GUEST_FILTER_H
#define CORE_TERMINAL_GUEST_FILTER_H

#include "core/terminal/sequence.h"

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * Filters the output of a guest for the user's own terminal. It passes text,
 * colours, cursor movement, erasing, scrolling and the modes that modes.c in
 * core/keeper/stream tracks, which can all be undone. It drops everything else:
 * OSC, DCS, APC and other strings (clipboard, titles, palette, function keys,
 * notifications), printing, resizing, keyboard locks, C1 controls, erasing the
 * scrollback, tab stops. Sequences may arrive in pieces and are written in full,
 * in a normal form. Pure, of fixed size. Filtering the result again does not
 * change it.
 */
#define GUEST_FILTER_HELD 128		/* limit on parameter bytes, and on an OSC that may be a query */

struct guest_filter {
	bool asks;		/* pass a few queries, whose answers contain nothing that the guest chose */
	bool input;		/* pass modes that change what the terminal sends for keys and the mouse */
	bool asked;		/* a query has passed */
	bool title;		/* within a title, after ESC k */
	struct sequence sequence;
	unsigned char utf8_len;	/* number of bytes of an incomplete character */
	unsigned char utf8[4];
	size_t held_len;	/* GUEST_FILTER_HELD + 1 if too long */
	char held[GUEST_FILTER_HELD];
};

void guest_filter_init(struct guest_filter *, bool input);	/* sets `asks` to false */
void guest_filter_feed(struct guest_filter *, const void *bytes, size_t len, struct str *out);
/* Call this where bytes are missing, to discard an unfinished sequence. */
void guest_filter_cut(struct guest_filter *);

#endif
