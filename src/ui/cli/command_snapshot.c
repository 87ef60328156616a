/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/machines/resolve.h"
#include "core/machines/snapshot.h"
#include "ui/cli/cli_ask.h"
#include "ui/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_all(const struct snapshots *list)
{
	if (list->count)
		printf("%-16s  %-10s  %s\n", "TAKEN", "DISKS", "TAG");
	for (size_t i = 0; i < list->count; i++) {
		const struct snapshot *snapshot = &list->items[i];
		char when[32] = "-", disks[48], *tag = format_plain(snapshot->tag);
		struct tm tm;

		if (snapshot->when && localtime_r(&snapshot->when, &tm))
			strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
		snprintf(disks, sizeof(disks), "%zu of %zu", snapshot->disks, list->disks);
		printf("%-16s  %-10s  %s\n", when, disks, tag);
		free(tag);
	}
}

static bool list(const struct vm_config *config, struct error *err)
{
	struct snapshots snapshots;
	bool good = snapshot_list(config, &snapshots, err);

	if (good)
		print_all(&snapshots);
	snapshots_finish(&snapshots);
	return good;
}

/* Returns 0 if it may go on, otherwise the exit status. */
static int confirm(const struct command_words *words, const char *question)
{
	char command[64];

	if (command_words_value(words, "--yes"))
		return 0;
	snprintf(command, sizeof(command), "snapshot %s", words->words[1]);
	if (!cli_may_ask(command))
		return 1;
	cli_note("%s", question);
	return cli_ask("y yes, Enter no: ") == 'y' ? 0 : 1;
}

static int act(const struct command_words *words, const struct vm_config *config)
{
	const char *action = words->count > 1 ? words->words[1] : "list", *tag = words->count > 2 ? words->words[2] : "";
	char question[256];
	struct error err;
	bool good;
	int status = 0;

	if (!strcmp(action, "list")) {
		good = list(config, &err);
	} else if (!strcmp(action, "take")) {
		good = snapshot_take(config, tag, &err);
	} else {
		bool reverts = !strcmp(action, "revert");

		if (reverts)
			snprintf(question, sizeof(question), "Make the disks of %s what they were in %s? What they are now is lost.",
			         config->name, tag);
		else
			snprintf(question, sizeof(question), "Delete the snapshot %s of %s?", tag, config->name);
		status = confirm(words, question);
		if (status)
			return status;
		good = reverts ? snapshot_revert(config, tag, &err) : snapshot_delete(config, tag, &err);
	}
	return good ? 0 : cli_error("%s: %s", words->name, err.text);
}

int command_snapshot(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct error err;
	const char *action;
	int status;

	if (!command_read_words(context, 3, argc, argv, &words))
		return 2;
	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	action = words.count > 1 ? words.words[1] : "list";
	if (!(words.count < 3 && !strcmp(action, "list")) &&
	    !(words.count == 3 && (!strcmp(action, "take") || !strcmp(action, "revert") || !strcmp(action, "delete"))))
		return command_usage(context, "after NAME comes `list`, `take TAG`, `revert TAG` or `delete TAG`");
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (target.running)
		status = cli_error("%s is running; snapshots are of machines that are off", words.name);
	else if (!target.is_profile || !target.has_config)
		status = cli_error("%s is not a profile, and only profiles have snapshots", words.name);
	else
		status = act(&words, &target.config);
	vm_target_finish(&target);
	return status;
}
