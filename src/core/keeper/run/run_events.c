/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/run_events.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/run/console_tail.h"
#include "core/keeper/run/last_run.h"
#include "core/qemu/qmp/qmp_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The names of events and members are those of qapi/run-state.json in QEMU. */

static void on_shutdown(struct run_events *events, const char *detail)
{
	char *reason = qmp_member(detail, "reason"), *guest = qmp_member(detail, "guest");

	last_run_reason(events->run, reason ? reason : "shutdown");
	if (!events->run->asked_by && text_equal(guest, "true"))
		events->run->asked_by = "guest";
	free(reason);
	free(guest);
}

/* What the guest has told its hypervisor about a crash; only Hyper-V's and the s390's interface have more than the fact. */
static char *crash_info(const char *detail)
{
	char *info = qmp_object(detail, "info"), *type, *text = NULL;

	if (!info)
		return NULL;
	type = qmp_member(info, "type");
	if (text_equal(type, "hyper-v")) {
		char *code = qmp_member(info, "arg1");
		uint64_t number = code ? strtoull(code, NULL, 10) : 0;

		text = mem_printf("Windows stop code 0x%llx", (unsigned long long)number);
		free(code);
	} else if (text_equal(type, "s390")) {
		char *reason = qmp_member(info, "reason"), *core = qmp_member(info, "core");

		text = mem_printf("%s on CPU %s", reason ? reason : "unknown", core ? core : "?");
		free(reason);
		free(core);
	}
	free(type);
	free(info);
	return text;
}

static void on_panicked(struct run_events *events, const char *detail)
{
	char *info = crash_info(detail);
	char *notice = mem_printf("the guest has panicked%s%s", info ? ": " : "", info ? info : "");

	events->panicked = true;
	last_run_text_set(events->run->panic, sizeof(events->run->panic), info ? info : "");
	events->notice(events->data, notice);
	events->changed(events->data);
	free(notice);
	free(info);
}

static void on_watchdog(struct run_events *events, const char *detail)
{
	char *action = qmp_member(detail, "action");
	char *notice = mem_printf("the guest's watchdog has expired; action: %s", action ? action : "unknown");

	last_run_text_set(events->run->watchdog, sizeof(events->run->watchdog), action ? action : "unknown");
	events->notice(events->data, notice);
	free(notice);
	free(action);
}

static void on_memory_failure(struct run_events *events, const char *detail)
{
	char *recipient = qmp_member(detail, "recipient"), *action = qmp_member(detail, "action");
	char *text = mem_printf("in memory of the %s; action: %s", text_equal(recipient, "guest") ? "guest" : "hypervisor",
	                        action ? action : "unknown");
	char *notice = mem_printf("this host's memory has failed, %s", text);

	last_run_text_set(events->run->memory_failure, sizeof(events->run->memory_failure), text);
	events->notice(events->data, notice);
	free(notice);
	free(text);
	free(recipient);
	free(action);
}

static void calmed(void *data)
{
	struct run_events *events = data;

	events->resetting = false;
	events->changed(events->data);
}

static void on_reset(struct run_events *events, const char *detail)
{
	struct last_run *run = events->run;
	char *guest = qmp_member(detail, "guest");
	bool before = events->resetting, by_guest = text_equal(guest, "true");

	free(guest);
	/* It boots again, so the panic is not how it ended. */
	events->panicked = false;
	if (!reset_counts(&events->resets, loop_now(), events->reset_apart, by_guest)) {
		events->changed(events->data);
		return;
	}
	run->reset_last = time(NULL);
	if (run->resets_guest + run->resets_host == 0)
		run->reset_first = run->reset_last;
	if (!by_guest) {
		run->resets_host++;
	} else {
		run->resets_guest++;
		events->resetting = reset_loop_add(&events->resets, loop_now());
		if (events->resetting)
			loop_timer_arm(events->calm, RESET_LOOP_MS);
	}
	if (events->resetting && !before) {
		run->reset_loop = true;
		events->notice(events->data, "the guest resets itself again and again; its console or the log may show why");
	}
	events->changed(events->data);
}

/* Once for each pause, when its file is known. A guest that is resumed on a disk that is still full pauses again at once. */
static void tell_pause(struct run_events *events)
{
	const struct pause *pause = &events->pause;
	char *notice;

	if (!pause->paused)
		events->pause_told = false;
	if (!pause->paused || !pause->why[0] || pause->asking || events->pause_told)
		return;
	events->pause_told = true;
	notice = mem_printf("paused%s: %s", events->pauses++ ? " again" : "", pause->why);
	events->notice(events->data, notice);
	free(notice);
}

static void pause_changed(void *data)
{
	struct run_events *events = data;

	last_run_text_set(events->run->io_error, sizeof(events->run->io_error), events->pause.io_error);
	last_run_text_set(events->run->paused, sizeof(events->run->paused), events->pause.why);
	events->changed(events->data);
	tell_pause(events);
}

void run_events_init(struct run_events *events, struct loop *loop)
{
	events->calm = loop_timer(loop, calmed, events);
	events->pause.changed = pause_changed;
	events->pause.data = events;
}

void run_events_finish(struct run_events *events)
{
	loop_timer_free(events->calm);
	events->calm = NULL;
}

void run_events_ready(struct run_events *events, struct qemu_process *qemu)
{
	pause_ready(&events->pause, qemu);
}

void run_events_take(struct run_events *events, const char *name, const char *detail)
{
	static const struct {
		const char *name;
		void (*take)(struct run_events *, const char *detail);
	} known[] = {
		{ "SHUTDOWN", on_shutdown }, { "GUEST_PANICKED", on_panicked }, { "WATCHDOG", on_watchdog },
		{ "MEMORY_FAILURE", on_memory_failure }, { "RESET", on_reset },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal(known[i].name, name))
			known[i].take(events, detail);
	if (text_equal(name, "GUEST_CRASHLOADED"))
		events->notice(events->data, "the guest has crashed and runs its crash kernel");
	pause_event(&events->pause, name, detail);
}

void run_events_show(const struct run_events *events, struct keeper_state *state)
{
	state->paused = events->pause.paused;
	state->paused_why = events->pause.why;
	state->resets = events->run->resets_guest + events->run->resets_host;
	state->resetting = events->resetting;
	state->panicked = events->panicked;
	state->link_down = events->link_down;
}

void run_events_end(struct run_events *events, const struct terminal *screen, const struct ring *ring)
{
	struct last_run *run = events->run;

	console_tail(screen, run->console, sizeof(run->console));
	if (!events->panicked)
		run->panic[0] = '\0';
	else if (!run->panic[0])
		console_panic(ring, run->panic, sizeof(run->panic));
	if (events->panicked && !run->panic[0])
		last_run_text_set(run->panic, sizeof(run->panic), "for an unknown reason");
}
