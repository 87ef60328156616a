/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_stop.h"
#include "ui/cli/cli_targets.h"
#include "ui/cli/command.h"

static int note_off(void *data, size_t index)
{
	const struct cli_targets *targets = data;

	cli_note("%s is not running", targets->items[index].word);
	return 0;
}

static int stopped(void *data, size_t index)
{
	(void)data;
	(void)index;
	return 0;
}

int command_stop(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_targets targets;
	struct stop_wait how;
	int status;

	if (!cli_targets_read(context, argc, argv, &words, &targets, &status))
		return status;
	status = cli_stop_options(context, &words, &how) ? cli_stop(&targets, &how, note_off, stopped, &targets) : 2;
	cli_targets_finish(&targets);
	return status;
}

int command_kill(const struct command_context *context, int argc, char **argv)
{
	struct stop_wait how = { .first = STOP_KILL };
	struct command_words words;
	struct cli_targets targets;
	int status;

	if (!cli_targets_read(context, argc, argv, &words, &targets, &status))
		return status;
	stop_ladder_init(&how.ladder, 0);
	how.ladder.force = true;
	status = 1;
	if (cli_targets_confirm(&targets, context, &words, "Kill", "What is not on disk is lost."))
		status = cli_stop(&targets, &how, note_off, stopped, &targets);
	cli_targets_finish(&targets);
	return status;
}
