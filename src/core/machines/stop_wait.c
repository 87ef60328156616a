/* SPDX-License-Identifier: MIT */
#include "core/machines/stop_wait.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/control/agent.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/orphan.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/run/state_lock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#define REFUSED_MS 1000		/* for the end of a VM whose keeper takes no more commands */

/* One VM that is being stopped. */
struct stopping {
	const struct stop_target *target;
	const struct stop_wait *how;
	struct loop *loop;
	struct stop_ladder ladder;
	struct keeper_client *client;	/* NULL: there is no keeper to ask */
	struct orphan orphan;		/* its QEMU, if there is no keeper; .pidfd -1: not looked for */
	struct loop_watch *orphan_watch;
	struct loop_timer *timer;
	bool heard;			/* the keeper has reported its state */
	bool paused;
	bool done, told;
	struct error why;		/* text[0] == '\0': it is off */
};

static void finish(struct stopping *stopping)
{
	stopping->done = true;
	loop_timer_disarm(stopping->timer);
}

static void off(struct stopping *stopping)
{
	stopping->why.text[0] = '\0';
	finish(stopping);
}

static void fail(struct stopping *stopping)
{
	const struct stop_target *target = stopping->target;
	bool orphan = !stopping->client;

	if (stopping->why.text[0])
		error_prefix(&stopping->why, "%s", target->name);
	else if (orphan && stopping->ladder.step == STOP_KILL)
		error_set(&stopping->why, "%s: its QEMU (pid %d) was killed but has not ended yet", target->name,
		          (int)stopping->orphan.pid);
	else if (!stopping->heard && stopping->ladder.wait_ms[stopping->ladder.step] > 0)
		error_set(&stopping->why, "%s: its keeper does not answer; kill -9 %d ends it and QEMU", target->name,
		          (int)target->entry->pid);
	else if (stopping->ladder.step == STOP_KILL)
		error_set(&stopping->why, "%s was killed but has not ended yet", target->name);
	else if (stopping->paused)
		error_set(&stopping->why, "%s is paused and cannot react to the power button; resume it, or use --force or kill",
		          target->name);
	else
		error_set(&stopping->why, "%s does not react to the power button; --force goes on to the next steps, kill ends it",
		          target->name);
	finish(stopping);
}

static bool signal_orphan(struct stopping *stopping, int signo)
{
	struct orphan other = { .pidfd = -1 };
	struct error ignored;
	bool sent;

	if (!stopping->client)
		return orphan_signal(&stopping->orphan, signo, &ignored);
	sent = orphan_find(stopping->target->state, &other, &ignored) && orphan_signal(&other, signo, &ignored);
	orphan_close(&other);
	return sent;
}

/* Only for force, which leaves out the agent where there is none. */
static void agent_answered(void *data, const struct error *err)
{
	struct stopping *stopping = data;

	stopping->ladder.agent = !err;
}

static void agent_asked(void *data, const struct error *err)
{
	struct stopping *stopping = data;

	if (!err || stopping->done || stopping->ladder.step != STOP_AGENT)
		return;
	stop_ladder_failed(&stopping->ladder);
	loop_timer_arm(stopping->timer, 0);
}

/* Returns false if there is nothing to wait for. */
static bool carry_out(struct stopping *stopping)
{
	static const enum keeper_command commands[STOP_STEPS] = {
		[STOP_BUTTON] = KEEPER_POWERDOWN, [STOP_QUIT] = KEEPER_QUIT, [STOP_KILL] = KEEPER_KILL,
	};
	enum stop_step step = stopping->ladder.step;

	if (step == STOP_TERM)
		return signal_orphan(stopping, SIGTERM);
	if (!stopping->client)
		return step == STOP_KILL && signal_orphan(stopping, SIGKILL);
	if (step == STOP_AGENT) {
		control_guest_shutdown(&(struct control_vm){ .client = stopping->client }, GUEST_POWERDOWN, agent_asked, stopping);
		return true;
	}
	keeper_command(stopping->client, commands[step]);
	return true;
}

/* Takes steps until there is one to wait for. */
static void take(struct stopping *stopping)
{
	enum stop_verdict verdict = STOP_TAKE;
	uint64_t now = loop_now();

	while (verdict == STOP_TAKE) {
		const struct stop_ladder *ladder = &stopping->ladder;

		if (!carry_out(stopping)) {
			stop_ladder_failed(&stopping->ladder);
		} else if (stopping->how->say && ladder->step != STOP_KILL && ladder->wait_ms[ladder->step] > 0) {
			char *line = mem_printf("%s: %s; waiting up to %u s", stopping->target->name, stop_step_done(ladder->step),
			                        ladder->wait_ms[ladder->step] / 1000);

			stopping->how->say(line);
			free(line);
		}
		now = loop_now();
		verdict = stop_ladder_time(&stopping->ladder, now);
	}
	if (verdict == STOP_TELL)
		fail(stopping);
	else
		loop_timer_arm(stopping->timer, stopping->ladder.due - now);
}

