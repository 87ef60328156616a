/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_STOP_LADDER_H
#define CORE_MACHINES_STOP_LADDER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Stopping a VM step by step. Pure: the screen and the subcommands carry the steps out and say what time it is. No step
 * is taken unasked: a user asks for each one, or for `force`, which takes the next step when the time of one is over.
 * Cancelling ends only the waiting; the VM keeps running where it still can.
 */
enum stop_step {
	STOP_BUTTON,		/* the ACPI power button */
	STOP_AGENT,		/* the guest agent shuts the guest down; left out where there is none */
	STOP_QUIT,		/* QMP quit: QEMU flushes the disks and exits */
	STOP_TERM,		/* SIGTERM to QEMU, for a monitor that does not answer */
	STOP_KILL,		/* SIGKILL */
	STOP_STEPS
};

enum stop_stage {
	STOP_IDLE,		/* nobody waits: nothing was asked for yet, or the waiting was cancelled */
	STOP_WAITING,		/* a step was taken, and its time is not over */
	STOP_OVERDUE		/* its time is over, and the VM still runs */
};

struct stop_ladder {
	enum stop_stage stage;
	enum stop_step step;			/* the last one taken, unless STOP_IDLE */
	uint64_t due;				/* when its time is over, in ms as from loop_now */
	unsigned wait_ms[STOP_STEPS];		/* the time of each step */
	bool force;
	bool agent;				/* there is a guest agent to ask */
};

enum stop_verdict {
	STOP_STAY,		/* nothing to do until `due` */
	STOP_TAKE,		/* by force: carry out ladder->step now */
	STOP_TELL		/* the ladder has become STOP_OVERDUE: show what can be done next */
};

/* step_ms: the time of each step, for most of which QEMU needs no more than a few seconds. 0: force begins with STOP_KILL. */
void stop_ladder_init(struct stop_ladder *, unsigned step_ms);
/* Begins with a step, or with force at the first one at or after it whose time is not 0. ladder->step is then to be carried out. */
void stop_ladder_begin(struct stop_ladder *, enum stop_step, uint64_t now);
/* Returns true if a user may ask for this step now: a later one, the power button again, or any one while nobody waits. */
bool stop_ladder_offers(const struct stop_ladder *, enum stop_step);
/* What follows from the time. Call it at `due`, or earlier if a step could not be carried out: see stop_ladder_failed. */
enum stop_verdict stop_ladder_time(struct stop_ladder *, uint64_t now);
/* The step could not be carried out, so there is nothing to wait for. stop_ladder_time says what follows. */
void stop_ladder_failed(struct stop_ladder *);
void stop_ladder_cancel(struct stop_ladder *);

/* Seconds until `due`, rounded up; 0 when it is over. */
unsigned stop_ladder_left(const struct stop_ladder *, uint64_t now);
/* "power button pressed", "QEMU asked to quit" ... */
const char *stop_step_done(enum stop_step);
/* The name of the key that asks for the step in the power menu, and what it is called there: "Q", "quit". */
const char *stop_step_key(enum stop_step);
const char *stop_step_name(enum stop_step);
/*
 * Returns "power button pressed; 24 s left, then p Q = quit, p T = SIGTERM, p K = kill, p w = stop waiting" with the
 * prefix "p ", or without the keys if it is NULL; "power button pressed, no reaction; p Q = quit ..." when overdue; ""
 * while nobody waits. The caller frees it.
 */
char *stop_ladder_text(const struct stop_ladder *, uint64_t now, const char *prefix);

/* The key that cancels, next to those of the steps. */
#define STOP_CANCEL_KEY "w"

#endif
