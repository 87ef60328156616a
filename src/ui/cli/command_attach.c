/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/machines/resolve.h"
#include "core/vm/store.h"
#include "ui/cli/attach.h"
#include "ui/cli/command.h"
#include "ui/kit/settings.h"

static int attach_to(const struct command_context *context, const struct registry_entry *entry,
                     const struct command_words *words)
{
	struct error err;
	bool read_only = command_words_value(words, "--read-only");
	struct attach_options options = { .read_only = read_only, .raw = command_words_value(words, "--raw"),
		                          .name = entry->name, .prefix = settings_prefix(context->store) };
	struct attach_outcome outcome;
	struct loop *loop = loop_new();
	struct attach *attach = attach_new(loop, &options);
	struct keeper_join join = attach_join(attach);
	struct keeper_client *client = keeper_connect(loop, entry, &join, attach_events(), attach, &err);
	int status;

	if (client) {
		attach_run(attach, client, &outcome);
		keeper_close(client);
	}
	if (!client) {
		status = cli_error("%s: %s", entry->name, err.text);
	} else if (outcome.result == ATTACH_LEFT) {
		status = *outcome.error ? cli_error("%s", outcome.error) : 0;
	} else if (outcome.result == ATTACH_LOST) {
		status = cli_error("%s: lost the connection to the VM's keeper: %s", entry->name, outcome.error);
	} else {
		attach_tell_end(&outcome, entry->name);
		status = outcome.status;
	}
	attach_free(attach);
	loop_free(loop);
	return status;
}

int command_attach(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct error err;
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (target.running)
		status = attach_to(context, &target.entry, &words);
	else if (vm_target_is_held(&target, words.name, &err) ||
	         vm_target_namesake_runs(&target, words.name, context->records, &err))
		status = command_fail(&err);
	else
		status = cli_error("%s is not running; paddock start %s starts it", words.name, words.name);
	vm_target_finish(&target);
	return status;
}
