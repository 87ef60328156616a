/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_GUEST_FILTER_H
#define CORE_TERMINAL_GUEST_FILTER_H

#include "core/terminal/sequence.h"

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * What a guest writes, reduced to what may reach the user's own terminal:
 * text, colours, cursor movements, erasing, scrolling and the modes that
 * core/keeper/modes.c follows, so that all of it can be undone. Everything
 * else is dropped: OSC, DCS, APC and other strings (clipboard, titles,
 * palette, function keys, notifications), printing, resizing, keyboard locks,
 * C1 controls, erasing the scrollback, tab stops. Sequences come out whole
 * and spelled anew, whatever pieces they arrive in. Pure, of fixed size;
 * filtering twice is filtering once.
 */
#define GUEST_FILTER_HELD 128		/* bytes of parameters, or of an OSC that may be a query */

struct guest_filter {
	bool asks;		/* a few queries pass; their answers hold nothing that the guest has chosen */
	bool input;		/* modes pass that change what the terminal sends for keys and mouse */
	bool asked;		/* a query has passed */
	bool title;		/* behind ESC k, up to its end */
	struct sequence sequence;
	unsigned char utf8_len;	/* of a character that is not whole yet */
	unsigned char utf8[4];
	size_t held_len;	/* GUEST_FILTER_HELD + 1: too long */
	char held[GUEST_FILTER_HELD];
};

void guest_filter_init(struct guest_filter *, bool input);	/* asks: false */
void guest_filter_feed(struct guest_filter *, const void *bytes, size_t len, struct str *out);
/* Bytes are missing here: what had begun does not go on. */
void guest_filter_cut(struct guest_filter *);

#endif
