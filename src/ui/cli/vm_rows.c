/* SPDX-License-Identifier: MIT */
#include "ui/cli/vm_rows.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/registry.h"
#include "core/machines/ending.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/identity.h"
#include "core/machines/missing.h"
#include "core/machines/pending.h"
#include "core/machines/startable.h"
#include "core/machines/state_dir.h"
#include "core/vm/store.h"
#include "ui/cli/command.h"
#include "ui/cli/vm_use.h"
#include "ui/kit/draw.h"

#include <stdlib.h>
#include <string.h>

#define WIDEST_NAME 40		/* columns */
#define ANSWER_MS 2000		/* a keeper that does not answer within this time has the phase "unknown" */

static struct vm_row *add_row(struct vm_rows *rows)
{
	rows->items = mem_grow(rows->items, &rows->size, rows->count + 1, sizeof(*rows->items));
	struct vm_row *row = &rows->items[rows->count++];
	*row = (struct vm_row){ .phase = "off" };
	return row;
}

/* The phase of a VM without a keeper: another program's QEMU may run there; otherwise how the last run ended. */
static void look_at_rest(struct vm_row *row, const struct record_io *records)
{
	struct last_run *run;
	pid_t pid;

	if (!row->state)
		return;
	switch (foreign_qemu_probe(row->state, &pid)) {
	case FOREIGN_RUNS:
		row->phase = "running";
		row->pid = pid;
		return;
	case FOREIGN_UNKNOWN:
		row->phase = "unknown";
		return;
	case FOREIGN_NONE:
		break;
	}
	run = mem_alloc(sizeof(*run));
	if (last_run_read(records, row->state, run)) {
		row->phase = ending_word(ending_of(run));
		row->last = run;
	} else {
		free(run);
	}
}

/* A VM that cannot start is shown as invalid, not as off. */
static void look_at_settings(struct vm_row *row, const struct vm_config *config)
{
	if (row->pid || text_equal(row->phase, "unknown"))
		return;
	row->why = startable_bad_setting(config);
	if (!row->why)
		row->why = missing_image(row->image);
	if (row->why)
		row->phase = UNSTARTABLE_WORD;
}

/* Asks all keepers for their phases at the same time: they answer while the profiles are read. */
struct asking {
	struct loop *loop;
	struct question *questions;
	size_t count, open;
};

struct question {
	struct asking *asking;
	struct vm_row *row;
	struct keeper_client *client;
	bool done;
};

static void answered(struct question *question)
{
	if (question->done)
		return;
	question->done = true;
	if (--question->asking->open == 0)
		loop_quit(question->asking->loop, 0);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct question *question = data;

	question->row->phase = running_word(state->phase, state->unresponsive, state->paused);
	/* A second state may come while others are waited for. */
	free(question->row->why);
	question->row->why = NULL;
	if (state->paused && state->paused_why && *state->paused_why)
		question->row->why = mem_strdup(state->paused_why);
	else if (state->panicked)
		question->row->why = mem_strdup("the guest has panicked");
	question->row->resets = state->resets;
	question->row->pid = state->pid;
	if (state->screens) {
		free(question->row->screens);
		question->row->screens = mem_array(state->screen_count + 1, sizeof(question->row->screens[0]));
		memcpy(question->row->screens, state->screens, state->screen_count * sizeof(state->screens[0]));
		question->row->screen_count = state->screen_count;
	}
	answered(question);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct question *question = data;

	(void)end;
	question->row->phase = "off";
	answered(question);
}

static void on_lost(void *data, const char *why)
{
	(void)why;
	answered(data);
}

static void no_answer(void *data)
{
	loop_quit(((struct asking *)data)->loop, 1);
}

static void ask_phases(struct asking *asking, const struct registry_list *running)
{
	static const struct keeper_events events = { .state = on_state, .ended = on_ended, .lost = on_lost };
	struct error ignored;

	*asking = (struct asking){ .loop = loop_new(), .count = running->count,
	                           .questions = mem_array(running->count, sizeof(*asking->questions)) };
	for (size_t i = 0; i < running->count; i++) {
		struct question *question = &asking->questions[i];

		question->asking = asking;
		question->client = keeper_connect(asking->loop, &running->items[i], &keeper_watch, &events, question, &ignored);
		asking->open += question->client != NULL;
	}
}

/* The answers go to the rows of the questions, which the caller has set by now. */
static void await_phases(struct asking *asking)
{
	struct loop_timer *timer = loop_timer(asking->loop, no_answer, asking);

	loop_timer_arm(timer, ANSWER_MS);
	if (asking->open)
		loop_run(asking->loop);
	for (size_t i = 0; i < asking->count; i++)
		keeper_close(asking->questions[i].client);
	loop_timer_free(timer);
	loop_free(asking->loop);
	free(asking->questions);
}

static bool row_is(const struct vm_row *row, const struct registry_entry *entry)
{
	struct vm_ref ref = {
		.kind = VM_REF_PROFILE, .name = row->name, .uuid = row->broken ? NULL : row->uuid, .state = row->state,
	};

	return vm_ref_is(&ref, entry, path_same);
}

