/* SPDX-License-Identifier: MIT */
#include "ui/model/item.h"

#include "core/base/alloc.h"
#include "core/base/format.h"
#include "core/base/str.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/registry.h"
#include "core/machines/ending.h"
#include "core/machines/pause_words.h"
#include "core/machines/startable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item_key *item_key_new(enum item_kind kind, const char *name)
{
	size_t size = strlen(name) + 1;
	struct item_key *key = mem_alloc(sizeof(*key) + size);

	key->kind = kind;
	memcpy(key->name, name, size);
	return key;
}

void item_keys_finish(struct item_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++)
		free(keys->items[i]);
	free(keys->items);
	*keys = (struct item_keys){ 0 };
}

struct item *item_new(enum item_kind kind, const char *name)
{
	struct item *item = mem_alloc(sizeof(*item));

	item->kind = kind;
	item->name = mem_strdup(name);
	return item;
}

void item_unread(struct item *item)
{
	free(item->broken);
	free(item->invalid);
	free(item->uuid);
	free(item->image);
	free(item->state);
	free(item->publish);
	item->pending = false;
	item->broken = item->invalid = item->uuid = item->image = item->state = item->publish = NULL;
	item->read = false;
}

void item_forget(struct item *item)
{
	free(item->last);
	item->last = NULL;
	free(item->missing);
	item->missing = NULL;
	item->unbootable = NULL;
	item->foreign = FOREIGN_NONE;
	item->foreign_pid = 0;
	item->looked = false;
}

void item_free(struct item *item)
{
	if (item == NULL)
		return;
	item_unread(item);
	item_forget(item);
	free(item->failure);
	free(item->name);
	free(item);
}

enum vm_ref_kind item_ref_kind(const struct item *item)
{
	static const enum vm_ref_kind kinds[ITEM_KINDS] = {
		[ITEM_PROFILE] = VM_REF_PROFILE, [ITEM_IMAGE] = VM_REF_IMAGE, [ITEM_STATE] = VM_REF_STATE,
	};

	return kinds[item->kind];
}

bool running_vm_is(const struct running_vm *machine, const struct item *item)
{
	struct registry_entry entry = { .name = machine->name, .state = machine->state, .image = machine->image, .kind = machine->kind };
	struct vm_ref ref = {
		.kind = item_ref_kind(item), .name = item->name, .uuid = item->uuid,
		.state = item->kind == ITEM_STATE ? item->name : item->state,
	};

	snprintf(entry.uuid, sizeof(entry.uuid), "%s", machine->uuid ? machine->uuid : "");
	return vm_ref_is(&ref, &entry, text_equal);
}

const char *last_run_text(const struct last_run *last, time_t now, char *buf, size_t size)
{
	char when[32] = "";

	if (last != NULL)
		format_when(last_run_open(last) ? last->started : last->ended, now, when, sizeof(when));

	char *text = ending_last_run(last, when);

	snprintf(buf, size, "%s", text);
	free(text);
	return buf;
}

/* Status. */

static void set_status(struct status *out, enum status_kind kind, const char *word)
{
	out->kind = kind;
	snprintf(out->word, sizeof(out->word), "%s", word);
}

/* For a start that failed or a run that was cut off, the time is not informative. */
static void ended_status(const struct last_run *last, time_t now, struct status *out)
{
	enum ending ending = ending_of(last);
	bool bad = ending_is_bad(ending), dated = last && (ending == ENDING_OFF || ending == ENDING_KILLED || ending == ENDING_CRASHED);
	char when[32];

	const char *word = last != NULL && text_equal(last->reason, "guest-panic") ? "panicked" : ending_word(ending);

	set_status(out, bad ? STATUS_FAILED : STATUS_OFF, word);
	if (dated)
		snprintf(out->word, sizeof(out->word), "%s %s", word, format_when(last->ended, now, when, sizeof(when)));
}

/* While somebody waits here for its end. */
static void stopping_status(const struct running_vm *machine, struct status *out)
{
	bool overdue = machine->stop.stage == STOP_OVERDUE;

	set_status(out, STATUS_BUSY, overdue ? "does not react" : "");
	if (!overdue)
		snprintf(out->word, sizeof(out->word), "%s %u s", machine->restart ? "restarting" : "stopping",
		         stop_ladder_left(&machine->stop, machine->stop_now));
}

bool status_is_bad(enum status_kind kind)
{
	return kind == STATUS_FAILED || kind == STATUS_UNSTARTABLE;
}

/* "invalid: memory" for "vm.memory: reason"; "invalid: no image". */
static void unstartable_status(const struct item *item, struct status *out)
{
	const char *setting = item->invalid != NULL ? item->invalid : "image.no image:";
	size_t section = strcspn(setting, ".:");

	setting += section + (setting[section] == '.');
	set_status(out, STATUS_UNSTARTABLE, "");
	snprintf(out->word, sizeof(out->word), UNSTARTABLE_WORD "%s%.*s", setting[0] != ':' ? ": " : "",
	         (int)(strcspn(setting, ":") < 24 ? strcspn(setting, ":") : 24), setting);
}

void item_status(const struct item *item, const struct running_vm *machine, time_t now, struct status *out)
{
	static const enum status_kind kinds[VM_PHASES] = {
		[VM_OFF] = STATUS_OFF, [VM_STARTING] = STATUS_BUSY, [VM_RUNNING] = STATUS_RUNNING,
		[VM_STOPPING] = STATUS_BUSY, [VM_CRASHED] = STATUS_FAILED,
	};

	*out = (struct status){ 0 };
	if (machine != NULL) {
		set_status(out, kinds[machine->phase], running_word(machine->phase, machine->unresponsive, machine->paused));
		if (machine->phase == VM_RUNNING && machine->paused_why != NULL && pause_full_file(machine->paused_why) != NULL)
			set_status(out, STATUS_FAILED, "disk full");
		else if (machine->phase == VM_RUNNING && !machine->paused && machine->panicked)
			set_status(out, STATUS_FAILED, "panicked");
		else if (machine->phase == VM_RUNNING && !machine->paused && machine->resets > 0)
			resets_words(machine->resets, machine->resetting, out->word, sizeof(out->word));
		if (machine->stop.stage != STOP_IDLE)
			stopping_status(machine, out);
		out->console = out->running = machine->phase != VM_OFF && machine->phase != VM_CRASHED;
	} else if (item->foreign == FOREIGN_RUNS) {
		set_status(out, STATUS_RUNNING, "running");
		out->running = true;
	} else if (item->foreign == FOREIGN_UNKNOWN) {
		set_status(out, STATUS_UNKNOWN, "unknown");
		out->running = true;
	} else if (item->broken != NULL) {
		set_status(out, STATUS_UNSTARTABLE, "broken");
	} else if (item->failure != NULL) {
		set_status(out, STATUS_FAILED, "failed");
	} else if (item->invalid != NULL || item->missing != NULL) {
		unstartable_status(item, out);
	} else if (item->unbootable != NULL) {
		set_status(out, STATUS_UNSTARTABLE, item->unbootable);
	} else {
		ended_status(item->last, now, out);
	}
}

const char *item_boot_word(const struct item *item)
{
	switch (item->boot) {
	case BOOT_DISK:
		return "disk";
	case BOOT_ISO:
		return "iso";
	case BOOT_KERNEL:
		return "kernel";
	case BOOT_SQUASHFS:
		return "squashfs";
	default:
		return "";
	}
}
