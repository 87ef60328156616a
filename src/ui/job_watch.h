/* SPDX-License-Identifier: MIT */
#ifndef UI_JOB_WATCH_H
#define UI_JOB_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct error;
struct job;

/*
 * The jobs that this screen has started: their progress is in the title, and
 * their end is said. A job outlives the screen.
 */
struct job_watch;

struct job_watch *job_watch_new(void);
void job_watch_free(struct job_watch *);	/* accepts NULL */
/* done: said when the job has succeeded. */
bool job_watch_start(struct app *, const struct job *, const char *done, struct error *);
/* Writes "cloning web to web-2 42%" of the newest job that runs; "" if none does. */
void job_watch_title(const struct job_watch *, char *buf, size_t size);

#endif
