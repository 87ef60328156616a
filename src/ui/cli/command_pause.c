/* SPDX-License-Identifier: MIT */
/* `pause`, `resume` and `reset`: one command to each keeper. */
#include "core/base/alloc.h"
#include "core/machines/keeper_ask.h"
#include "ui/cli/cli_targets.h"
#include "ui/cli/command.h"

#include <stdlib.h>

static int ask(const struct cli_targets *targets, enum keeper_command command)
{
	struct keeper_ask *asks = mem_array(targets->count, sizeof(*asks));
	size_t count = 0;
	int status = 0;

	for (size_t i = 0; i < targets->count; i++) {
		const struct cli_target *target = &targets->items[i];

		if (target->vm.running)
			asks[count++].entry = &target->vm.entry;
		else
			status = cli_target_not_running(target);
	}
	keepers_ask(asks, count, command);
	for (size_t i = 0; i < count; i++)
		if (asks[i].why.text[0])
			status = cli_error("%s: %s", asks[i].entry->name, asks[i].why.text);
	free(asks);
	return status;
}

static int read_and_ask(const struct command_context *context, int argc, char **argv, enum keeper_command command)
{
	struct command_words words;
	struct cli_targets targets;
	int status;

	if (!cli_targets_read(context, argc, argv, &words, &targets, &status))
		return status;
	status = 1;
	if (command != KEEPER_RESET ||
	    cli_targets_confirm(&targets, context, &words, "Reset", "The guests are not shut down first."))
		status = ask(&targets, command);
	cli_targets_finish(&targets);
	return status;
}

int command_pause(const struct command_context *context, int argc, char **argv)
{
	return read_and_ask(context, argc, argv, KEEPER_PAUSE);
}

int command_resume(const struct command_context *context, int argc, char **argv)
{
	return read_and_ask(context, argc, argv, KEEPER_RESUME);
}

int command_reset(const struct command_context *context, int argc, char **argv)
{
	return read_and_ask(context, argc, argv, KEEPER_RESET);
}
