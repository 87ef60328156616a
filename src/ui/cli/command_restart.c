/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/keeper/run/started.h"
#include "core/machines/start.h"
#include "core/vm/store.h"
#include "ui/cli/cli_start.h"
#include "ui/cli/cli_stop.h"
#include "ui/cli/cli_targets.h"
#include "ui/cli/command.h"

#include <string.h>

struct restart {
	const struct command_context *context;
	const struct cli_targets *targets;
};

/* What does not say how it is started: with --all, an entry of the registry. */
static bool find_config(const struct command_context *context, struct cli_target *target, struct error *err)
{
	struct vm_target found;

	if (target->vm.has_config)
		return true;
	if (target->vm.broken)
		return error_set(err, "%s", target->vm.broken);
	if (!vm_target_find(target->vm.entry.uuid, context->store, context->records, &found, err))
		return false;
	vm_target_finish(&target->vm);
	target->vm = found;
	return found.has_config || error_set(err, "%s: it has neither a profile nor an image to start again", target->word);
}

/* Without a profile, it starts again as it was started. */
static void take_last(const struct command_context *context, struct vm_target *vm)
{
	struct last_options last = { 0 };

	if (!vm->is_profile && vm->state && started_offer(context->records, vm->state, &vm->config, &last)) {
		vm_config_copy(&vm->config, &last.config);
		if (last.lacks_data)
			cli_note("warning: the last start of %s had a --data text, which is not stored", vm->config.name);
	}
	last_options_finish(&last);
}

/* A VM whose start would fail is not stopped first. */
static bool can_start(const struct command_context *context, struct cli_target *target)
{
	struct start start;
	struct error err;
	bool ready;

	if (!find_config(context, target, &err)) {
		command_fail(&err);
		return false;
	}
	take_last(context, &target->vm);
	start_prepare(&start, context->store, context->records, &target->vm.config, target->vm.running ? START_RUNS : 0);
	ready = start.verdict == START_READY;
	if (!ready) {
		cli_print_problems(&start.problems, target->vm.config.origin, true);
		cli_error("%s cannot start with these settings, so nothing was stopped", target->word);
	}
	start_finish(&start);
	return ready;
}

static int start(void *data, size_t index)
{
	const struct restart *restart = data;
	const struct command_context *context = restart->context;
	struct cli_target *target = &restart->targets->items[index];
	struct store_revision revision;
	struct vm_config now;
	struct error err;
	int status;

	if (!target->vm.is_profile)
		return cli_start_vm(context, target->word, &target->vm.config, 0);
	/* It may have been edited while the guest was shutting down. */
	vm_config_init(&now, CONFIG_PROFILE);
	if (context->store->load(context->store, target->vm.config.name, &now, &revision, &err))
		status = cli_start_vm(context, target->word, &now, 0);
	else
		status = cli_error("%s: it was stopped, but its profile cannot be read: %s", target->word, err.text);
	vm_config_finish(&now);
	return status;
}

int command_restart(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_targets targets;
	struct restart restart = { context, &targets };
	struct stop_wait how;
	bool good = true;
	int status;

	if (!cli_targets_read(context, argc, argv, &words, &targets, &status))
		return status;
	status = 2;
	if (cli_stop_options(context, &words, &how)) {
		for (size_t i = 0; i < targets.count; i++)
			good &= can_start(context, &targets.items[i]);
		status = good ? cli_stop(&targets, &how, start, start, &restart) : 1;
	}
	cli_targets_finish(&targets);
	return status;
}
