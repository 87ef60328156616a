/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_ENDING_H
#define CORE_MACHINES_ENDING_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>

struct last_run;

/*
 * How a VM's last run ended, as a value and as a word, and the word for what runs. The list, the tabs, `paddock ls`
 * and its JSON all say these, so that one thing has one name everywhere. Pure.
 */
enum ending {
	ENDING_NONE,		/* it never ran, as far as is known */
	ENDING_OFF,		/* as it should, or because somebody asked for it */
	ENDING_KILLED,		/* somebody asked for that */
	ENDING_CRASHED,		/* QEMU ended by itself, and not well */
	ENDING_CUT_OFF,		/* its keeper was killed, or the host went down */
	ENDING_FAILED,		/* it did not come to run, and nobody wanted that */
	ENDINGS
};

enum ending ending_of(const struct last_run *);		/* NULL: none */
const char *ending_word(enum ending);			/* "off", "killed", "crashed", "cut off", "failed" */
bool ending_is_bad(enum ending);			/* worth a look: crashed, cut off, failed */

/* Why a run ended, as its record says it ("guest-shutdown"), in words; what is not known is returned as it is. */
const char *ending_reason(const char *reason);

/* "running", "paused", "starting", "stopping", "does not react" ... */
const char *running_word(enum vm_phase, bool unresponsive, bool paused);

#endif
