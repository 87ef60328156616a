/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "ui/command.h"
#include "ui/machine.h"
#include "ui/reset.h"

#include <stdio.h>

int command_reset_uefi(const struct command_context *context, int argc, char **argv)
{
	struct machine machine;
	struct error err;
	bool removed, good;

	if (argc != 1 || argv[0][0] == '-')
		return command_usage(context, argc < 1 ? "which VM?" : "one NAME and no options, please");
	if (!machine_find(argv[0], context->store, context->records, &machine, &err))
		return command_fail(&err);
	good = reset_uefi(machine.has_config ? &machine.config : NULL, machine.state, &removed, &err);
	machine_finish(&machine);
	if (!good)
		return command_failf("%s: %s", argv[0], err.text);
	if (!removed)
		fprintf(stderr, "paddock: %s has no UEFI variables of its own\n", argv[0]);
	return 0;
}
