/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_CLIENT_H
#define CORE_JOBS_JOB_CLIENT_H

#include "core/jobs/job_entry.h"

#include <stdbool.h>

struct error;
struct job;
struct loop;

/*
 * Starts a job in a process of its own, which outlives this one, and follows
 * it as long as anybody wants to.
 */
struct job_client;

struct job_news {
	enum job_state state;	/* JOB_RUNNING: progress */
	unsigned percent;
	const char *step;	/* of JOB_RUNNING */
	const char *error;	/* of JOB_FAILED and JOB_KILLED: one line */
};

/* The last call is the one with another state than JOB_RUNNING. The callback may free the client. */
typedef void job_news_fn(void *data, const struct job_news *);

/* The caller frees the client, which it may do at any time: the job goes on. */
struct job_client *job_launch(struct loop *, const struct job *, job_news_fn *, void *data, struct error *);
void job_client_cancel(struct job_client *);	/* does nothing if it has ended */
void job_client_free(struct job_client *);	/* accepts NULL */

#endif
