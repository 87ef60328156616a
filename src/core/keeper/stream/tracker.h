/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_TRACKER_H
#define CORE_KEEPER_STREAM_TRACKER_H

#include "core/keeper/stream/modes.h"
#include "core/terminal/sequence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * A small state machine over the bytes of the console (ECMA-48 and xterm
 * control sequences). It tracks the modes that a client needs if it joins in
 * the middle. Pure, of fixed size, never allocates. Every byte of the guest
 * passes through it.
 */
struct tracker {
	struct modes modes;
	struct sequence sequence;
	uint8_t utf8_left;	/* continuation bytes that the last character still lacks */
	bool shifted;		/* after a single shift, which applies to the next character */
	uint64_t fed;		/* number of bytes so far */
	uint64_t clean;		/* last position between two sequences */
};

void tracker_init(struct tracker *);
void tracker_feed(struct tracker *, const void *bytes, size_t len);
/* Returns true outside of sequences and UTF-8 characters, where a client can begin. */
bool tracker_between(const struct tracker *);
/* Returns how many of the newest bytes belong to an unfinished sequence or character; 0 if tracker_between. The modes
 * are those before these bytes, so a client can begin there too. */
uint64_t tracker_pending(const struct tracker *);
/* Writes the bytes that put a freshly reset terminal into these modes: private modes, SGR, scroll region, charsets,
 * cursor shape and keypad, but not the title. */
void tracker_modes(const struct tracker *, struct str *out);

#endif
