/* SPDX-License-Identifier: MIT */
#include "ui/launch.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/client.h"
#include "core/keeper/registry.h"
#include "core/qemu/plan.h"
#include "core/vm/image.h"
#include "core/vm/problem.h"
#include "ui/clash.h"
#include "ui/command.h"
#include "ui/machine.h"
#include "ui/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool names_profile(const struct command_context *context, const char *path)
{
	return access(path, F_OK) != 0 && image_detect(path) == BOOT_AUTO && machine_is_profile(path, context->store);
}

bool launch_options(const struct command_context *context, int argc, char **argv, struct run_options *options,
                    int *status)
{
	struct error err;
	char *help;

	switch (options_parse(argc, argv, options, &err)) {
	case OPTIONS_OK:
		if (!names_profile(context, options->path))
			return true;
		*status = command_failf("%s is a profile, and options go with the path of an image only; "
		                        "paddock start %s starts it", options->path, options->path);
		break;
	case OPTIONS_HELP:
		help = options_help();
		fputs(help, stdout);
		free(help);
		*status = 0;
		break;
	case OPTIONS_USAGE:
		*status = command_usage(context, "%s", err.text);
		break;
	}
	run_options_finish(options);
	return false;
}

static void tell_one_kind(const struct problems *problems, enum config_origin origin, bool tolerant, bool warnings)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->items[i];
		bool warning = problem->severity == PROBLEM_WARNING || (problem->severity == PROBLEM_HOST && tolerant);

		if (warning != warnings)
			continue;

		char *line = problem_line(problem, origin);
		command_failf("%s%s", warning ? "warning: " : "", line);
		free(line);
	}
}

void launch_tell(const struct problems *problems, const struct vm_config *config, unsigned manner)
{
	/* What stops the start is the last that is read. */
	if (!(manner & LAUNCH_QUIET))
		tell_one_kind(problems, config->origin, manner & LAUNCH_TOLERANT, true);
	tell_one_kind(problems, config->origin, manner & LAUNCH_TOLERANT, false);
}

void launch_put_quoted(FILE *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

	if (*text && strspn(text, plain) == strlen(text)) {
		fputs(text, out);
		return;
	}
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	}
	putc('\'', out);
}

static void tell_argv(const struct plan *plan)
{
	fputs("paddock:", stderr);
	for (size_t i = 0; i < plan->arg_count; i++) {
		putc(' ', stderr);
		launch_put_quoted(stderr, plan->args[i].text);
	}
	putc('\n', stderr);
}

bool launch_plan(const struct command_context *context, const struct vm_config *config, unsigned manner,
                 struct plan *plan)
{
	struct problems problems = { 0 };
	bool ok = plan_make(config, true, plan, &problems);

	/* QEMU judges everything else about the host itself, and ends; without a window it goes on by VNC. */
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].setting == SET_GUI && problems.items[i].severity == PROBLEM_HOST)
			problems.items[i].severity = PROBLEM_ERROR;
	if (!(manner & LAUNCH_QUIET))
		clash_check(context->store, context->records, config, &problems);
	launch_tell(&problems, config, manner);
	ok = ok && !problems_stop(&problems, manner & LAUNCH_TOLERANT);
	problems_finish(&problems);
	if (ok && manner & LAUNCH_VERBOSE)
		tell_argv(plan);
	return ok;
}

bool launch_runs_already(const struct command_context *context, const struct plan *plan)
{
	struct registry_list list = { 0 };
	struct error ignored;
	bool runs = false;

	if (!registry_read(context->records, &list, &ignored))
		return false;
	for (size_t i = 0; i < list.count && !runs; i++)
		runs = path_same(list.items[i].state, plan->state_absolute);
	registry_list_finish(&list);
	return runs;
}

struct waiting {
	struct loop *loop;
	struct error *err;
	bool running;
};

static void on_step(void *data, const char *text)
{
	(void)data;
	if (isatty(STDERR_FILENO))
		command_failf("%s", text);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct waiting *waiting = data;

	if (state->phase != VM_RUNNING)
		return;
	waiting->running = true;
	loop_quit(waiting->loop, 0);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct waiting *waiting = data;

	if (*end->error)
		error_set(waiting->err, "%s", end->error);
	else if (end->signal)
		error_set(waiting->err, "QEMU ended by signal %d (%s)", end->signal, strsignal(end->signal));
	else
		error_set(waiting->err, "QEMU ended with status %d before it answered", end->status);
	loop_quit(waiting->loop, 1);
}

static void on_lost(void *data, const char *why)
{
	struct waiting *waiting = data;

	error_set(waiting->err, "lost the VM's keeper: %s", why);
	loop_quit(waiting->loop, 1);
}

static void on_notice(void *data, const char *text)
{
	(void)data;
	command_failf("%s", text);
}

bool launch_and_wait(const struct plan *plan, struct error *err)
{
	static const struct keeper_events events = {
		.step = on_step, .state = on_state, .ended = on_ended, .lost = on_lost, .notice = on_notice,
	};
	struct waiting waiting = { .loop = loop_new(err), .err = err };

	if (!waiting.loop)
		return false;

	struct keeper_client *client = keeper_launch(waiting.loop, plan, ROLE_WATCH, &events, &waiting, err);
	if (client) {
		loop_run(waiting.loop);
		keeper_close(client);
	}
	loop_free(waiting.loop);
	return waiting.running;
}
