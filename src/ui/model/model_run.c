/* SPDX-License-Identifier: MIT */
#include "ui/model/model_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/control/control.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/run/started.h"
#include "core/machines/apply.h"
#include "core/machines/ending.h"
#include "core/machines/identity.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/image.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void set_text(char **to, const char *text)
{
	char *copy = mem_strdup(text);

	free(*to);
	*to = copy;
}

/* Runners. */

#define STOP_MS 30000		/* until a guest counts as not reacting; a keeper waits as long */

struct runner *model_runner(const struct model *model, const char *uuid)
{
	for (size_t i = 0; i < model->runner_count; i++)
		if (strcmp(model->runners[i]->machine.uuid, uuid) == 0)
			return model->runners[i];
	return NULL;
}

static void fill_entry(struct runner *runner)
{
	struct running_vm *machine = &runner->machine;

	snprintf(runner->entry.uuid, sizeof(runner->entry.uuid), "%s", machine->uuid);
	runner->entry.name = machine->name;
	runner->entry.state = machine->state;
	runner->entry.image = machine->image;
	runner->entry.kind = machine->kind;
	runner->entry.pid = machine->keeper;
	runner->entry.started = machine->started;
}

static struct runner *add_runner(struct model *model, const struct registry_entry *entry)
{
	struct runner *runner = mem_alloc(sizeof(*runner));
	struct running_vm *machine = &runner->machine;

	machine->uuid = mem_strdup(entry->uuid);
	machine->name = mem_strdup(entry->name != NULL ? entry->name : "");
	machine->state = mem_strdup(entry->state);
	machine->image = mem_strdup(entry->image);
	machine->kind = mem_strdup(entry->kind != NULL ? entry->kind : "");
	machine->keeper = entry->pid;
	machine->started = entry->started;
	machine->phase = VM_RUNNING;	/* until its keeper reports its phase */
	stop_ladder_init(&machine->stop, STOP_MS);
	runner->model = model;
	fill_entry(runner);
	model->runners = mem_grow(model->runners, &model->runner_size, model->runner_count + 1, sizeof(model->runners[0]));
	model->runners[model->runner_count++] = runner;
	return runner;
}

static void free_runner(struct runner *runner)
{
	apply_cancel(runner->apply);
	pending_finish(&runner->applied);
	control_forget(runner->ping);
	control_forget(runner->shutdown);
	keeper_close(runner->watch);
	usage_free(runner->usage);
	free(runner->guest);
	free(runner->machine.uuid);
	free(runner->machine.name);
	free(runner->machine.state);
	free(runner->machine.image);
	free(runner->machine.kind);
	free(runner->machine.step);
	free(runner->machine.publish);
	free(runner->machine.paused_why);
	free(runner->machine.screens);
	free(runner);
}

/* The machine has ended: read the state directory again. */
static void drop_runner(struct model *model, struct runner *runner, const char *failure)
{
	if (runner->machine.restart) {
		char *line = mem_printf("%s: its keeper has gone, so it was not started again", runner->machine.name);

		model->events.said(model->data, line);
		free(line);
	}
	for (int kind = 0; kind < ITEM_KINDS; kind++) {
		for (size_t i = 0; i < model->lists[kind].count; i++) {
			struct item *item = model->lists[kind].all[i];

			if (!running_vm_is(&runner->machine, item))
				continue;
			item->looked = false;
			/* A failure before this run no longer matters. */
			set_text(&item->failure, failure);
		}
	}
	for (size_t i = 0; i < model->runner_count; i++) {
		if (model->runners[i] == runner) {
			memmove(&model->runners[i], &model->runners[i + 1],
			        (--model->runner_count - i) * sizeof(model->runners[0]));
			break;
		}
	}
	free_runner(runner);
}

/* The ports that are open now, whatever the profile says. */
static void read_started(struct model *model, struct running_vm *machine)
{
	struct vm_config started;

	vm_config_init(&started, CONFIG_PROFILE);
	free(machine->publish);
	machine->settings_known = machine->state != NULL && started_read(model->records, machine->state, &started, NULL);
	machine->publish = machine->settings_known ? model_publish_text(&started) : NULL;
	vm_config_finish(&started);
}

