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
	uint64_t at[RESET_LOOP];	/* the newest resets in ms, as of loop_now */
	unsigned count;			/* of all resets */
};

/* Takes a reset by the guest at this time. Returns true if it is in a loop. */
bool reset_loop_add(struct reset_loop *, uint64_t ms);

#endif
