/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/qemu/plan.h"
#include "core/vm/problem.h"
#include "ui/clash.h"
#include "ui/command.h"
#include "ui/machine.h"
#include "ui/words.h"

#include <stdio.h>
#include <stdlib.h>

static int check(const struct command_context *context, const struct machine *machine)
{
	struct plan plan = { 0 };
	struct problems problems = { 0 };
	int status = 0;

	plan_make(&machine->config, false, &plan, &problems);
	clash_check(context->store, context->records, &machine->config, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		char *line;

		/* Of what runs the host would only tell that its own ports and taps are taken. */
		if (machine->running && problems.items[i].severity == PROBLEM_HOST)
			continue;
		line = problem_line(&problems.items[i], machine->config.origin);
		char *plain = words_plain(line);

		puts(plain);
		free(plain);
		free(line);
	}
	if (problems_stop(&problems, machine->running))
		status = 1;
	problems_finish(&problems);
	plan_finish(&plan);
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
		status = command_failf("%s", machine.broken ? machine.broken : "no image of it is known");
	machine_finish(&machine);
	return status;
}
