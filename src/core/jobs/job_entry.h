/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_ENTRY_H
#define CORE_JOBS_JOB_ENTRY_H

#include "core/base/strv.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct error;
struct record_io;

/* The record of one job; job_list.h has the rules about all of them. */
enum job_state {
	JOB_RUNNING,
	JOB_DONE,
	JOB_FAILED,		/* see `error` */
	JOB_CANCELLED,
	JOB_KILLED		/* by a signal, or the host went down */
};

struct job_entry {
	unsigned id;		/* 1.. */
	enum job_state state;
	char *title, *vm;
	char *step;		/* what it does, or did last; "" at first */
	char *error;		/* one line; "" unless it failed */
	unsigned percent;
	pid_t pid;
	time_t started, ended;	/* ended: 0 while it runs */

	/* What it makes; see job_made.h. */
	char *uuid;		/* of the profile: once it is saved, the job has succeeded */
	char *profile;		/* its name */
	char *directory;	/* where the files will be; "" for none */
	char *hidden;		/* where they are being made */
	uint64_t device, inode;	/* of that directory; 0 until it exists */
	struct strv files;
};

const char *job_state_name(enum job_state);	/* "running" */
void job_entry_finish(struct job_entry *);

/* DIR/ID and the suffix, ".ini" or ".lock". The caller frees it. */
char *job_entry_path(const char *dir, unsigned id, const char *suffix);
bool job_entry_write(const char *dir, const struct record_io *, const struct job_entry *, struct error *);
/* Returns false if there is none, or if it names files outside its own directory. The caller finishes `out` of a success. */
bool job_entry_read(const char *dir, const struct record_io *, unsigned id, struct job_entry *out);

#endif
