/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PLAN_RUNNER_H
#define CORE_KEEPER_RUN_PLAN_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct loop;
struct plan;

/*
 * Carries the steps of a plan out, one after the other. What may take long
 * (disks, ISOs, copies) is a child process; helpers stay until they are
 * ended. A step that fails takes back what it made half.
 */
struct carry;

struct carry_events {
	void (*step)(void *data, const char *what);
	void (*done)(void *data, const struct error *);		/* NULL: every step was carried out */
	void (*helper_died)(void *data, const char *why);	/* after done, by itself */
	void (*helpers_ended)(void *data);			/* after carry_end */
};

struct carry *carry_new(struct loop *, const struct plan *, const struct carry_events *, void *data);
void carry_free(struct carry *);
/* How long to wait for a helper's socket, and for its end; default: 10 s. */
void carry_patience(struct carry *, unsigned ms);
void carry_begin(struct carry *);	/* events may come before it returns */
/* Stop at once, without done; what is half made is removed. Helpers stay. */
void carry_cancel(struct carry *);
/* End the helpers; helpers_ended comes when all are reaped, maybe before this returns. */
void carry_end(struct carry *);
/* How a helper failed beside a running QEMU, which may be why QEMU ends; NULL: none did. */
const char *carry_failure(const struct carry *);
/* The steps of a plan up to the first that is no directory: what the lock needs. */
bool carry_directories(const struct plan *, struct error *);

#endif
