/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_KEEPER_H
#define CORE_KEEPER_RUN_KEEPER_H

struct record_io;

/*
 * The process that holds one running VM. keeper_launch executes
 * `/proc/self/exe KEEPER_WORD` with the plan on descriptor KEEPER_PLAN_FD
 * and its first client's socket on KEEPER_CLIENT_FD.
 */
#define KEEPER_WORD "--keeper"
#define KEEPER_PLAN_FD 3
#define KEEPER_CLIENT_FD 4

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
