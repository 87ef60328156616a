/* SPDX-License-Identifier: MIT */
#include "core/vm/lifecycle.h"

#include <assert.h>

#define TO(next, todo) { .phase = (next), .actions = (todo), .legal = true }

/* Pairs that are not listed are not legal. */
static const struct vm_step table[VM_PHASES][VM_EVENTS] = {
	[VM_OFF] = {
		[VM_WANT_START]  = TO(VM_STARTING, 0),
	},
	[VM_STARTING] = {
		[VM_SAW_READY]   = TO(VM_RUNNING, VM_DO_DISARM),
		/* There is no running guest yet to ask. */
		[VM_WANT_STOP]   = TO(VM_STOPPING, VM_DO_QUIT | VM_DO_ARM),
		[VM_WANT_QUIT]   = TO(VM_STOPPING, VM_DO_QUIT | VM_DO_ARM),
		[VM_WANT_KILL]   = TO(VM_STOPPING, VM_DO_KILL),
		[VM_SAW_EXIT]    = TO(VM_CRASHED, VM_DO_DISARM),
		[VM_SAW_DEATH]   = TO(VM_CRASHED, VM_DO_DISARM),
	},
	[VM_RUNNING] = {
		[VM_WANT_STOP]   = TO(VM_STOPPING, VM_DO_POWERDOWN | VM_DO_ARM),
		[VM_WANT_QUIT]   = TO(VM_STOPPING, VM_DO_QUIT | VM_DO_ARM),
		[VM_WANT_KILL]   = TO(VM_STOPPING, VM_DO_KILL),
		[VM_SAW_EXIT]    = TO(VM_OFF, 0),	/* the guest shut itself down */
		[VM_SAW_DEATH]   = TO(VM_CRASHED, 0),
	},
	[VM_STOPPING] = {
		/* Some guests react only to the second press of the power button. */
		[VM_WANT_STOP]   = TO(VM_STOPPING, VM_DO_POWERDOWN | VM_DO_ARM),
		[VM_WANT_QUIT]   = TO(VM_STOPPING, VM_DO_QUIT | VM_DO_ARM),
		[VM_WANT_KILL]   = TO(VM_STOPPING, VM_DO_KILL),
		/* Only the user decides to kill a VM, never the keeper. */
		[VM_SAW_TIMEOUT] = TO(VM_STOPPING, VM_DO_TELL),
		[VM_SAW_EXIT]    = TO(VM_OFF, VM_DO_DISARM),
		[VM_SAW_DEATH]   = TO(VM_OFF, VM_DO_DISARM),	/* expected: it was asked to stop */
	},
	[VM_CRASHED] = {
		[VM_WANT_START]  = TO(VM_STARTING, 0),
		[VM_WANT_STOP]   = TO(VM_OFF, 0),	/* the user has seen it */
	},
};

struct vm_step lifecycle_step(enum vm_phase phase, enum vm_event event)
{
	assert(phase < VM_PHASES && event < VM_EVENTS);

	struct vm_step step = table[phase][event];

	if (!step.legal)
		step.phase = phase;
	return step;
}

const char *lifecycle_phase_name(enum vm_phase phase)
{
	static const char *const names[VM_PHASES] = {
		[VM_OFF]      = "off",
		[VM_STARTING] = "starting",
		[VM_RUNNING]  = "running",
		[VM_STOPPING] = "stopping",
		[VM_CRASHED]  = "crashed",
	};

	assert(phase < VM_PHASES);
	return names[phase];
}

const char *lifecycle_waits_for(bool spawned, const char *step)
{
	if (spawned)
		return "QEMU does not answer on its monitor yet";
	return step && *step ? step : "its keeper has not started QEMU yet";
}
