/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_QUERY_H
#define CORE_KEEPER_QUERY_H

#include "core/keeper/sequence.h"

#include <stddef.h>

struct str;

/*
 * Takes queries out of history, so that a real terminal that is shown it answers nothing:
 * DSR (ESC[5n ESC[6n ESC[?6n ...), DA1 DA2 DA3, DECID, DECRQM, DECRQSS, XTGETTCAP, XTVERSION, OSC with '?'
 * (4 10 11 12 52 ...), ENQ, window reports (CSI t 11..21), kitty's keyboard and graphics queries,
 * DECREQTPARM, checksums and other reports. A sequence split over calls is held back until it is complete
 * (at most 4 KiB, then let through).
 */
#define QUERY_HOLD 4096

struct query_filter {
	struct sequence sequence;
	unsigned char c1;	/* 0xc2 was the last byte: an UTF-8 C1 control may follow; else 0 */
	unsigned char passing;	/* the string is over the limit: through to its end */
	unsigned char ended;	/* an ESC ended the last string: the \ is not needed any more */
	size_t held;
	unsigned char hold[QUERY_HOLD];
};

void query_filter_init(struct query_filter *);
void query_filter_feed(struct query_filter *, const void *bytes, size_t len, struct str *out);
/* At the end of history: what is held back is no query that ended there; give it out. */
void query_filter_flush(struct query_filter *, struct str *out);

#endif
