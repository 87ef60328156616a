/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_ENDING_H
#define CORE_MACHINES_ENDING_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>
#include <stddef.h>

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
	ENDING_CRASHED,		/* QEMU exited with an error, the guest panicked, or its watchdog ended it */
	ENDING_CUT_OFF,		/* interrupted: its keeper was killed, or the host went down */
	ENDING_FAILED,		/* the start failed */
	ENDINGS
};

enum ending ending_of(const struct last_run *);		/* NULL gives ENDING_NONE */
const char *ending_word(enum ending);			/* "off", "killed", "crashed", "cut off", "failed" */
bool ending_is_bad(enum ending);			/* true for crashed, cut off and failed */

/* The end of a run, as its keeper or last-run.ini reports it. Texts are borrowed, and NULL or "" if not known. */
struct vm_end {
	bool ran;			/* QEMU was started */
	int status, signal;		/* of QEMU; signal is 0 if it was not ended by one */
	const char *reason;		/* as QEMU or the keeper names it: "guest-shutdown", "killed" ... */
	const char *asked_by;
	const char *error;		/* one line */
	const char *panic, *watchdog, *paused;	/* as in struct last_run */
};

struct vm_end ending_of_keeper(const struct keeper_end *);
struct vm_end ending_of_run(const struct last_run *);
/* Returns a reason in words, such as "the guest powered off"; an unknown reason is returned unchanged. */
const char *ending_reason(const char *reason);
/* Returns who asked for an end, from asked_by: "you, with the power button", "the guest", "nobody". */
const char *ending_asker(const char *asked_by);
/* Returns the error, or else the reason in words. */
const char *ending_why(const struct vm_end *);
/* Returns "the guest powered off", "killed by you", "the guest panicked (not syncing: ...)", "did not start: ..." The caller frees it. */
char *ending_sentence(const struct vm_end *);
/* Returns the error, or "QEMU exited with status 1 without a message". The caller frees it. */
char *ending_of_qemu(const struct vm_end *);
/*
 * Returns "12:03 the guest powered off", "started 12:03, cut off: ..." or "never run". when: the time of its end, or of
 * its start if the record has no end. The caller frees it.
 */
char *ending_last_run(const struct last_run *, const char *when);

/* "running", "paused", "starting", "stopping", "does not react" ... */
const char *running_word(enum vm_phase, bool unresponsive, bool paused);
/* Writes "reset 3 times", or "resets again and again", into buf and returns it; "" if it was not reset. */
const char *resets_words(unsigned resets, bool resetting, char *buf, size_t size);

#endif
