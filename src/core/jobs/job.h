/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_H
#define CORE_JOBS_JOB_H

#include "core/base/strv.h"
#include "core/vm/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct str;

/*
 * Long work on the disks of VMs, as data: which state directories it locks,
 * which programs it runs to fill a new directory, and the profile that it
 * saves when all of them have succeeded. Somebody else runs it (job_run.h) in
 * a process of its own (job_client.h).
 */
struct job_step {
	char *what;		/* "copying disk-1.qcow2" */
	char *file;		/* the file that it makes, a name in the new directory */
	uint64_t size;		/* bytes, for its share of the progress; never 0 */
	bool accept;		/* the user allows this image to refer to the files that it refers to (formats.h) */
	struct strv argv;	/* the program and its arguments; runs in the new directory; progress as of `qemu-img -p` */
};

struct job {
	char *title;		/* "cloning web to web-2" */
	char *vm;		/* the name of the VM whose disks it reads */
	struct strv states;	/* the state directories that it locks, absolute; made where they are missing */
	char *directory;	/* the directory that the steps fill, absolute, which must not exist; NULL: there are no steps */
	struct job_step *steps;
	size_t step_count;
	struct vm_config profile;	/* what is saved at the end; must have a UUID, by which a finished job is known */
};

void job_init(struct job *);
void job_finish(struct job *);	/* accepts a zeroed struct */
/* Returns a new step; job owns it. */
struct job_step *job_add_step(struct job *, const char *file, uint64_t size);

/* The job as bytes, for the process that runs it. job_read initialises `out`, which the caller finishes in any case. */
void job_write(const struct job *, struct str *out);
bool job_read(const char *bytes, size_t len, struct job *out, struct error *);

#endif
