/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/keeper_state.h"

const char *keeper_command_name(enum keeper_command command)
{
	static const char *const names[] = {
		[KEEPER_POWERDOWN] = "powerdown", [KEEPER_RESET] = "reset", [KEEPER_QUIT] = "quit",
		[KEEPER_KILL] = "kill", [KEEPER_PAUSE] = "pause", [KEEPER_RESUME] = "resume",
	};

	return names[command];
}
