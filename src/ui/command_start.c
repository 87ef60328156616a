/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/qemu/plan.h"
#include "ui/command.h"
#include "ui/launch.h"
#include "ui/machine.h"

static int say_running(const char *word, const struct machine *machine)
{
	command_failf("%s runs already; paddock attach %s is its console", machine->entry.name, word);
	return 0;
}

/* Of two who start it at the same time one is refused, which is no failure: what was asked for is so. */
static bool runs_by_now(const char *word, const struct command_context *context)
{
	struct machine machine;
	struct error err;

	if (!machine_find(word, context->store, context->records, &machine, &err))
		return false;

	bool running = machine.running;

	if (running)
		say_running(word, &machine);
	machine_finish(&machine);
	return running;
}

static int start(const struct command_context *context, const char *word, const struct machine *machine)
{
	struct plan plan = { 0 };
	struct error err;
	int status = 1;

	if (launch_plan(context, &machine->config, 0, &plan)) {
		status = 0;
		if (!launch_and_wait(&plan, &err) && !runs_by_now(word, context))
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
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!machine_find(words.name, context->store, context->records, &machine, &err))
		return command_fail(&err);
	if (machine.running)
		status = say_running(words.name, &machine);
	else
		status = start(context, words.name, &machine);
	machine_finish(&machine);
	return status;
}
