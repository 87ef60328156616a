/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_GUARD_IMPL_H
#define CORE_TERMINAL_TERMINAL_GUARD_IMPL_H

#include "core/terminal/terminal_guard.h"

/* Inside of the guard, for terminal_guard.c (bytes to sequences) and terminal_guard_csi.c (what becomes of them) only. */

/* Where we are in one write: [span, at) is to be passed and has not been yet. */
struct scan {
	const unsigned char *at, *end, *span;
	const unsigned char *begin;	/* of the sequence; NULL: in an earlier write */
};

void guard_pass(struct guard *, const void *bytes, size_t len);
void guard_flush(struct guard *, struct scan *, const unsigned char *upto);
void guard_act(struct guard *, enum guard_act, int value, bool on);
void guard_drop(struct guard *, struct scan *);
void guard_keep(struct guard *, struct scan *, const char *bytes, size_t len);
void guard_restore(struct guard *);			/* the cursor */
void guard_csi_done(struct guard *, struct scan *, char final);

#endif
