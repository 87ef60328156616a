/* SPDX-License-Identifier: MIT */
#include "ui/model/model_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/control/agent.h"
#include "core/keeper/run/orphan.h"

#include <signal.h>
#include <stdlib.h>

/* Until the next second of the countdown that is due first; 0: none is waited for. */
static uint64_t next_tick(const struct model *model, uint64_t now)
{
	uint64_t next = 0;

	for (size_t i = 0; i < model->runner_count; i++) {
		const struct stop_ladder *stop = &model->runners[i]->machine.stop;

		if (stop->stage != STOP_WAITING)
			continue;

		uint64_t ms = stop->due > now ? (stop->due - now - 1) % 1000 + 1 : 1;

		if (next == 0 || ms < next)
			next = ms;
	}
	return next;
}

static void tick(void *data)
{
	struct model *model = data;
	uint64_t now = loop_now(), next;

	for (size_t i = 0; i < model->runner_count; i++) {
		model->runners[i]->machine.stop_now = now;
		stop_ladder_time(&model->runners[i]->machine.stop, now);
	}
	next = next_tick(model, now);
	if (next > 0)
		loop_timer_arm(model->countdown, next);
	else
		loop_timer_disarm(model->countdown);
	model_tell(model);
}

/* The keeper has no command for it. The process is checked to be the QEMU of this state directory. */
static bool send_sigterm(struct model *model, const struct running_vm *machine)
{
	struct orphan qemu;
	struct error err;
	bool sent = orphan_find(machine->state, &qemu, &err) && orphan_signal(&qemu, SIGTERM, &err);

	if (!sent) {
		char *line = mem_printf("%s: %s", machine->name, err.text);

		model->events.said(model->data, line);
		free(line);
	}
	orphan_close(&qemu);
	return sent;
}

static void agent_answered(void *data, const struct error *err)
{
	struct runner *runner = data;

	runner->ping = NULL;
	if (runner->machine.stop.agent == !err)
		return;
	runner->machine.stop.agent = !err;
	model_tell(runner->model);
}

void model_look_for_agent(struct model *model, const char *uuid)
{
	struct runner *runner = model_runner(model, uuid);

	if (runner != NULL && runner->watch != NULL && runner->ping == NULL)
		runner->ping = control_guest_ping(&(struct control_vm){ .client = runner->watch }, agent_answered, runner);
}

/* Only a failure is news: if the agent has accepted it, the end follows. */
static void agent_asked(void *data, const struct error *err)
{
	struct runner *runner = data;
	char *line;

	runner->shutdown = NULL;
	if (err == NULL)
		return;
	line = mem_printf("%s: %s", runner->machine.name, err->text);
	runner->model->events.said(runner->model->data, line);
	free(line);
	runner->machine.stop.agent = false;
	if (runner->machine.stop.step == STOP_AGENT)
		stop_ladder_failed(&runner->machine.stop);
	tick(runner->model);
}

static bool ask_agent(struct runner *runner)
{
	if (runner->watch == NULL)
		return false;
	if (runner->shutdown == NULL)
		runner->shutdown = control_guest_shutdown(&(struct control_vm){ .client = runner->watch }, GUEST_POWERDOWN,
		                                          agent_asked, runner);
	return true;
}

bool model_stop(struct model *model, const char *uuid, enum stop_step step)
{
	static const enum keeper_command commands[STOP_STEPS] = {
		[STOP_BUTTON] = KEEPER_POWERDOWN, [STOP_QUIT] = KEEPER_QUIT, [STOP_KILL] = KEEPER_KILL,
	};
	struct runner *runner = model_runner(model, uuid);
	bool taken;

	if (runner == NULL || !stop_ladder_offers(&runner->machine.stop, step))
		return false;
	if (step == STOP_TERM)
		taken = send_sigterm(model, &runner->machine);
	else if (step == STOP_AGENT)
		taken = ask_agent(runner);
	else
		taken = model_command(model, uuid, commands[step]);
	if (!taken)
		return false;
	stop_ladder_begin(&runner->machine.stop, step, loop_now());
	if (model->countdown == NULL)
		model->countdown = loop_timer(model->loop, tick, model);
	tick(model);
	model_look_for_agent(model, uuid);
	return true;
}

bool model_restart(struct model *model, const char *uuid)
{
	struct runner *runner = model_runner(model, uuid);
	bool begun = runner != NULL && (runner->machine.stop.stage != STOP_IDLE || model_stop(model, uuid, STOP_BUTTON));

	if (begun) {
		runner->machine.restart = true;
		model_tell(model);
	}
	return begun;
}

void model_stop_cancel(struct model *model, const char *uuid)
{
	struct runner *runner = model_runner(model, uuid);

	if (runner == NULL)
		return;
	stop_ladder_cancel(&runner->machine.stop);
	runner->machine.restart = false;
	if (model->countdown != NULL)
		tick(model);
}

char *model_restarting(const struct model *model)
{
	struct str names;

	str_init(&names);
	for (size_t i = 0; i < model->runner_count; i++)
		if (model->runners[i]->machine.restart)
			str_addf(&names, "%s%s", names.len > 0 ? ", " : "", model->runners[i]->machine.name);
	if (names.len > 0)
		return str_detach(&names);
	str_finish(&names);
	return NULL;
}