/* Whether a VM of that name is this profile's. The list is ordered by name. */
static bool runs_by_name(const struct vm_row *row, const struct registry_list *running)
{
	size_t first = 0, end = running->count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (strcmp(running->items[middle].name, row->name) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	for (; first < running->count && text_equal(running->items[first].name, row->name); first++)
		if (row_is(row, &running->items[first]))
			return true;
	return false;
}

static void add_profile(struct vm_rows *rows, const char *name, const struct registry_list *running,
                        const struct command_context *context)
{
	struct vm_config config;
	struct store_revision revision;
	struct error err;
	struct vm_row *row = add_row(rows);

	row->name = mem_strdup(name);
	vm_config_init(&config, CONFIG_PROFILE);
	if (context->store->load(context->store, name, &config, &revision, &err)) {
		const char *image = vm_config_get(&config, SET_IMAGE);

		row->image = image ? path_expand(image) : NULL;
		row->state = state_dir_of(&config);
		/* The state directory need not be read for what the VM's keeper knows better. */
		if (!row->state || !runs_by_name(row, running)) {
			row->uuid = state_dir_uuid_of(&config, row->state);
			look_at_rest(row, context->records);
			look_at_settings(row, &config);
		}
	} else {
		row->broken = true;
		row->phase = "broken";
		row->why = mem_strdup(err.text);
		cli_error("%s: %s", name, err.text);
	}
	vm_config_finish(&config);
}

/*
 * The row of a running VM: that of its profile, or a new one. If copies of a profile share a state directory, the one
 * with the VM's name comes first.
 */
static struct vm_row *row_of(struct vm_rows *rows, size_t profiles, const struct registry_entry *entry)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < profiles; i++) {
			struct vm_row *row = &rows->items[i];

			if ((pass > 0 || text_equal(row->name, entry->name)) && row_is(row, entry))
				return row;
		}
	return add_row(rows);
}

static void fill_running(struct vm_row *row, const struct registry_entry *entry)
{
	if (!row->name)
		row->name = mem_strdup(entry->name);
	free(row->uuid);
	row->uuid = mem_strdup(entry->uuid);
	/* What runs, and not what the profile says by now. */
	free(row->state);
	row->state = mem_strdup(entry->state);
	if (entry->image && *entry->image) {
		free(row->image);
		row->image = mem_strdup(entry->image);
	}
	row->phase = "unknown";
	free(row->why);
	row->why = NULL;
	free(row->last);
	row->last = NULL;
	row->pid = 0;
	row->keeper = entry->pid;
	row->started = entry->started;
}

static void compare(struct vm_row *row, const struct command_context *context)
{
	struct pending pending = { 0 };
	struct error ignored;

	row->compared = pending_of_profile(&pending, context->store, context->records, row->name, row->state, row->uuid, &ignored);
	pending_names(&pending, &row->pending);
	pending_finish(&pending);
}

bool vm_rows_gather(const struct command_context *context, struct vm_rows *rows, struct error *err)
{
	struct strv names = { 0 };
	struct registry_list running = { 0 };

	if (!context->store->names(context->store, &names, err) || !registry_read(context->records, &running, err)) {
		strv_finish(&names);
		return false;
	}
	struct asking asking;

	ask_phases(&asking, &running);
	for (size_t i = 0; i < names.count; i++)
		add_profile(rows, names.items[i], &running, context);
	strv_finish(&names);

	size_t profiles = rows->count;

	/* Rows move while they are added: first all of them, then pointers. */
	size_t *where = mem_array(running.count, sizeof(*where));
	for (size_t i = 0; i < running.count; i++) {
		struct vm_row *row = row_of(rows, profiles, &running.items[i]);

		fill_running(row, &running.items[i]);
		if ((size_t)(row - rows->items) < profiles && !row->broken && row->state)
			compare(row, context);
		where[i] = (size_t)(row - rows->items);
	}
	for (size_t i = 0; i < running.count; i++)
		asking.questions[i].row = &rows->items[where[i]];
	await_phases(&asking);
	free(where);
	registry_list_finish(&running);
	return true;
}

void vm_row_measure(struct vm_row *row, const struct record_io *records)
{
	if (!row->use)
		row->use = vm_use_new(records, row->pid, row->keeper, row->state);
}

void vm_rows_finish(struct vm_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->items[i].name);
		free(rows->items[i].uuid);
		free(rows->items[i].state);
		free(rows->items[i].image);
		free(rows->items[i].why);
		free(rows->items[i].screens);
		free(rows->items[i].last);
		strv_finish(&rows->items[i].pending);
		vm_use_free(rows->items[i].use);
	}
	free(rows->items);
	*rows = (struct vm_rows){ 0 };
}

int vm_rows_name_width(const struct vm_rows *rows)
{
	int width = 4;

	for (size_t i = 0; i < rows->count; i++) {
		int columns = text_columns(rows->items[i].name);

		if (columns > width && columns <= WIDEST_NAME)
			width = columns;
	}
	return width;
}
