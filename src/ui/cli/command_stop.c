/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/number.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/orphan.h"
#include "core/keeper/run/vm_locks.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define ANSWER_MS 5000		/* a keeper kills QEMU at once and reports it, well within this time */
#define DEFAULT_TIMEOUT 30	/* seconds; after the same time a VM counts as not reacting */

struct stopping {
	struct loop *loop;
	struct keeper_client *client;
	struct loop_timer *timer;
	bool force, forced;
	bool heard;		/* the keeper has reported its state */
	bool stopped;
	bool paused;
	char why[256];		/* why the keeper could not be asked */
};

static void on_ended(void *data, const struct keeper_end *end)
{
	struct stopping *stopping = data;

	(void)end;
	stopping->stopped = true;
	loop_quit(stopping->loop, 0);
}

static void on_lost(void *data, const char *why)
{
	struct stopping *stopping = data;

	snprintf(stopping->why, sizeof(stopping->why), "%s", why);
	loop_quit(stopping->loop, 1);
}

static void on_reply(void *data, unsigned id, const char *error)
{
	struct stopping *stopping = data;

	(void)id;
	if (error && !stopping->why[0])
		snprintf(stopping->why, sizeof(stopping->why), "%s", error);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct stopping *stopping = data;

	stopping->heard = true;
	stopping->paused = state->paused;
}

static void time_over(void *data)
{
	struct stopping *stopping = data;

	if (!stopping->force || stopping->forced) {
		loop_quit(stopping->loop, 1);
		return;
	}
	stopping->forced = true;
	keeper_command(stopping->client, KEEPER_KILL);
	loop_timer_arm(stopping->timer, ANSWER_MS);
}

/* SIGTERM makes a healthy QEMU write its disks and exit. With a timeout it gets that chance before SIGKILL. */
static int end_orphan(struct orphan *orphan, const char *name, uint64_t timeout)
{
	bool ended = false;

	struct error err;

	if (timeout && orphan_signal(orphan, SIGTERM, &err))
		ended = orphan_wait(orphan, (unsigned)timeout * 1000);
	if (!ended && orphan_signal(orphan, SIGKILL, &err))
		ended = orphan_wait(orphan, ANSWER_MS);

	int status = ended ? 0 : cli_error("%s: its QEMU (pid %d) was killed but has not ended yet", name, (int)orphan->pid);

	orphan_close(orphan);
	return status;
}

/* No keeper can be reached, but the state directory is in use; held says by which process. */
static int stop_held(const char *state, const char *name, bool force, uint64_t timeout, const struct error *held)
{
	struct orphan orphan;

	struct error err;

	if (force && orphan_find(state, &orphan, &err))
		return end_orphan(&orphan, name, timeout);
	if (force && err.code == ENOSYS)
		return cli_error("%s: %s", name, err.text);
	return command_fail(held);
}

/* timeout: seconds; with force, 0 kills at once. Returns the exit status. */
static int stop(const struct registry_entry *entry, bool force, uint64_t timeout)
{
	static const struct keeper_events events = {
		.state = on_state, .ended = on_ended, .lost = on_lost, .reply = on_reply,
	};
	struct error err;
	struct stopping stopping = { .loop = loop_new(), .force = force };

	stopping.client = keeper_connect(stopping.loop, entry, &keeper_watch, &events, &stopping, &err);
	if (!stopping.client) {
		loop_free(stopping.loop);
		/* The VM may have ended since it was looked up. */
		if (!state_is_locked(entry->state))
			return 0;
		/* Or its socket was removed. */
		error_prefix(&err, "%s cannot be reached; --force ends its QEMU", entry->name);
		return stop_held(entry->state, entry->name, force, timeout, &err);
	}
	if (timeout || !force)
		keeper_command(stopping.client, KEEPER_POWERDOWN);
	if (timeout && isatty(STDERR_FILENO))
		cli_note("%s: power button pressed; waiting up to %u s", entry->name, (unsigned)timeout);

	stopping.timer = loop_timer(stopping.loop, time_over, &stopping);
	loop_timer_arm(stopping.timer, timeout * 1000);
	loop_run(stopping.loop);
	loop_timer_free(stopping.timer);
	keeper_close(stopping.client);
	loop_free(stopping.loop);
	if (stopping.stopped)
		return 0;
	if (stopping.why[0] && !state_is_locked(entry->state))
		return 0;
	if (stopping.why[0])
		return cli_error("%s: %s", entry->name, stopping.why);
	if (!stopping.heard && (timeout || force))
		return cli_error("%s: its keeper does not answer; kill -9 %d ends it and QEMU", entry->name, (int)entry->pid);
	if (stopping.forced)
		return cli_error("%s was killed but has not ended yet", entry->name);
	if (stopping.paused)
		return cli_error("%s is paused and cannot react to the power button; resume it, or kill it with --force", entry->name);
	return cli_error("%s does not react to the power button; --force kills it", entry->name);
}

int command_stop(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	uint64_t timeout = DEFAULT_TIMEOUT;
	struct vm_target target;
	struct error err;
	int status = 0;

	if (!command_read(context, argc, argv, &words))
		return 2;

	bool force = command_words_value(&words, "--force");
	const char *seconds = command_words_value(&words, "--timeout");

	if (seconds && !number_parse(seconds, 0, 86400, &timeout, &err))
		return command_usage(context, "--timeout %s: %s", seconds, err.text);
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (target.running)
		status = stop(&target.entry, force, force && !seconds ? 0 : timeout);
	else if (vm_target_is_held(&target, words.name, &err))
		status = stop_held(target.state, words.name, force, force && !seconds ? 0 : timeout, &err);
	else if (vm_target_namesake_runs(&target, words.name, context->records, &err))
		status = command_fail(&err);
	else
		cli_note("%s is not running", words.name);
	vm_target_finish(&target);
	return status;
}
