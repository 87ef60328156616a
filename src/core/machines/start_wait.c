/* SPDX-License-Identifier: MIT */
#include "core/machines/start_wait.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"
#include "core/machines/ending.h"
#include "core/machines/identity.h"
#include "core/qemu/plan/plan_data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NOTICE_MS 10000		/* after this time, print what the start is waiting for */
#define ANSWER_MS 2000		/* a keeper cancels a start at once and reports it, well within this time */

struct waiting {
	struct loop *loop;
	struct error *err;
	const char *name;
	const struct start_wait *how;
	uint64_t began;			/* as from loop_now */
	struct loop_timer *limit, *notice;
	struct keeper_client *client;
	bool joined;			/* another process began the start */
	bool seen_starting;		/* the VM was not running yet at first */
	bool given_up;			/* the deadline has passed, and the start is being undone */
	bool heard;			/* the keeper has sent something */
	bool spawned;			/* QEMU exists */
	char *step;			/* the plan's step in progress; NULL: none */
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
	return lifecycle_waits_for(waiting->spawned, waiting->step);
}

static void notice_due(void *data)
{
	struct waiting *waiting = data;

	char *line = mem_printf("%s is still starting: %s", waiting->name, waits_for(waiting));

	waiting->how->say(line);
	free(line);
}

/* Undoes a start of this process, which is safe: no guest runs before QEMU answers. Other starts continue. */
static void time_over(void *data)
{
	struct waiting *waiting = data;

	if (waiting->given_up) {
		keeper_kill_process(waiting->client);
		give_up(waiting);
		return;
	}
	bool joined = waiting->joined;

	error_set(waiting->err, "not started within %u s: %s%s%s%s",
	          (unsigned)((waiting->how->deadline - waiting->began + 999) / 1000), waits_for(waiting),
	          joined ? "; the start continues; paddock kill " : "", joined ? waiting->name : "",
	          joined ? " ends it" : "");
	waiting->err->code = ETIMEDOUT;
	if (joined) {
		give_up(waiting);
		return;
	}
	waiting->given_up = true;
	keeper_command(waiting->client, KEEPER_KILL);
	loop_timer_arm(waiting->limit, ANSWER_MS);
}

static void on_step(void *data, const char *text)
{
	struct waiting *waiting = data;

	waiting->heard = true;
	free(waiting->step);
	waiting->step = mem_strdup(text);
	if (*text)
		waiting->how->say(text);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct waiting *waiting = data;

	waiting->heard = true;
	waiting->spawned = state->pid > 0;
	waiting->seen_starting |= state->phase == VM_STARTING;
	if (waiting->given_up)
		return;
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

	if (!waiting->given_up) {
		struct vm_end ending = ending_of_keeper(end);
		char *why = ending_of_qemu(&ending);

		error_set(waiting->err, "%s", why);
		free(why);
		if (!end->started)
			waiting->err->code = EBUSY;
	}
	give_up(waiting);
}

static void on_lost(void *data, const char *why)
{
	struct waiting *waiting = data;

	if (!waiting->given_up)
		error_set(waiting->err, "lost the connection to the VM's keeper: %s", why);
	give_up(waiting);
}

static void on_notice(void *data, const char *text)
{
	((struct waiting *)data)->how->say(text);
}

static const struct keeper_events waiting_events = {
	.step = on_step, .state = on_state, .ended = on_ended, .lost = on_lost, .notice = on_notice,
};

static void waiting_init(struct waiting *waiting, const char *name, const struct start_wait *how, struct error *err)
{
	*waiting = (struct waiting){ .loop = loop_new(), .err = err, .name = name, .how = how, .began = loop_now() };
	waiting->limit = loop_timer(waiting->loop, time_over, waiting);
	waiting->notice = loop_timer(waiting->loop, notice_due, waiting);
}

/* Takes ownership of client, which may be NULL if connecting failed. Returns true if the VM runs. */
static bool wait_until_running(struct waiting *waiting, struct keeper_client *client)
{
	waiting->client = client;
	if (client) {
		uint64_t deadline = waiting->how->deadline;

		if (deadline)
			loop_timer_arm(waiting->limit, deadline > waiting->began ? deadline - waiting->began : 0);
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

enum start_outcome start_join(const struct registry_entry *entry, const struct start_wait *how, struct error *err)
{
	struct waiting waiting;

	waiting_init(&waiting, entry->name, how, err);
	waiting.joined = true;
	if (!wait_until_running(&waiting, keeper_connect(waiting.loop, entry, &keeper_watch, &waiting_events, &waiting, err)))
		return START_FAILED;
	return waiting.seen_starting ? START_JOINED : START_RAN;
}

/* The entry of the VM that runs in the plan's state directory, or NULL. */
static const struct registry_entry *entry_of(const struct registry_list *list, const struct plan *plan)
{
	struct vm_ref ref = { .kind = VM_REF_STATE, .state = plan->state_absolute };

	for (size_t i = 0; i < list->count; i++)
		if (vm_ref_is(&ref, &list->items[i], path_same))
			return &list->items[i];
	return NULL;
}

bool start_runs_already(const struct record_io *records, const struct plan *plan)
{
	struct registry_list list = { 0 };
	struct error ignored;
	bool runs = registry_read(records, &list, &ignored) && entry_of(&list, plan);

	registry_list_finish(&list);
	return runs;
}

enum start_outcome start_and_wait(const struct record_io *records, const struct plan *plan, const struct start_wait *how,
                                  struct error *err)
{
	struct waiting waiting;
	struct registry_list list = { 0 };
	struct error ignored;
	enum start_outcome outcome = START_FAILED;

	waiting_init(&waiting, plan->name, how, err);
	if (wait_until_running(&waiting, keeper_launch(waiting.loop, plan, &keeper_watch, &waiting_events, &waiting, err)))
		return START_DONE;
	if (err->code != EBUSY)
		return START_FAILED;

	/* Two processes started the VM at the same time, and the other one got the lock. */
	const struct registry_entry *other = registry_read(records, &list, &ignored) ? entry_of(&list, plan) : NULL;

	if (other)
		outcome = start_join(other, how, err);
	registry_list_finish(&list);
	return outcome;
}
