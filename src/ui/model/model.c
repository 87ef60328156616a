/* SPDX-License-Identifier: MIT */
#include "ui/model/model_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/strv.h"
#include "core/vm/image.h"
#include "core/vm/store.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_MS	3	/* approximate duration of a slice */
#define SCAN_ENTRIES	128
#define LOOK_AT_ALL	500	/* with more profiles, only those on the screen are looked at, and counted as failed */

void model_tell(struct model *model)
{
	model->changed = false;
	model->counts.known = false;
	if (model->events.changed != NULL)
		model->events.changed(model->data);
}

void model_more(struct model *model)
{
	if (!loop_timer_armed(model->slice))
		loop_timer_arm(model->slice, 0);
}

/* Items. */

static int compare_names(const void *a, const void *b)
{
	const struct item *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

struct item *model_get(const struct model *model, enum item_kind kind, const char *name)
{
	return map_get(&model->lists[kind].by_name, name);
}

struct item *model_add(struct model *model, enum item_kind kind, const char *name)
{
	struct item *item = item_new(kind, name);
	struct item_list *list = &model->lists[kind];

	/* The state directory follows from the path. */
	if (kind == ITEM_IMAGE) {
		item->image = mem_strdup(name);
		item->state = image_state_dir(name, image_is_prefix(name));
	} else if (kind == ITEM_STATE) {
		item->state = mem_strdup(name);
	}
	item->read = kind != ITEM_PROFILE;
	list->all = mem_grow(list->all, &list->size, list->count + 1, sizeof(list->all[0]));
	list->all[list->count++] = item;
	map_put(&list->by_name, item->name, item);
	model->regroup = true;
	return item;
}

/* Which items are listed. */

/* Names are usually already sorted; then no sort is needed, even for 10,000. */
static void sort_list(struct item_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		if (strcmp(list->all[i - 1]->name, list->all[i]->name) > 0) {
			qsort(list->all, list->count, sizeof(list->all[0]), compare_names);
			return;
		}
	}
}

static void refill_shown(struct item_list *list)
{
	list->shown = mem_resize(list->shown, list->size, sizeof(list->shown[0]));
	list->shown_count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!list->all[i]->hidden)
			list->shown[list->shown_count++] = list->all[i];
}

static void hide(struct model *model, enum item_kind kind, const char *name)
{
	struct item *item = model_get(model, kind, name);

	if (item == NULL || item->hidden)
		return;
	item->hidden = true;
	refill_shown(&model->lists[kind]);
	model->generation++;
	model->changed = true;
}

void model_hide(struct model *model, struct item *by)
{
	if (by->kind == ITEM_PROFILE && by->image != NULL) {
		map_put(&model->used_images, by->image, by);
		hide(model, ITEM_IMAGE, by->image);
	}
	if (by->kind != ITEM_STATE && by->state != NULL) {
		map_put(&model->used_states, by->state, by);
		hide(model, ITEM_STATE, by->state);
	}
}

static void put_used(struct model *model, enum item_kind kind)
{
	struct item_list *list = &model->lists[kind];

	for (size_t i = 0; i < list->count; i++) {
		struct item *item = list->all[i];

		if (kind == ITEM_PROFILE && item->image != NULL)
			map_put(&model->used_images, item->image, item);
		if (item->state != NULL)
			map_put(&model->used_states, item->state, item);
	}
}

/* Hidden and shown anew, after items or their paths changed. */
static void regroup(struct model *model)
{
	struct item_list *images = &model->lists[ITEM_IMAGE], *states = &model->lists[ITEM_STATE];

	model->regroup = false;
	map_finish(&model->used_images);
	map_finish(&model->used_states);
	put_used(model, ITEM_PROFILE);
	put_used(model, ITEM_IMAGE);
	for (size_t i = 0; i < images->count; i++)
		images->all[i]->hidden = map_get(&model->used_images, images->all[i]->name) != NULL;
	for (size_t i = 0; i < states->count; i++)
		states->all[i]->hidden = map_get(&model->used_states, states->all[i]->name) != NULL;
	for (int kind = 0; kind < ITEM_KINDS; kind++) {
		struct item_list *list = &model->lists[kind];

		sort_list(list);
		refill_shown(list);
	}
	model->generation++;
	model->changed = true;
}

static void forget_wanted(struct model *model, const struct item *item)
{
	for (size_t i = 0; i < model->wanted_count; )
		if (model->wanted[i] == item)
			model->wanted[i] = model->wanted[--model->wanted_count];
		else
			i++;
}

static bool still_there(const struct model *model, const struct item *item)
{
	return item->seen == model->scan || (item->elsewhere && model_running_vm(model, item) != NULL);
}

