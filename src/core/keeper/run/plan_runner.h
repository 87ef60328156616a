/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PLAN_RUNNER_H
#define CORE_KEEPER_RUN_PLAN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct loop;
struct plan;

/*
 * Runs the steps of a plan in order. Steps that may take long (disks, ISOs,
 * copies) run in a child process; helpers keep running until they are stopped.
 * A step that fails removes what it has created so far.
 */
struct plan_runner;

struct plan_runner_events {
	void (*step)(void *data, const char *what);
	void (*done)(void *data, const struct error *);		/* NULL if all steps succeeded */
	void (*helper_died)(void *data, const char *why);	/* unexpectedly, after `done` */
	void (*helpers_ended)(void *data);			/* after plan_runner_stop_helpers, when all have exited */
};

struct plan_runner *plan_runner_new(struct loop *, const struct plan *, const struct plan_runner_events *, void *data);
void plan_runner_free(struct plan_runner *);
/* Timeout for a helper to open its socket, and to exit; 10 s by default. */
void plan_runner_helper_wait(struct plan_runner *, unsigned ms);
void plan_runner_begin(struct plan_runner *);	/* may call back before it returns */
/* Stops immediately, without calling `done`, and removes what is unfinished. Helpers keep running. */
void plan_runner_cancel(struct plan_runner *);
/* Stops the helpers; helpers_ended is called when all are reaped, perhaps before this returns. */
void plan_runner_stop_helpers(struct plan_runner *);
/* Returns how a helper failed while QEMU was running, which may be why QEMU exits; NULL if none failed. */
const char *plan_runner_helper_error(const struct plan_runner *);
/* Runs only the leading STEP_MKDIR steps, so that the lock file has a directory. */
bool plan_runner_make_directories(const struct plan *, struct error *);

#endif
