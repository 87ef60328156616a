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
	struct command_words words;
	struct machine machine;
	struct error err;
	int status = 0;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!machine_find(words.name, context->store, context->records, &machine, &err))
		return command_fail(&err);
	if (machine.running)
		command_failf("%s runs already; paddock attach %s is its console", machine.entry.name, words.name);
	else
		status = start(context, &machine);
	machine_finish(&machine);
	return status;
}