/*
 * Drop the items that the last search or reading of names did not find. What is shown is grouped anew at once: views may
 * ask before the next slice, when a keeper tells something.
 */
static void prune(struct model *model, enum item_kind kind)
{
	struct item_list *list = &model->lists[kind];
	size_t kept = 0;

	while (kept < list->count && still_there(model, list->all[kept]))
		kept++;
	if (kept == list->count)
		return;
	kept = 0;
	map_finish(&list->by_name);
	for (size_t i = 0; i < list->count; i++) {
		struct item *item = list->all[i];

		if (still_there(model, item)) {
			list->all[kept++] = item;
			map_put(&list->by_name, item->name, item);
		} else {
			forget_wanted(model, item);
			item_free(item);
		}
	}
	list->count = kept;
	regroup(model);
}

size_t model_count(const struct model *model, enum item_kind kind)
{
	return model->lists[kind].shown_count;
}

const struct item *model_item(const struct model *model, enum item_kind kind, size_t index)
{
	return index < model->lists[kind].shown_count ? model->lists[kind].shown[index] : NULL;
}

const struct item *model_find(const struct model *model, enum item_kind kind, const char *name)
{
	return model_get(model, kind, name);
}

unsigned model_generation(const struct model *model)
{
	return model->generation;
}

bool model_searching(const struct model *model)
{
	return model->scanning;
}

static void count_states(struct model *model)
{
	const struct running_vm **machines = model_machines_of(model, ITEM_PROFILE);
	time_t now = time(NULL);

	model->counts.known = true;
	model->counts.failed = model->counts.off = 0;
	for (size_t i = 0; i < model_count(model, ITEM_PROFILE); i++) {
		struct status status;

		item_status(model_item(model, ITEM_PROFILE, i), machines[i], now, &status);
		model->counts.failed += !status.running && status_is_bad(status.kind);
		model->counts.off += !status.running && !status_is_bad(status.kind);
	}
	free(machines);
}

void model_summary(struct model *model, char *buf, size_t size)
{
	char failed[32] = "", off[32] = "";

	if (!model->counts.known)
		count_states(model);
	if (model->counts.failed > 0)
		snprintf(failed, sizeof(failed), "  %zu failed", model->counts.failed);
	if (model->counts.off > 0)
		snprintf(off, sizeof(off), "  %zu off", model->counts.off);
	snprintf(buf, size, "%zu running%s%s%s", model_running(model), failed, off, model->scanning ? "  searching" : "");
}

/* Profiles' names. */

static void read_names(struct model *model)
{
	struct strv names = { 0 };
	struct error err;

	if (!model->store->names(model->store, &names, &err)) {
		model->events.said(model->data, err.text);
		return;
	}
	for (size_t i = 0; i < model->lists[ITEM_PROFILE].count; i++)
		model->lists[ITEM_PROFILE].all[i]->seen = model->scan + 1;
	for (size_t i = 0; i < names.count; i++) {
		struct item *item = model_get(model, ITEM_PROFILE, names.items[i]);

		if (item == NULL)
			item = model_add(model, ITEM_PROFILE, names.items[i]);
		item->seen = model->scan;
	}
	prune(model, ITEM_PROFILE);
	strv_finish(&names);
	model->next_profile = 0;
}

static void on_store_changed(void *data, int fd, short revents)
{
	struct model *model = data;
	struct item_list *profiles = &model->lists[ITEM_PROFILE];

	(void)fd;
	(void)revents;
	model->store->changed(model->store);
	for (size_t i = 0; i < profiles->count; i++)
		profiles->all[i]->read = profiles->all[i]->looked = false;
	read_names(model);
	model->regroup = true;
	model_more(model);
	if (!strv_equal(&model->searched, model->store->directories(model->store)))
		model_rescan(model);
}

/* The library. */

static void on_found(void *data, const struct library_item *found)
{
	struct model *model = data;
	enum item_kind kind = found->kind == BOOT_AUTO ? ITEM_STATE : ITEM_IMAGE;
	struct item *item = model_get(model, kind, found->path);

	if (item == NULL)
		item = model_add(model, kind, found->path);
	item->boot = found->kind;
	item->size = found->size;
	item->elsewhere = false;
	item->seen = model->scan;
	model->changed = true;
}

static void scan_step(struct model *model)
{
	bool more = false;

	if (model->store->scan_step(model->store, SCAN_ENTRIES, on_found, model, &more) && more)
		return;
	model->scanning = false;
	model->changed = true;
	prune(model, ITEM_IMAGE);
	prune(model, ITEM_STATE);
	/* Machines that run outside the library are listed too. */
	model_read_registry(model);
}

