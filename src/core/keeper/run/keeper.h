/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_KEEPER_H
#define CORE_KEEPER_RUN_KEEPER_H

#include "core/keeper/run/process.h"

struct record_io;

/*
 * The process that runs one VM. It is started as described in process.h.
 */

/* Runs until the VM has ended; returns the exit status for the process. */
int keeper_main(const struct record_io *);

/* Timeouts, in ms; shorter in tests. */
struct keeper_timeouts {
	unsigned lock;		/* for a lock that is about to be released */
	unsigned helper;	/* for a helper to open its socket, and to exit */
	unsigned react;		/* for the guest to react to its power button */
	unsigned quit;		/* after SIGTERM, from power button to quit */
	unsigned flush;		/* at the end, for clients that do not read */
	unsigned reset_apart;	/* within which resets by the guest count once */
};

int keeper_main_with_timeouts(const struct record_io *, const struct keeper_timeouts *);

#endif
