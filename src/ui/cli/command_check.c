/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/keeper/run/vm_locks.h"
#include "core/machines/new_profile.h"
#include "core/machines/resolve.h"
#include "core/machines/start.h"
#include "ui/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static void check_state(const struct command_context *context, const struct machine *machine, struct problems *problems)
{
	const struct vm_config *config = &machine->config;
	char *owner = config->origin == CONFIG_PROFILE ? profile_state_owner(context->store, config) : NULL;
	char *holder = machine->state && !machine->running ? state_holder(machine->state) : NULL;

	if (holder)
		problem_add(problems, PROBLEM_ERROR, SET_STATE, -1, "%s is in use by %s", machine->state, holder);
	/* Hand-written profiles may share a directory on purpose, so this is only a warning. New ones get their own. */
	if (owner)
		problem_add(problems, PROBLEM_WARNING, SET_STATE, -1,
		            "%s uses the same directory, and so the same unnamed disks, MAC address and UEFI variables; only one of the two can run at a time",
		            owner);
	free(holder);
	free(owner);
}

static int check(const struct command_context *context, const struct machine *machine)
{
	struct start start;
	struct problems *problems = &start.problems;
	int status;

	start_prepare(&start, context->store, context->records, &machine->config, START_DRY | (machine->running ? START_RUNS : 0));
	check_state(context, machine, problems);
	for (size_t i = 0; i < problems->count; i++) {
		char *line = problem_line(&problems->items[i], machine->config.origin);
		char *plain = format_plain(line);

		puts(plain);
		free(plain);
		free(line);
	}
	status = problems_stop(problems, false) ? 1 : 0;
	start_finish(&start);
	return status;
}

int command_check(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct machine machine;
	struct error err;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!machine_find(words.name, context->store, context->records, &machine, &err))
		return command_fail(&err);

	int status;
	if (machine.has_config)
		status = check(context, &machine);
	else
		status = command_failf("%s", machine.broken ? machine.broken : "the image of this VM is not known");
	machine_finish(&machine);
	return status;
}
