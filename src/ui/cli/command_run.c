/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/machines/new_profile.h"
#include "core/machines/start.h"
#include "core/vm/store.h"
#include "ui/cli/attach.h"
#include "ui/cli/command.h"
#include "ui/cli/cli_start.h"
#include "ui/cli/options.h"
#include "ui/kit/settings.h"

#include <stdlib.h>
#include <unistd.h>

/* Also reached by users who left the console with Enter ~ . and want to return. */
static int refuse_running(const struct plan *plan)
{
	return cli_error("%s is already running; paddock attach %s opens its console", plan->name, plan->name);
}

static int run_attached(const struct command_context *context, const struct plan *plan, bool raw)
{
	struct error err;
	struct attach_options options = { .owns = true, .raw = raw, .name = plan->name,
		                          .prefix = settings_prefix(context->store) };
	struct attach_outcome outcome;
	struct loop *loop = loop_new();
	bool runs = start_runs_already(context->records, plan);
	struct attach *attach = attach_new(loop, &options);
	struct keeper_join join = attach_join(attach);
	struct keeper_client *client = keeper_launch(loop, plan, &join, attach_events(), attach, &err);
	int status = 1;

	if (client) {
		attach_run(attach, client, &outcome);
		keeper_close(client);
	} else {
		command_fail(&err);
	}
	if (client && outcome.result == ATTACH_LEFT && plan->ends_with_starter) {
		cli_note("%s is being shut down", plan->name);
		status = *outcome.error ? cli_error("%s", outcome.error) : 0;
	} else if (client && outcome.result == ATTACH_LEFT) {
		cli_note("%s keeps running; paddock attach %s returns to it", plan->name, plan->name);
		status = *outcome.error ? cli_error("%s", outcome.error) : 0;
	} else if (client && outcome.result == ATTACH_LOST) {
		status = cli_error("lost the connection to the VM's keeper: %s", outcome.error);
	} else if (client) {
		status = outcome.cut_off ? 128 + outcome.cut_off : outcome.started ? outcome.status : 1;
		if (runs && !outcome.started)
			refuse_running(plan);
		else
			attach_tell_end(&outcome, plan->name);
	}
	attach_free(attach);
	loop_free(loop);
	return status;
}

static int run_detached(const struct command_context *context, const struct plan *plan, unsigned timeout)
{
	struct start_wait wait = cli_start_wait(timeout);
	struct error err;

	switch (start_and_wait(context->records, plan, &wait, &err)) {
	case START_DONE:
	case START_JOINED:
		cli_note("%s is running; paddock attach %s opens its console", plan->name, plan->name);
		return 0;
	case START_RAN:
		return refuse_running(plan);
	default:
		return command_fail(&err);
	}
}

/* Turns the options into a profile with this name, without writing it. */
static bool become_profile(const struct command_context *context, const char *name, struct vm_config *config,
                           struct error *err)
{
	char *cwd = getcwd(NULL, 0);
	bool good = new_profile_name_check(context->store, name, err);

	if (good && config->boot_excluded)
		good = error_set(err, "--save cannot store an excluded boot mode; name the mode to use");
	if (good && !cwd)
		good = error_errno(err, "the working directory");
	if (good) {
		vm_config_absolute(config, cwd);
		free(config->name);
		config->name = mem_strdup(name);
		new_profile_complete(context->store, config);
	}
	free(cwd);
	return good;
}

static bool save_profile(const struct command_context *context, const struct vm_config *config, struct error *err)
{
	struct store_revision none = { .exists = false }, now;

	switch (context->store->save(context->store, config, &none, &now, err)) {
	case STORE_OK:
		return true;
	case STORE_CHANGED:
		return error_set(err, "a VM named %s already exists", config->name);
	default:
		return false;
	}
}

int command_run(const struct command_context *context, int argc, char **argv)
{
	struct run_options options;
	struct start start = { 0 };
	struct error err;
	int status;

	if (!cli_run_options(context, argc, argv, &options, &status))
		return status;
	status = 1;
	if (options.save && !become_profile(context, options.save, &options.config, &err))
		status = command_fail(&err);
	else if (cli_prepare_start(context, &options.config, CLI_START_TOLERANT | (options.quiet ? CLI_START_QUIET : 0) |
	                (options.verbose ? CLI_START_VERBOSE : 0), &start)) {
		start.plan.ends_with_starter = options.rm;
		if (options.save && !save_profile(context, &options.config, &err))
			status = command_fail(&err);
		else
			status = options.detached ? run_detached(context, &start.plan, options.timeout) :
			         run_attached(context, &start.plan, options.raw);
	}
	start_finish(&start);
	run_options_finish(&options);
	return status;
}
