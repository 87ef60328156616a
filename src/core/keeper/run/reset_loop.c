/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/reset_loop.h"

bool reset_counts(struct reset_loop *loop, uint64_t ms, unsigned apart, bool by_guest)
{
	if (by_guest && loop->any && ms - loop->last < apart)
		return false;
	loop->any = true;
	loop->last = ms;
	return true;
}

bool reset_loop_add(struct reset_loop *loop, uint64_t ms)
{
	loop->at[loop->count++ % RESET_LOOP] = ms;

	/* The oldest of the newest ones is in the place that comes next. */
	return loop->count >= RESET_LOOP && ms - loop->at[loop->count % RESET_LOOP] <= RESET_LOOP_MS;
}
