/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_START_WAIT_H
#define CORE_MACHINES_START_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct plan;
struct record_io;
struct registry_entry;

/*
 * Starts a VM and waits until its keeper reports that it runs, in a loop of its own. Steps, notices and, after 10 s,
 * what the start is waiting for go to say.
 */
struct start_wait {
	uint64_t deadline;		/* as from loop_now; 0: none */
	void (*say)(const char *line);
};

enum start_outcome {
	START_FAILED,			/* err says why */
	START_DONE,			/* by this process */
	START_JOINED,			/* another process began the start, and it was waited for */
	START_RAN			/* it was already running */
};

/*
 * Joins a VM that another process starts or runs in the plan's state directory. When the deadline passes, err->code is
 * ETIMEDOUT; a start that this process began is undone, and any other start continues.
 */
enum start_outcome start_and_wait(const struct record_io *, const struct plan *, const struct start_wait *, struct error *);
/* Waits for a start that another process began. Fails if the VM is being stopped. */
enum start_outcome start_join(const struct registry_entry *, const struct start_wait *, struct error *);
/*
 * True if a VM runs in the plan's state directory. The lock decides, but its error does not say that `attach` is the
 * way to that VM.
 */
bool start_runs_already(const struct record_io *, const struct plan *);

#endif
