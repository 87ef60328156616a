/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/qemu/plan.h"
#include "ui/attach.h"
#include "ui/command.h"
#include "ui/launch.h"
#include "ui/options.h"
#include "ui/settings.h"

/* Also who was left by Enter ~ . and wants to come back. */
static int tell_running(const struct plan *plan)
{
	return command_failf("%s runs already; paddock attach %s is its console", plan->name, plan->name);
}

static int run_attached(const struct command_context *context, const struct plan *plan)
{
	struct error err;
	struct attach_options options = { .owns = true, .name = plan->name, .prefix = settings_prefix(context->store) };
	struct attach_outcome outcome;
	struct loop *loop = loop_new(&err);
	bool runs = launch_runs_already(context, plan);

	if (!loop)
		return command_fail(&err);

	struct attach *attach = attach_new(loop, &options);
	struct keeper_client *client = keeper_launch(loop, plan, ROLE_CONSOLE, attach_events(), attach, &err);
	int status = 1;

	if (client) {
		attach_run(attach, client, &outcome);
		keeper_close(client);
	} else {
		command_fail(&err);
	}
	if (client && outcome.result == ATTACH_LEFT && plan->ends_with_starter) {
		command_failf("%s is shut down", plan->name);
		status = *outcome.error ? command_failf("%s", outcome.error) : 0;
	} else if (client && outcome.result == ATTACH_LEFT) {
		command_failf("%s goes on; paddock attach %s returns to it", plan->name, plan->name);
		status = *outcome.error ? command_failf("%s", outcome.error) : 0;
	} else if (client && outcome.result == ATTACH_LOST) {
		status = command_failf("lost the VM's keeper: %s", outcome.error);
	} else if (client) {
		status = outcome.cut_off ? 128 + outcome.cut_off : outcome.started ? outcome.status : 1;
		if (runs && !outcome.started)
			tell_running(plan);
		else
			attach_tell_end(&outcome, plan->name);
	}
	attach_free(attach);
	loop_free(loop);
	return status;
}

static int run_detached(const struct command_context *context, const struct plan *plan)
{
	struct error err;
	bool runs = launch_runs_already(context, plan);

	if (!launch_and_wait(plan, &err))
		return runs ? tell_running(plan) : command_fail(&err);
	command_failf("%s runs; paddock attach %s is its console", plan->name, plan->name);
	return 0;
}

int command_run(const struct command_context *context, int argc, char **argv)
{
	struct run_options options;
	struct plan plan = { 0 };
	int status;

	if (!launch_options(context, argc, argv, &options, &status))
		return status;
	status = 1;
	if (launch_plan(context, &options.config, LAUNCH_TOLERANT | (options.quiet ? LAUNCH_QUIET : 0) |
	                (options.verbose ? LAUNCH_VERBOSE : 0), &plan)) {
		plan.ends_with_starter = options.rm;
		status = options.detached ? run_detached(context, &plan) : run_attached(context, &plan);
	}
	plan_finish(&plan);
	run_options_finish(&options);
	return status;
}