static void time_over(void *data)
{
	struct stopping *stopping = data;

	switch (stop_ladder_time(&stopping->ladder, loop_now())) {
	case STOP_TAKE:
		take(stopping);
		break;
	case STOP_TELL:
		fail(stopping);
		break;
	case STOP_STAY:
		loop_timer_arm(stopping->timer, 1);
		break;
	}
}

static void orphan_ended(void *data, int fd, short revents)
{
	(void)fd;
	(void)revents;
	off(data);
}

/* held: who uses the state directory. */
static void begin_orphan(struct stopping *stopping, const struct error *held)
{
	struct error err = { 0 };

	if (stopping->ladder.force && orphan_find(stopping->target->state, &stopping->orphan, &err)) {
		stopping->orphan_watch = loop_watch(stopping->loop, stopping->orphan.pidfd, POLLIN, orphan_ended, stopping);
		take(stopping);
		return;
	}
	/* It has ended since it was looked up, or since the keeper was killed, which then sends no end. */
	if (!*stopping->target->state || !state_is_locked(stopping->target->state)) {
		off(stopping);
		return;
	}
	stopping->why = *held;
	if (err.code == ENOSYS)
		error_set(&stopping->why, "%s: %s", stopping->target->name, err.text);
	finish(stopping);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	(void)end;
	off(data);
}

static void on_lost(void *data, const char *why)
{
	struct stopping *stopping = data;

	struct error err;

	if (stopping->done)
		return;
	keeper_close(stopping->client);
	stopping->client = NULL;
	error_set(&err, "%s: %s", stopping->target->name, stopping->why.text[0] ? stopping->why.text : why);
	begin_orphan(stopping, &err);
}

static void on_reply(void *data, unsigned id, const char *error)
{
	struct stopping *stopping = data;

	(void)id;
	if (!error || stopping->done)
		return;
	/* The keeper is older or newer, or it is about to report the end. */
	error_set(&stopping->why, "%s", error);
	stopping->ladder.force = false;
	stopping->ladder.due = loop_now() + REFUSED_MS;
	loop_timer_arm(stopping->timer, REFUSED_MS);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct stopping *stopping = data;

	stopping->heard = true;
	stopping->paused = state->paused;
}


static void begin(struct stopping *stopping)
{
	static const struct keeper_events events = {
		.state = on_state, .ended = on_ended, .lost = on_lost, .reply = on_reply,
	};
	const struct stop_target *target = stopping->target;
	struct error err;

	stopping->timer = loop_timer(stopping->loop, time_over, stopping);
	stopping->orphan.pidfd = -1;
	stop_ladder_begin(&stopping->ladder, stopping->how->first, loop_now());
	if (!target->entry) {
		begin_orphan(stopping, target->held);
		return;
	}
	stopping->client = keeper_connect(stopping->loop, target->entry, &keeper_watch, &events, stopping, &err);
	if (stopping->client) {
		take(stopping);
		if (stopping->ladder.force && stopping->ladder.step < STOP_AGENT)
			control_guest_ping(&(struct control_vm){ .client = stopping->client }, agent_answered, stopping);
	} else {
		/* Its socket was removed. */
		error_prefix(&err, "%s cannot be reached; paddock kill ends its QEMU", target->name);
		begin_orphan(stopping, &err);
	}
}

static void stopping_finish(struct stopping *stopping)
{
	loop_unwatch(stopping->orphan_watch);
	orphan_close(&stopping->orphan);
	loop_timer_free(stopping->timer);
	keeper_close(stopping->client);
}

void stop_and_wait(const struct stop_target *targets, size_t count, const struct stop_wait *how)
{
	struct loop *loop = loop_new();
	struct stopping *all = mem_array(count, sizeof(*all));
	size_t left = count;

	for (size_t i = 0; i < count; i++) {
		all[i] = (struct stopping){ .target = &targets[i], .how = how, .loop = loop, .ladder = how->ladder };
		begin(&all[i]);
	}
	while (left > 0) {
		for (size_t i = 0; i < count; i++) {
			if (!all[i].done || all[i].told)
				continue;
			all[i].told = true;
			left--;
			how->ended(how->data, i, all[i].why.text[0] ? all[i].why.text : NULL);
		}
		if (left > 0)
			loop_turn(loop, -1);
	}
	for (size_t i = 0; i < count; i++)
		stopping_finish(&all[i]);
	free(all);
	loop_free(loop);
}
