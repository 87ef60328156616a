/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_LIFECYCLE_H
#define CORE_VM_LIFECYCLE_H

#include <stdbool.h>

/*
 * The phases of a virtual machine and the events that move it between them.
 *
 * All such decisions are made here, in a pure table: no clock, no process,
 * no socket. The keeper passes it events and carries out the actions that
 * it returns.
 */

enum vm_phase {
	VM_OFF,			/* no process */
	VM_STARTING,		/* process spawned, QMP not answering yet */
	VM_RUNNING,		/* QMP answers */
	VM_STOPPING,		/* asked to stop, process still there */
	VM_CRASHED,		/* process ended without being asked */
	VM_PHASES
};

enum vm_event {
	VM_WANT_START,		/* request of the user */
	VM_WANT_STOP,
	VM_WANT_KILL,
	VM_SAW_READY,		/* QMP handshake done */
	VM_SAW_EXIT,		/* process ended with status 0 */
	VM_SAW_DEATH,		/* process ended any other way */
	VM_SAW_TIMEOUT,		/* the grace timer expired */
	VM_WANT_QUIT,		/* end QEMU without asking the guest; QEMU still flushes the disks */
	VM_EVENTS
};

enum vm_action {
	VM_DO_POWERDOWN	= 1 << 0,	/* ask the guest, over QMP */
	VM_DO_KILL	= 1 << 1,	/* SIGKILL */
	VM_DO_ARM	= 1 << 2,	/* (re)start the grace timer */
	VM_DO_DISARM	= 1 << 3,
	VM_DO_TELL	= 1 << 4,	/* report that the guest does not react, and offer to kill it */
	VM_DO_QUIT	= 1 << 5,	/* QMP quit, or SIGTERM if QMP does not answer yet */
};

struct vm_step {
	enum vm_phase phase;	/* the new phase */
	unsigned actions;	/* enum vm_action flags; carry them out in bit order */
	bool legal;		/* false: ignore the event; the phase is unchanged */
};

/* Returns the step that `event` causes in `phase`. */
struct vm_step lifecycle_step(enum vm_phase phase, enum vm_event event);

/* Returns a lower-case word for lists and logs, never NULL. */
const char *lifecycle_phase_name(enum vm_phase phase);

/* Returns what a start is waiting for, as text. `step` is the last step that it reported, NULL or "" if none. */
const char *lifecycle_waits_for(bool spawned, const char *step);

#endif
