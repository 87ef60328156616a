/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_GUARD_H
#define CORE_TERMINAL_TERMINAL_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What stands between a guest's bytes and libvterm. libvterm 0.1.4 takes its
 * input on trust: more than 16 parameters of a control sequence, an OSC that
 * ends in the next write, a cursor restored after a resize, a repeat of
 * nothing, a split character all lead outside its memory or into an endless
 * loop. So whole, bounded and valid sequences are all it ever sees, and the
 * few things it does not know (several modes in one sequence, SGR 2 and 8,
 * titles in pieces, ED 3, DECSTR, DECRC by CSI u) are reported to the owner.
 *
 * Pure and of fixed size. Plain runs are passed as they lie in the input.
 */
#define GUARD_ARGS	14		/* libvterm reads up to two behind its last one */
#define GUARD_NUMBER	65535
#define GUARD_RUN	8
#define GUARD_STRING	4096		/* longer OSC and DCS strings are dropped */

enum guard_act {
	GUARD_MODE,		/* DEC private mode `value` was set or reset; it is passed on, too */
	GUARD_RESTORE,		/* the cursor was restored by what was passed last: bring it inside */
	GUARD_REPEAT,		/* the last character, `value` times */
	GUARD_FORGET,		/* the scrollback */
	GUARD_RESET,		/* RIS */
	GUARD_SOFT_RESET,	/* DECSTR */
	GUARD_SIZE,		/* the guest asks for it, by CSI 18 t */
	GUARD_DIM, GUARD_CONCEAL
};

struct guard_sink {
	void (*pass)(void *data, const char *bytes, size_t len);	/* safe for libvterm; a whole number of sequences */
	/* A run of printable ASCII in no special mode, where libvterm's cursor is: how many of them the owner
	 * has written itself, less than all. Only runs of at least GUARD_RUN. */
	size_t (*run)(void *data, const unsigned char *bytes, size_t len);
	void (*act)(void *data, enum guard_act, int value, bool on);
	void (*string)(void *data, char kind, const char *text, size_t len);	/* kind ']' OSC, 'P' DCS; NUL behind it */
	bool (*crowded)(void *data);	/* whether the last character has more marks than anybody wants */
};

struct guard {
	const struct guard_sink *sink;
	void *data;
	int state;		/* private to terminal_guard.c, as all below */
	bool clean;		/* the sequence can be passed as it lies in the input */
	bool bad;		/* it can't be passed at all */
	bool unusual;		/* a charset was chosen, or protection: libvterm may not be given a mixed run, nor be bypassed */
	bool insert;		/* IRM */
	bool crowded;
	bool styled;		/* dim or concealed */
	char leader, intermediate, kind;
	int count;
	int args[GUARD_ARGS];	/* -1: not given */
	bool colon[GUARD_ARGS];	/* a sub-parameter follows */
	unsigned high;		/* characters beyond U+0300 so far */
	int held_len;		/* of a character that is not whole yet */
	unsigned char held[4];
	size_t string_len;	/* GUARD_STRING + 1: too long */
	char string[GUARD_STRING + 1];
};

void guard_init(struct guard *, const struct guard_sink *, void *data);	/* also: forget a sequence begun */
void guard_feed(struct guard *, const void *bytes, size_t len);

#endif
