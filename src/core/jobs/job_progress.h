/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_PROGRESS_H
#define CORE_JOBS_JOB_PROGRESS_H

#include <stddef.h>

/* Reads the progress that `qemu-img -p` writes, "    (12.34/100%)\r", from pieces of any size. Pure. */
struct job_progress {
	int percent;		/* 0..100, the newest that was complete */
	int reading;		/* the whole number that is being read; -1: none */
	int place;		/* what is expected next: an index of "(", digits, the rest */
};

void job_progress_init(struct job_progress *);
/* Takes in bytes; anything else in them is ignored. Returns the percentage, 0 until there is one. */
int job_progress_feed(struct job_progress *, const char *bytes, size_t len);

#endif
