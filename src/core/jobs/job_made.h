/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_MADE_H
#define CORE_JOBS_JOB_MADE_H

#include <stdbool.h>

struct error;
struct job_entry;

/*
 * The directory that a job fills. It is made under a hidden name next to its final one, with the lock of a state
 * directory in it, and moved when it is complete, so that it is never half there. Used only by this folder.
 */

/* Sets entry->hidden, for the record that is written before the directory is made. */
void job_made_place(struct job_entry *);
/* Makes it, sets the device and the inode of the entry, and locks it: *lock is the caller's. */
bool job_made_open(struct job_entry *, const char *who, int *lock, struct error *);
/* Syncs the files and moves the directory to its final name; fails if that exists. */
bool job_made_install(const struct job_entry *, struct error *);
/*
 * Removes the files, and the directory under either name, if it is the one that was made and has nothing else in it.
 * Returns false if it is still there, or is in use.
 */
bool job_made_remove(const struct job_entry *);

#endif
