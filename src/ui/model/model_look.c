/* SPDX-License-Identifier: MIT */
#include "ui/model/model_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/missing.h"
#include "core/machines/pending.h"
#include "core/machines/startable.h"
#include "core/machines/state_dir.h"
#include "core/machines/unbootable.h"
#include "core/qemu/host/gather.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *model_publish_text(const struct vm_config *config)
{
	const struct strv *ports = &config->value[SET_PUBLISH];
	struct vm_port port;
	struct error ignored;

	if (ports->count == 0 || !vm_port_parse(ports->items[0], &port, &ignored))
		return NULL;
	return mem_printf(":%u%s", port.host, ports->count > 1 ? "+" : "");
}

static void compare(struct model *model, struct item *item, const struct vm_config *config)
{
	const struct running_vm *machine = model_running_vm(model, item);
	struct pending pending = { 0 };

	if (machine != NULL && machine->state != NULL)
		pending_read(&pending, model->records, machine->state, machine->uuid, config);
	item->pending = pending.count > 0;
	pending_finish(&pending);
}

void model_look_pending(struct model *model, struct item *item)
{
	struct vm_config config;
	struct store_revision revision;
	struct error ignored;

	vm_config_init(&config, CONFIG_PROFILE);
	if (model->store->load(model->store, item->name, &config, &revision, &ignored))
		compare(model, item, &config);
	vm_config_finish(&config);
}

/* Keeps the text of a profile that something else has changed while it is on the screen. */
static void notice_text(struct model *model, struct item *item, const struct store_revision *revision)
{
	struct error ignored;

	if (item->text_hash != 0 && revision->exists && item->text_hash != revision->hash)
		model->store->keep(model->store, item->name, NULL, &ignored);
	item->text_hash = revision->hash;
}

static void read_profile(struct model *model, struct item *item)
{
	struct vm_config config;
	struct store_revision revision;
	struct error err;

	/* It may have belonged to another image before. */
	if (item->image != NULL || item->state != NULL)
		model->regroup = true;
	item_unread(item);
	vm_config_init(&config, CONFIG_PROFILE);
	if (model->store->load(model->store, item->name, &config, &revision, &err)) {
		const char *image = vm_config_get(&config, SET_IMAGE);

		item->uuid = mem_strdup(vm_config_get(&config, SET_UUID));
		item->image = image != NULL && image[0] != '\0' ? path_expand(image) : NULL;
		item->state = state_dir_of(&config);
		item->publish = model_publish_text(&config);
		item->invalid = startable_bad_setting(&config);
		compare(model, item, &config);
	} else {
		item->broken = mem_strdup(err.text);
	}
	vm_config_finish(&config);
	notice_text(model, item, &revision);
	item->read = true;
	model_hide(model, item);
}

static void read_last_run(struct model *model, struct item *item)
{
	struct last_run *last = mem_alloc(sizeof(*last));

	if (last_run_read(model->records, item->state, last))
		item->last = last;
	else
		free(last);
}

static void drop_foreign(struct foreign_watch *foreign)
{
	loop_unwatch(foreign->watch);
	close(foreign->fd);
	free(foreign);
}

static void on_foreign_ended(void *data, int fd, short revents)
{
	struct foreign_watch *foreign = data;
	struct model *model = foreign->model;

	(void)fd;
	(void)revents;
	for (int kind = 0; kind < ITEM_KINDS; kind++)
		for (size_t i = 0; i < model->lists[kind].count; i++)
			if (model->lists[kind].all[i]->foreign_pid == foreign->pid)
				item_forget(model->lists[kind].all[i]);
	for (size_t i = 0; i < model->foreign_count; i++) {
		if (model->foreigns[i] == foreign) {
			model->foreigns[i] = model->foreigns[--model->foreign_count];
			break;
		}
	}
	drop_foreign(foreign);
	model_tell(model);
}

static void watch_foreign(struct model *model, pid_t pid)
{
	for (size_t i = 0; i < model->foreign_count; i++)
		if (model->foreigns[i]->pid == pid)
			return;

	int fd = foreign_qemu_watch(pid);

	if (fd < 0)
		return;
	model->foreigns = mem_grow(model->foreigns, &model->foreign_size, model->foreign_count + 1, sizeof(model->foreigns[0]));

	struct foreign_watch *foreign = mem_alloc(sizeof(*foreign));

	*foreign = (struct foreign_watch){ .model = model, .fd = fd, .pid = pid };
	foreign->watch = loop_watch(model->loop, fd, POLLIN, on_foreign_ended, foreign);
	model->foreigns[model->foreign_count++] = foreign;
}

static void look_at_state(struct model *model, struct item *item)
{
	char *image, *missing;
	bool elsewhere;

	item_forget(item);
	item->looked = true;
	switch (item->kind) {
	case ITEM_PROFILE:
		item->missing = missing_image(item->image);
		break;
	case ITEM_IMAGE:
		/* Not read for the whole list of images, because that does not need it. */
		free(item->state);
		item->unbootable = item->boot == BOOT_DISK ? unbootable_disk(item->name) : NULL;
		item->state = host_state_place(item->name, path_base(item->name), &elsewhere);
		break;
	default:
		/* It can start if the image that it was created for still exists. */
		image = kept_image(item->name);
		missing = missing_image(image);
		free(item->image);
		item->image = missing == NULL ? image : NULL;
		if (missing != NULL)
			free(image);
		free(missing);
	}
	if (item->state == NULL)
		return;
	read_last_run(model, item);
	if (model_running_vm(model, item) != NULL)
		return;
	item->foreign = foreign_qemu_probe(item->state, &item->foreign_pid);
	if (item->foreign != FOREIGN_NONE)
		watch_foreign(model, item->foreign_pid);
}

void model_look(struct model *model, struct item *item, bool at_state)
{
	if (!item->read)
		read_profile(model, item);
	if (at_state && !item->looked)
		look_at_state(model, item);
	item->looks++;
	if (at_state)
		model->changed = true;
}

void model_look_finish(struct model *model)
{
	for (size_t i = 0; i < model->foreign_count; i++)
		drop_foreign(model->foreigns[i]);
	free(model->foreigns);
	model->foreigns = NULL;
	model->foreign_count = 0;
}
