/* SPDX-License-Identifier: MIT */
#include "ui/model/item.h"

#include "core/base/alloc.h"
#include "core/base/format.h"
#include "core/base/str.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/registry.h"
#include "core/machines/ending.h"
#include "core/machines/startable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	item->broken = item->invalid = item->uuid = item->image = item->state = item->publish = NULL;
	item->read = false;
}

void item_forget(struct item *item)
{
	free(item->last);
	item->last = NULL;
	free(item->missing);
	item->missing = NULL;
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

/* The last run. */

static bool was_asked(const struct last_run *last)
{
	return last->asked_by != NULL && last->asked_by[0] != '\0';
}

static bool was_powered_down(const struct last_run *last)
{
	return last->asked_by != NULL && strcmp(last->asked_by, "powerdown") == 0;
}

const char *last_run_text(const struct last_run *last, time_t now, char *buf, size_t size)
{
	char when[32], how[80];

	if (last == NULL) {
		snprintf(buf, size, "never run");
		return buf;
	}
	if (last_run_open(last)) {
		snprintf(buf, size, "started %s, cut off: its keeper was killed, or the host went down",
		         format_when(last->started, now, when, sizeof(when)));
		return buf;
	}
	/* A normal end. */
	if (last->ran && last->exit == 0 && last->signal == 0 && last->error[0] == '\0' && last->reason[0] != '\0') {
		snprintf(buf, size, "%s %s%s", format_when(last->ended, now, when, sizeof(when)), ending_reason(last->reason),
		         was_powered_down(last) ? " after the power button" : "");
		return buf;
	}
	if (!last->ran)
		snprintf(how, sizeof(how), "did not start");
	else if (last->signal != 0)
		snprintf(how, sizeof(how), "ended by signal %d", last->signal);
	else
		snprintf(how, sizeof(how), "ended with status %d", last->exit);

	bool asked = was_asked(last);
	/* Which signal it was is said. */
	const char *reason = text_equal(last->reason, "signal") ? "" : ending_reason(last->reason);

	snprintf(buf, size, "%s %s%s%s%s%s%s%s", format_when(last->ended, now, when, sizeof(when)), how,
	         reason[0] != '\0' ? ", " : "", reason, asked ? ", asked by " : "",
	         asked ? last->asked_by : "", last->error[0] != '\0' ? ": " : "", last->error);
	return buf;
}

/* Status. */

static void running_status(const struct running_vm *machine, struct status *out)
{
	static const enum status_kind kinds[VM_PHASES] = {
		[VM_OFF] = STATUS_OFF, [VM_STARTING] = STATUS_BUSY, [VM_RUNNING] = STATUS_RUNNING,
		[VM_STOPPING] = STATUS_BUSY, [VM_CRASHED] = STATUS_FAILED,
	};
	const char *word = running_word(machine->phase, machine->unresponsive, machine->paused);

	out->kind = kinds[machine->phase];
	out->console = out->running = machine->phase != VM_OFF && machine->phase != VM_CRASHED;
	snprintf(out->word, sizeof(out->word), "%s", word);
}

static void set_status(struct status *out, enum status_kind kind, const char *word)
{
	out->kind = kind;
	snprintf(out->word, sizeof(out->word), "%s", word);
}

/* For a start that failed or a run that was cut off, the time is not informative. */
static void ended_status(const struct last_run *last, time_t now, struct status *out)
{
	enum ending ending = ending_of(last);
	bool bad = ending_is_bad(ending), dated = ending == ENDING_OFF || ending == ENDING_KILLED || ending == ENDING_CRASHED;
	char when[32];

	set_status(out, bad ? STATUS_FAILED : STATUS_OFF, ending_word(ending));
	if (dated)
		snprintf(out->word, sizeof(out->word), "%s %s", ending_word(ending), format_when(last->ended, now, when, sizeof(when)));
}

void item_status(const struct item *item, const struct running_vm *machine, time_t now, struct status *out)
{
	*out = (struct status){ 0 };
	if (machine != NULL) {
		running_status(machine, out);
	} else if (item->foreign == FOREIGN_RUNS) {
		set_status(out, STATUS_RUNNING, "running");
		out->running = true;
	} else if (item->foreign == FOREIGN_UNKNOWN) {
		set_status(out, STATUS_UNKNOWN, "unknown");
		out->running = true;
	} else if (item->broken != NULL) {
		set_status(out, STATUS_FAILED, "broken");
	} else if (item->failure != NULL) {
		set_status(out, STATUS_FAILED, "failed");
	} else if (item->invalid != NULL || item->missing != NULL) {
		set_status(out, STATUS_FAILED, UNSTARTABLE_WORD);
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
