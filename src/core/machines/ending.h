/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_ENDING_H
#define CORE_MACHINES_ENDING_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>

struct keeper_end;
struct last_run;

/*
 * How the last run of a VM ended, as a value, as a word and as a sentence, and the word for a running VM. Used by the
 * list, the tabs, the console, and `paddock ls` with its JSON, so that they all show the same words. Pure.
 */
enum ending {
	ENDING_NONE,		/* no run is known */
	ENDING_OFF,		/* ended normally, or as requested */
	ENDING_KILLED,		/* killed on request */
	ENDING_CRASHED,		/* QEMU exited with an error */
	ENDING_CUT_OFF,		/* interrupted: its keeper was killed, or the host went down */
	ENDING_FAILED,		/* the start failed */
	ENDINGS
};

enum ending ending_of(const struct last_run *);		/* NULL gives ENDING_NONE */
const char *ending_word(enum ending);			/* "off", "killed", "crashed", "cut off", "failed" */
bool ending_is_bad(enum ending);			/* true for crashed, cut off and failed */

/* An end as its keeper or last-run.ini reports it. Texts are borrowed; NULL or "": none. */
struct vm_end {
	bool ran;			/* QEMU did */
	int status, signal;		/* QEMU's; signal 0: none */
	const char *reason;		/* QEMU's word or the keeper's: "guest-shutdown", "killed" ... */
	const char *asked_by;
	const char *error;		/* one line */
};

struct vm_end ending_of_keeper(const struct keeper_end *);
/* A reason in words: "the guest powered off"; one that is not known stays as it is. */
const char *ending_reason(const char *reason);
/* The error, or else the reason in words. */
const char *ending_why(const struct vm_end *);
/* "the guest powered off", "ended by signal 9, killed, asked by kill: gone", "did not start: ..." The caller's. */
char *ending_sentence(const struct vm_end *);
/* Of QEMU, for whoever waited for it: the error, or "QEMU exited with status 1 without a message". The caller's. */
char *ending_of_qemu(const struct vm_end *);
/* "12:03 the guest powered off", "started 12:03, cut off: ...", "never run". when: of its end, or of its start if it is open. The caller's. */
char *ending_last_run(const struct last_run *, const char *when);

/* "running", "paused", "starting", "stopping", "does not react" ... */
const char *running_word(enum vm_phase, bool unresponsive, bool paused);

#endif
