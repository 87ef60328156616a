/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_RESET_LOOP_H
#define CORE_KEEPER_RUN_RESET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Notices a guest that resets itself again and again, such as one that panics
 * at each boot. Pure.
 */
#define RESET_LOOP 3		/* so many resets by the guest ... */
#define RESET_LOOP_MS 60000	/* ... within this time are a loop */

struct reset_loop {
	uint64_t last;			/* when the last one that counts was, in ms, as of loop_now */
	bool any;			/* there was one */
	uint64_t at[RESET_LOOP];	/* the newest resets by the guest */
	unsigned count;			/* of them */
};

/*
 * Returns false if a reset at this time belongs to one before it: a firmware that finds itself in a machine that was reset
 * resets it again, up to four times in a few ms (SeaBIOS). apart: the ms within which the guest's resets count once.
 */
bool reset_counts(struct reset_loop *, uint64_t ms, unsigned apart, bool by_guest);
/* Takes a reset by the guest that counts. Returns true if it is in a loop. */
bool reset_loop_add(struct reset_loop *, uint64_t ms);

#endif
