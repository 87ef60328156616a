/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/keeper_state.h"

#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"

#include <string.h>

void keeper_state_of(const struct message *message, struct keeper_state *out)
{
	*out = (struct keeper_state){
		.phase = VM_RUNNING,	/* if a newer keeper reports an unknown phase */
		.name = message->name, .pid = (pid_t)message->pid, .started = (time_t)message->started,
		.unresponsive = message->unresponsive, .paused = message->paused, .paused_why = message->reason,
		.clients = (unsigned)message->clients, .changes = (unsigned)message->changes,
		.resets = message->resets > 0 && message->resets < UINT32_MAX ? (unsigned)message->resets : 0,
		.resetting = message->resetting, .panicked = message->panicked, .link_down = message->link_down,
		.screens = message->screens, .screen_count = message->screen_count,
	};
	for (int phase = 0; phase < VM_PHASES; phase++)
		if (text_equal(lifecycle_phase_name((enum vm_phase)phase), message->phase))
			out->phase = (enum vm_phase)phase;
	strncpy(out->uuid, message->uuid, sizeof(out->uuid) - 1);
}

const char *keeper_command_name(enum keeper_command command)
{
	static const char *const names[] = {
		[KEEPER_POWERDOWN] = "powerdown", [KEEPER_RESET] = "reset", [KEEPER_QUIT] = "quit",
		[KEEPER_KILL] = "kill", [KEEPER_PAUSE] = "pause", [KEEPER_RESUME] = "resume",
	};

	return names[command];
}
