/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_KEEPER_H
#define CORE_KEEPER_RUN_KEEPER_H

#include "core/keeper/run/process.h"

struct record_io;

/*
 * The process that holds one running VM, started as process.h says.
 */

/* Does not return before the VM has ended; the exit status of the process. */
int keeper_main(const struct record_io *);

/* How long it waits, in ms; for tests, which cannot wait as long as people. */
struct keeper_patience {
	unsigned lock;		/* for a lock that is falling */
	unsigned helper;	/* for a helper's socket, and for its end */
	unsigned react;		/* for the guest to react to its power button */
	unsigned quit;		/* after SIGTERM, from power button to quit */
	unsigned flush;		/* at the end, for a client that does not read */
};

int keeper_main_patient(const struct record_io *, const struct keeper_patience *);

#endif
