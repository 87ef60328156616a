/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_LIFECYCLE_H
#define CORE_VM_LIFECYCLE_H

#include <stdbool.h>

/*
 * What phase a virtual machine is in, and what moves it to the next one.
 *
 * This is the only place that decides. It is a pure table: no clock, no
 * process, no socket. The keeper feeds it events and carries out the
 * actions it answers with.
 */

enum vm_phase {
	VM_OFF,			/* no process */
	VM_STARTING,		/* process spawned, QMP not answering yet */
	VM_RUNNING,		/* QMP answers */
	VM_STOPPING,		/* asked to go, process still there */
	VM_CRASHED,		/* process went without being asked */
	VM_PHASES
};

enum vm_event {
	VM_WANT_START,		/* the user asks for it */
	VM_WANT_STOP,
	VM_WANT_KILL,
	VM_SAW_READY,		/* QMP handshake done */
	VM_SAW_EXIT,		/* process ended with status 0 */
	VM_SAW_DEATH,		/* process ended any other way */
	VM_SAW_TIMEOUT,		/* the grace timer ran out */
	VM_WANT_QUIT,		/* QEMU's own end: disks are flushed, the guest is not asked */
	VM_EVENTS
};

enum vm_action {
	VM_DO_SPAWN	= 1 << 0,
	VM_DO_POWERDOWN	= 1 << 1,	/* ask the guest, over QMP */
	VM_DO_KILL	= 1 << 2,	/* SIGKILL, no questions */
	VM_DO_ARM	= 1 << 3,	/* (re)start the grace timer */
	VM_DO_DISARM	= 1 << 4,
	VM_DO_TELL	= 1 << 5,	/* "does not react": offer the kill */
	VM_DO_QUIT	= 1 << 6,	/* QMP's quit, or SIGTERM where QMP does not answer yet */
};

struct vm_step {
	enum vm_phase phase;	/* where the machine is now */
	unsigned actions;	/* enum vm_action, or-ed; to be done in bit order */
	bool legal;		/* false: event ignored, phase unchanged */
};

/* The step that `event` causes in `phase`. */
struct vm_step lifecycle_step(enum vm_phase phase, enum vm_event event);

/* Lower-case word for lists and logs; never NULL. */
const char *lifecycle_phase_name(enum vm_phase phase);

/* What a start waits for, in words. step: what its last step said, NULL or "" if there was none. */
const char *lifecycle_waits_for(bool spawned, const char *step);

#endif
