/* SPDX-License-Identifier: MIT */
#include "ui/launch.h"

#include "core/base/alloc.h"
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

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTICE_MS 10000		/* a start takes longer than people expect */

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
	const char *name;
	uint64_t began, deadline;	/* as loop_now; deadline 0: none */
	struct loop_timer *limit, *notice;
	bool joined;			/* a start of somebody else */
	bool heard;			/* from the keeper, at all */
	bool spawned;			/* QEMU */
	char *step;			/* of the plan, under way; NULL: none */
	bool running;
};

static void give_up(struct waiting *waiting)
{
	loop_quit(waiting->loop, 1);
}

static const char *waits_for(const struct waiting *waiting)
{
	if (!waiting->heard)
		return "its keeper does not answer";
	if (waiting->spawned)
		return "QEMU does not answer on its monitor";
	return waiting->step ? waiting->step : "its keeper has not started QEMU yet";
}

static void notice_due(void *data)
{
	struct waiting *waiting = data;

	command_failf("%s is still starting: %s", waiting->name, waits_for(waiting));
}

static void time_over(void *data)
{
	struct waiting *waiting = data;

	error_set(waiting->err, "not started within %u s: %s; the start goes on, and paddock stop --force %s ends it",
	          (unsigned)((waiting->deadline - waiting->began) / 1000), waits_for(waiting), waiting->name);
	waiting->err->code = ETIMEDOUT;
	give_up(waiting);
}

static void on_step(void *data, const char *text)
{
	struct waiting *waiting = data;

	waiting->heard = true;
	free(waiting->step);
	waiting->step = mem_strdup(text);
	if (isatty(STDERR_FILENO))
		command_failf("%s", text);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct waiting *waiting = data;

	waiting->heard = true;
	waiting->spawned = state->pid > 0;
	if (state->phase == VM_RUNNING) {
		waiting->running = true;
		loop_quit(waiting->loop, 0);
	} else if (state->phase == VM_STOPPING && waiting->joined) {
		error_set(waiting->err, "it is being stopped; start it again when it has ended");
		give_up(waiting);
	}
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
	give_up(waiting);
}

static void on_lost(void *data, const char *why)
{
	struct waiting *waiting = data;

	error_set(waiting->err, "lost the VM's keeper: %s", why);
	give_up(waiting);
}

static void on_notice(void *data, const char *text)
{
	(void)data;
	command_failf("%s", text);
}

static const struct keeper_events waiting_events = {
	.step = on_step, .state = on_state, .ended = on_ended, .lost = on_lost, .notice = on_notice,
};

/* false: the loop could not be made, which is the only thing that is to be finished then. */
static bool waiting_init(struct waiting *waiting, const char *name, uint64_t deadline, struct error *err)
{
	*waiting = (struct waiting){ .loop = loop_new(err), .err = err, .name = name, .began = loop_now(),
	                             .deadline = deadline };
	if (!waiting->loop)
		return false;
	waiting->limit = loop_timer(waiting->loop, time_over, waiting);
	waiting->notice = loop_timer(waiting->loop, notice_due, waiting);
	return true;
}

/* client: taken; NULL if there is none, and then err says why. */
static bool wait_until_running(struct waiting *waiting, struct keeper_client *client)
{
	if (client) {
		if (waiting->deadline)
			loop_timer_arm(waiting->limit, waiting->deadline > waiting->began ? waiting->deadline - waiting->began : 0);
		loop_timer_arm(waiting->notice, NOTICE_MS);
		loop_run(waiting->loop);
		keeper_close(client);
	}
	loop_timer_free(waiting->limit);
	loop_timer_free(waiting->notice);
	loop_free(waiting->loop);
	free(waiting->step);
	return waiting->running;
}

bool launch_and_wait(const struct plan *plan, uint64_t deadline, struct error *err)
{
	struct waiting waiting;

	if (!waiting_init(&waiting, plan->name, deadline, err))
		return false;
	return wait_until_running(&waiting, keeper_launch(waiting.loop, plan, ROLE_WATCH, &waiting_events, &waiting, err));
}

bool launch_join(const struct registry_entry *entry, uint64_t deadline, struct error *err)
{
	struct waiting waiting;

	if (!waiting_init(&waiting, entry->name, deadline, err))
		return false;
	waiting.joined = true;
	return wait_until_running(&waiting, keeper_connect(waiting.loop, entry, ROLE_WATCH, &waiting_events, &waiting, err));
}