/* Profiles that are not read yet are compared when they are. */
static void compare_profiles(struct model *model, const struct running_vm *machine)
{
	const struct item_list *profiles = &model->lists[ITEM_PROFILE];

	for (size_t i = 0; i < profiles->count; i++)
		if (profiles->all[i]->read && running_vm_is(machine, profiles->all[i]))
			model_look_pending(model, profiles->all[i]);
}

/* Events from its keeper. */

static void on_step(void *data, const char *text)
{
	struct runner *runner = data;

	set_text(&runner->machine.step, text);
	model_tell(runner->model);
}

/* Somebody has changed the running VM. */
static void settings_changed(struct runner *runner)
{
	struct model *model = runner->model;

	read_started(model, &runner->machine);
	compare_profiles(model, &runner->machine);
	for (int kind = 0; kind < ITEM_KINDS; kind++)
		for (size_t i = 0; i < model->lists[kind].count; i++)
			if (running_vm_is(&runner->machine, model->lists[kind].all[i]))
				model->lists[kind].all[i]->looks++;
}

static void set_screens(struct runner *runner, const struct keeper_state *state)
{
	struct running_vm *machine = &runner->machine;

	free(machine->screens);
	machine->screens = state->screen_count > 0 ? mem_array(state->screen_count, sizeof(machine->screens[0])) : NULL;
	machine->screen_count = state->screen_count;
	for (size_t i = 0; i < state->screen_count; i++) {
		const struct attached_screen *screen = &state->screens[i];

		machine->screens[i] = (struct vm_screen){
			.pid = screen->pid, .read_only = screen->read_only, .rows = screen->rows, .columns = screen->columns,
		};
		usage_terminal("", screen->pid, machine->screens[i].terminal);
	}
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct runner *runner = data;
	struct running_vm *machine = &runner->machine;

	machine->phase = state->phase;
	machine->pid = state->pid;
	if (state->started != 0)
		machine->started = state->started;
	machine->unresponsive = state->unresponsive;
	machine->paused = state->paused;
	set_text(&machine->paused_why, state->paused && state->paused_why != NULL && state->paused_why[0] != '\0' ?
	         state->paused_why : NULL);
	machine->resets = state->resets;
	machine->resetting = state->resetting;
	machine->panicked = state->panicked;
	machine->clients = state->clients;
	set_screens(runner, state);
	if (state->changes != machine->changes) {
		machine->changes = state->changes;
		settings_changed(runner);
	}
	if (state->phase != VM_STARTING)
		set_text(&machine->step, NULL);
	else if (state->pid > 0)
		set_text(&machine->step, lifecycle_waits_for(state->pid > 0, NULL));
	model_tell(runner->model);
}

static void on_notice(void *data, const char *text)
{
	struct runner *runner = data;
	struct model *model = runner->model;
	char *line = mem_printf("%s: %s", runner->machine.name, text);

	model->events.said(model->data, line);
	free(line);
}

static void on_reply(void *data, unsigned id, const char *error)
{
	(void)id;
	if (error != NULL)
		on_notice(data, error);
}

struct item_key *model_item_of(const struct model *model, const char *uuid)
{
	const struct runner *runner = model_runner(model, uuid);

	for (int kind = 0; runner != NULL && kind < ITEM_KINDS; kind++)
		for (size_t i = 0; i < model->lists[kind].count; i++)
			if (running_vm_is(&runner->machine, model->lists[kind].all[i]))
				return item_key_new((enum item_kind)kind, model->lists[kind].all[i]->name);
	return NULL;
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct runner *runner = data;
	struct model *model = runner->model;
	struct vm_end ending = ending_of_keeper(end);
	const char *why = ending_why(&ending);
	char *failure = end->started ? NULL : mem_strdup(why);
	char *line = end->started ?
	             mem_printf("%s has ended: %s", runner->machine.name, why) :
	             mem_printf("%s did not start: %s", runner->machine.name, why);

	struct item_key *again = runner->machine.restart ? model_item_of(model, runner->machine.uuid) : NULL;

	runner->machine.restart = false;
	drop_runner(model, runner, failure);
	model->events.said(model->data, line);
	free(failure);
	free(line);
	if (again != NULL)
		model->events.restart(model->data, again->kind, again->name);
	free(again);
	/* The first run has created a state directory. */
	model_rescan(model);
	model_tell(model);
}

