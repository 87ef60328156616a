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
 * What the keeper knows of the console without being a terminal: a small
 * state machine over the bytes (ECMA-48 / xterm control sequences) that
 * follows the modes a client must be put into when it joins in the middle.
 * Pure, fixed size, never allocates; every byte of the guest goes through it.
 */
struct tracker {
	struct modes modes;
	struct sequence sequence;
	uint8_t utf8_left;	/* continuation bytes that the last character still wants */
	bool shifted;		/* behind a single shift: it is about the next character */
	uint64_t fed;		/* bytes so far */
	uint64_t clean;		/* position in them of the last place between two sequences */
};

void tracker_init(struct tracker *);
void tracker_feed(struct tracker *, const void *bytes, size_t len);
/* In no sequence and no UTF-8 character: a client may begin here. */
bool tracker_between(const struct tracker *);
/* How many of the newest bytes belong to what is not finished; 0 where tracker_between. The modes are those
 * in front of these bytes, so a client may begin there too. */
uint64_t tracker_pending(const struct tracker *);
/* Bytes that bring a freshly reset terminal into these modes: private modes, SGR, scroll region,
 * charsets, cursor shape, keypad, title not. */
void tracker_modes(const struct tracker *, struct str *out);

#endif
