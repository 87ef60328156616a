/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/qemu/plan.h"
#include "ui/command.h"
#include "ui/launch.h"
#include "ui/machine.h"


static int start(const struct command_context *context, const struct machine *machine)
{
	struct plan plan = { 0 };
	struct error err;
	int status = 1;

	if (launch_plan(context, &machine->config, 0, &plan)) {
		status = 0;
		if (!launch_and_wait(&plan, &err))
			status = command_failf("%s: %s", machine->config.name, err.text);
	}
	plan_finish(&plan);
	return status;
}

int command_start(const struct command_context *context, int argc, char **argv)
{
	struct machine machine;
	struct error err;
	int status = 0;

	if (argc != 1 || argv[0][0] == '-')
		return command_usage(context, argc < 1 ? "which VM?" : "one NAME and no options, please");
	if (!machine_find(argv[0], context->store, context->records, &machine, &err))
		return command_fail(&err);
	if (machine.running)
		command_failf("%s runs already (pid %d)", machine.entry.name, (int)machine.entry.pid);
	else
		status = start(context, &machine);
	machine_finish(&machine);
	return status;
}