static void on_lost(void *data, const char *why)
{
	struct runner *runner = data;
	struct model *model = runner->model;

	keeper_close(runner->watch);
	runner->watch = NULL;
	if (!runner->registered) {
		bool started = runner->machine.phase != VM_STARTING;

		on_notice(runner, why);
		drop_runner(model, runner, started ? NULL : why);
	}
	/* If its lock is still held, the machine runs and only the connection was lost. */
	model_read_registry(model);
	model_tell(model);
}

static const struct keeper_events watch_events = {
	.step = on_step,
	.state = on_state,
	.notice = on_notice,
	.reply = on_reply,
	.ended = on_ended,
	.lost = on_lost,
};

/* The registry. */

/*
 * Adds an item for a machine that no list contains: an image started from elsewhere, another machine of an image, or a
 * profile that was removed meanwhile.
 */
static void list_elsewhere(struct model *model, const struct registry_entry *entry)
{
	bool of_profile = vm_entry_is_of_profile(entry);
	enum item_kind kind = vm_entry_stands_for_image(entry) ? ITEM_IMAGE : ITEM_STATE;
	const char *name = kind == ITEM_IMAGE ? entry->image : entry->state;

	if (name == NULL || model_get(model, kind, name) != NULL ||
	    (of_profile && model_get(model, ITEM_PROFILE, entry->name) != NULL))
		return;
	if (entry->state != NULL && map_get(&model->used_states, entry->state) != NULL)
		return;

	struct item *item = model_add(model, kind, name);

	item->elsewhere = true;
	item->seen = model->scan;
	if (kind == ITEM_IMAGE)
		item->boot = image_detect(name);
	model_more(model);
}

static void take_entry(struct model *model, const struct registry_entry *entry)
{
	struct runner *runner = model_runner(model, entry->uuid);
	struct error ignored;
	bool ask = true, first;

	if (runner == NULL)
		runner = add_runner(model, entry);
	else if (runner->watch != NULL || runner->machine.keeper == entry->pid)
		ask = false;
	first = !runner->registered_once;
	if (first)
		read_started(model, &runner->machine);
	runner->registered = runner->registered_once = true;
	runner->machine.keeper = entry->pid;
	fill_entry(runner);
	if (first)
		compare_profiles(model, &runner->machine);
	/* A keeper that does not answer still runs its VM; try to connect only once. */
	if (ask)
		runner->watch = keeper_connect(model->loop, &runner->entry, &keeper_watch, &watch_events, runner, &ignored);
}

void model_read_registry(struct model *model)
{
	struct registry_list list = { 0 };
	struct error err;

	if (!registry_read(model->records, &list, &err)) {
		model->events.said(model->data, err.text);
		return;
	}
	for (size_t i = 0; i < model->runner_count; i++)
		model->runners[i]->registered = false;
	for (size_t i = 0; i < list.count; i++)
		take_entry(model, &list.items[i]);
	registry_list_finish(&list);
	for (size_t i = 0; i < model->runner_count; )
		if (!model->runners[i]->registered && model->runners[i]->watch == NULL)
			drop_runner(model, model->runners[i], NULL);
		else
			i++;
	if (!model->scanning)
		for (size_t i = 0; i < model->runner_count; i++)
			list_elsewhere(model, &model->runners[i]->entry);
}

static void on_registry(void *data, int fd, short revents)
{
	struct model *model = data;

	(void)revents;
	registry_drain(fd);
	model_read_registry(model);
	model_tell(model);
}

void model_run_begin(struct model *model)
{
	struct error err;

	model->registry_fd = registry_watch(&err);
	if (model->registry_fd >= 0)
		model->registry_watch = loop_watch(model->loop, model->registry_fd, POLLIN, on_registry, model);
	else
		model->events.said(model->data, err.text);
	model_read_registry(model);
}

void model_run_finish(struct model *model)
{
	loop_unwatch(model->registry_watch);
	if (model->registry_fd >= 0)
		close(model->registry_fd);
	for (size_t i = 0; i < model->runner_count; i++)
		free_runner(model->runners[i]);
	loop_timer_free(model->countdown);
	model->countdown = NULL;
	free(model->runners);
	model->runners = NULL;
	model->runner_count = 0;
}

/* Queries from views. */

/*
 * True if another machine has locked its state directory: it was started elsewhere at the same moment, and this start
 * is about to fail. At a first start both have generated a UUID, so UUIDs cannot be compared.
 */
