/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/machines/reset_uefi.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

int command_reset_uefi(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct machine machine;
	struct error err;
	bool removed, good;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!machine_find(words.name, context->store, context->records, &machine, &err))
		return command_fail(&err);
	good = reset_uefi(machine.has_config ? &machine.config : NULL, machine.state, &removed, &err);
	machine_finish(&machine);
	if (!good)
		return command_failf("%s: %s", words.name, err.text);
	if (!removed)
		command_failf("%s has no stored UEFI variables", words.name);
	return 0;
}
