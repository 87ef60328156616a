/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_LIST_H
#define CORE_JOBS_JOB_LIST_H

#include "core/jobs/job_entry.h"

#include <stdbool.h>
#include <stddef.h>

struct error;
struct record_io;
struct store;

/*
 * The jobs of this user: $XDG_STATE_HOME/paddock/jobs/ID.ini, with ID.lock
 * while one runs. The lock is authoritative: a job that says that it runs, and
 * whose lock is free, was killed. What it made is in the record, written
 * before it was made; jobs_sweep removes it. Records of jobs that have ended
 * are kept for a day.
 */
struct job_list {
	struct job_entry *items;
	size_t count;
};

/* All jobs, by ID. One that was killed is JOB_KILLED, even if it has not been swept. A missing directory gives an empty list. */
bool job_list_read(const struct record_io *, struct job_list *, struct error *);
void job_list_finish(struct job_list *);

/*
 * Removes what killed jobs left, except of those whose profile was saved: they had succeeded. What cannot be removed, or
 * not be judged because the profiles cannot be read, is left for the next call. Forgets old records.
 */
void jobs_sweep(const struct record_io *, struct store *);
/* Ends a running job and waits for its end. */
bool job_cancel(const struct record_io *, unsigned id, struct error *);

/* The entry of a job that runs in this process. */
struct job_claim;

/* Sets entry->id, pid and started. The rest of the entry is the caller's to fill. Returns NULL and an error on failure. */
struct job_claim *job_claim_new(struct job_entry *, struct error *);
int job_claim_lock(const struct job_claim *);	/* a program that makes the files must inherit it */
bool job_claim_publish(const struct job_claim *, const struct record_io *, const struct job_entry *, struct error *);
void job_claim_release(struct job_claim *);	/* keeps the record; accepts NULL */

#endif