static bool is_late(const struct model *model, const struct runner *runner)
{
	struct vm_ref ref = { .kind = VM_REF_STATE, .state = runner->entry.state };

	for (size_t i = 0; !runner->registered && i < model->runner_count; i++)
		if (model->runners[i]->registered && vm_ref_is(&ref, &model->runners[i]->entry, text_equal))
			return true;
	return false;
}

const struct running_vm *model_running_vm(const struct model *model, const struct item *item)
{
	for (size_t i = 0; i < model->runner_count; i++)
		if (running_vm_is(&model->runners[i]->machine, item) && !is_late(model, model->runners[i]))
			return &model->runners[i]->machine;
	return NULL;
}

size_t model_running(const struct model *model)
{
	size_t running = 0;

	for (size_t i = 0; i < model->runner_count; i++)
		running += model->runners[i]->machine.phase != VM_OFF && !is_late(model, model->runners[i]);
	return running;
}

const struct running_vm *model_running_vm_by_uuid(const struct model *model, const char *uuid)
{
	struct runner *runner = model_runner(model, uuid);

	return runner != NULL ? &runner->machine : NULL;
}

static size_t shown_index(const struct item_list *list, const struct item *item)
{
	size_t low = 0, high = list->shown_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(list->shown[middle]->name, item->name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

/* The index of the listed item of this kind that a machine belongs to; SIZE_MAX: there is none. */
static size_t index_of_machine(const struct model *model, enum item_kind kind, const struct running_vm *machine)
{
	const struct item_list *list = &model->lists[kind];
	const char *name = kind == ITEM_PROFILE ? machine->name : kind == ITEM_IMAGE ? machine->image : machine->state;
	const struct item *item = name != NULL ? model_get(model, kind, name) : NULL;

	if (item != NULL && running_vm_is(machine, item))
		return shown_index(list, item);
	/* It may have been renamed. */
	for (size_t i = 0; i < list->shown_count && kind == ITEM_PROFILE && text_equal(machine->kind, "profile"); i++)
		if (running_vm_is(machine, list->shown[i]))
			return i;
	return SIZE_MAX;
}

const struct running_vm **model_machines_of(const struct model *model, enum item_kind kind)
{
	size_t count = model_count(model, kind);
	const struct running_vm **machines = mem_array(count + 1, sizeof(machines[0]));

	for (size_t i = 0; i < model->runner_count; i++) {
		const struct running_vm *machine = &model->runners[i]->machine;
		size_t index = is_late(model, model->runners[i]) ? SIZE_MAX : index_of_machine(model, kind, machine);

		if (index < count && machines[index] == NULL)
			machines[index] = machine;
	}
	return machines;
}

void model_status(const struct model *model, const struct item *item, struct status *out)
{
	item_status(item, model_running_vm(model, item), time(NULL), out);
}

const struct registry_entry *model_entry(const struct model *model, const char *uuid)
{
	struct runner *runner = model_runner(model, uuid);

	return runner != NULL && runner->registered ? &runner->entry : NULL;
}

bool model_launch(struct model *model, const struct item *item, const struct plan *plan, struct error *err)
{
	struct item *started = model_get(model, item->kind, item->name);
	struct registry_entry entry = {
		.name = plan->name, .state = plan->state_absolute, .image = plan->image,
		.kind = plan->kind, .started = time(NULL)
	};

	if (model_runner(model, plan->uuid) != NULL)
		return error_set(err, "%s is already running", plan->name);
	snprintf(entry.uuid, sizeof(entry.uuid), "%s", plan->uuid);

	struct runner *runner = add_runner(model, &entry);

	runner->machine.phase = VM_STARTING;
	runner->watch = keeper_launch(model->loop, plan, &keeper_watch, &watch_events, runner, err);
	if (started != NULL)
		set_text(&started->failure, runner->watch == NULL ? err->text : NULL);
	if (runner->watch == NULL)
		drop_runner(model, runner, NULL);
	model_tell(model);
	return started != NULL && started->failure == NULL;
}

struct keeper_client *model_keeper(const struct model *model, const char *uuid)
{
	const struct runner *runner = model_runner(model, uuid);

	return runner != NULL ? runner->watch : NULL;
}

bool model_command(struct model *model, const char *uuid, enum keeper_command command)
{
	struct runner *runner = model_runner(model, uuid);

	return runner != NULL && runner->watch != NULL && keeper_command(runner->watch, command) != 0;
}