void model_rescan(struct model *model)
{
	struct error err;

	model->scan++;
	strv_copy(&model->searched, model->store->directories(model->store));
	for (size_t i = 0; i < model->lists[ITEM_PROFILE].count; i++)
		model->lists[ITEM_PROFILE].all[i]->seen = model->scan;
	/* A missing image may exist now. */
	for (size_t i = 0; i < model->lists[ITEM_PROFILE].count; i++)
		model->lists[ITEM_PROFILE].all[i]->looked = false;
	model->next_profile = 0;
	/* A directory that cannot be read does not prevent reading the others. */
	model->scanning = true;
	if (!model->store->scan_begin(model->store, &err))
		model->events.said(model->data, err.text);
	model->changed = true;
	model_more(model);
}

/* Slices. */

void model_expect(struct model *model, enum item_kind kind, const char *name)
{
	free(model->expected);
	model->expected = mem_strdup(name);
	model->expected_kind = kind;
}

const struct item *model_made(struct model *model)
{
	const struct item *item = model->expected ? model_find(model, model->expected_kind, model->expected) : NULL;

	if (item != NULL) {
		free(model->expected);
		model->expected = NULL;
	}
	return item;
}

void model_want(struct model *model, const struct item *item)
{
	if ((item->read && item->looked) || model->wanted_count == WANTED)
		return;
	for (size_t i = 0; i < model->wanted_count; i++)
		if (model->wanted[i] == item)
			return;
	model->wanted[model->wanted_count++] = model_get(model, item->kind, item->name);
	model_more(model);
}

/* For invisible profiles read only the file, unless there are few: just their paths matter. */
static bool look_at_next(struct model *model)
{
	struct item_list *profiles = &model->lists[ITEM_PROFILE];

	if (model->wanted_count > 0) {
		struct item *item = model->wanted[0];

		memmove(model->wanted, model->wanted + 1, --model->wanted_count * sizeof(model->wanted[0]));
		model_look(model, item, true);
		return true;
	}
	while (model->next_profile < profiles->count) {
		struct item *item = profiles->all[model->next_profile++];

		if (!item->read || (!item->looked && profiles->count <= LOOK_AT_ALL)) {
			model_look(model, item, profiles->count <= LOOK_AT_ALL);
			return true;
		}
	}
	return false;
}

static bool work_left(const struct model *model)
{
	return model->scanning || model->wanted_count > 0 || model->regroup ||
	       model->next_profile < model->lists[ITEM_PROFILE].count;
}

static void slice(struct model *model)
{
	uint64_t until = loop_now() + SLICE_MS;
	bool wanted = model->wanted_count > 0;

	while (look_at_next(model) && (!wanted || model->wanted_count > 0) && loop_now() < until)
		;
	if (model->scanning && !wanted)
		scan_step(model);
	if (model->regroup)
		regroup(model);
}

static void on_slice(void *data)
{
	struct model *model = data;

	slice(model);
	if (work_left(model))
		model_more(model);
	if (model->changed)
		model_tell(model);
}

void model_settle(struct model *model)
{
	while (work_left(model))
		slice(model);
	loop_timer_disarm(model->slice);
	model_tell(model);
}

void model_begin(struct model *model)
{
	int fd = model->store->change_fd(model->store);

	read_names(model);
	model_run_begin(model);
	regroup(model);
	if (fd >= 0)
		model->store_watch = loop_watch(model->loop, fd, POLLIN, on_store_changed, model);
	model_rescan(model);
	model_tell(model);
}

struct model *model_new(struct loop *loop, struct store *store, const struct record_io *records,
                        const struct model_events *events, void *data)
{
	struct model *model = mem_alloc(sizeof(*model));

	model->loop = loop;
	model->store = store;
	model->records = records;
	model->events = *events;
	model->data = data;
	model->registry_fd = -1;
	model->slice = loop_timer(loop, on_slice, model);
	return model;
}

void model_free(struct model *model)
{
	if (model == NULL)
		return;
	model_run_finish(model);
	loop_timer_free(model->usage.timer);
	model_look_finish(model);
	loop_unwatch(model->store_watch);
	loop_timer_free(model->slice);
	for (int kind = 0; kind < ITEM_KINDS; kind++) {
		struct item_list *list = &model->lists[kind];

		for (size_t i = 0; i < list->count; i++)
			item_free(list->all[i]);
		free(list->all);
		free(list->shown);
		map_finish(&list->by_name);
	}
	map_finish(&model->used_images);
	map_finish(&model->used_states);
	free(model->expected);
	strv_finish(&model->searched);
	free(model);
}
