/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/resolve.h"
#include "core/machines/start.h"
#include "core/machines/state_dir.h"
#include "ui/cli/command.h"

#include <stdio.h>
#include <stdlib.h>

static void check_state_directory(const struct command_context *context, const struct vm_target *target, struct problems *problems)
{
	const struct vm_config *config = &target->config;
	char *owner = config->origin == CONFIG_PROFILE ? state_dir_owner(context->store, config) : NULL;
	char *holder = target->state && !target->running ? state_holder(target->state) : NULL;

	if (holder)
		problem_add(problems, PROBLEM_ERROR, SET_STATE, -1, "%s is in use by %s", target->state, holder);
	/* Hand-written profiles may share a directory on purpose, so this is only a warning. New ones get their own. */
	if (owner)
		problem_add(problems, PROBLEM_WARNING, SET_STATE, -1,
		            "%s uses the same directory, and so the same unnamed disks, MAC address and UEFI variables; only one of the two can run at a time",
		            owner);
	free(holder);
	free(owner);
}

int command_check(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct start start;
	struct problems *problems = &start.problems;
	struct error err;
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);

	if (!target.has_config) {
		cli_error("%s", target.broken ? target.broken : "the image of this VM is not known");
		vm_target_finish(&target);
		return 1;
	}
	start_prepare(&start, context->store, context->records, &target.config, START_DRY | (target.running ? START_RUNS : 0));
	check_state_directory(context, &target, problems);
	for (size_t i = 0; i < problems->count; i++) {
		char *line = problem_line(&problems->items[i], target.config.origin);
		char *plain = format_plain(line);

		puts(plain);
		free(plain);
		free(line);
	}
	status = problems_stop(problems, false) ? 1 : 0;
	start_finish(&start);
	vm_target_finish(&target);
	return status;
}
