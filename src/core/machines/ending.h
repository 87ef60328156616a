/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_ENDING_H
#define CORE_MACHINES_ENDING_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>

struct last_run;

/*
 * How the last run of a VM ended, as a value and as a word, and the word for a running VM. Used by the list, the tabs,
 * and `paddock ls` with its JSON, so that they all show the same words. Pure.
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

/* Why a run ended, as its record says it ("guest-shutdown"), in words; what is not known is returned as it is. */
const char *ending_reason(const char *reason);

/* "running", "paused", "starting", "stopping", "does not react" ... */
const char *running_word(enum vm_phase, bool unresponsive, bool paused);

#endif
