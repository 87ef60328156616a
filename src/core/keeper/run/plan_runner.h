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
struct carry;

struct carry_events {
	void (*step)(void *data, const char *what);
	void (*done)(void *data, const struct error *);		/* NULL if all steps succeeded */
	void (*helper_died)(void *data, const char *why);	/* unexpectedly, after `done` */
	void (*helpers_ended)(void *data);			/* after carry_end, when all have exited */
};

struct carry *carry_new(struct loop *, const struct plan *, const struct carry_events *, void *data);
void carry_free(struct carry *);
/* Timeout for a helper to open its socket, and to exit; 10 s by default. */
void carry_patience(struct carry *, unsigned ms);
void carry_begin(struct carry *);	/* may call back before it returns */
/* Stops immediately, without calling `done`, and removes what is unfinished. Helpers keep running. */
void carry_cancel(struct carry *);
/* Stops the helpers; helpers_ended is called when all are reaped, perhaps before this returns. */
void carry_end(struct carry *);
/* Returns how a helper failed while QEMU was running, which may be why QEMU exits; NULL if none failed. */
const char *carry_failure(const struct carry *);
/* Runs only the leading STEP_MKDIR steps, so that the lock file has a directory. */
bool carry_directories(const struct plan *, struct error *);

#endif
