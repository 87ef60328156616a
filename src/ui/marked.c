/* SPDX-License-Identifier: MIT */
#include "ui/marked.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "ui/delete.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/draw.h"
#include "ui/model/model.h"
#include "ui/power.h"
#include "ui/session.h"
#include "ui/start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of them, and what ran from it when the question was asked: by the time of the answer that may be something else. */
struct target {
	struct item_key *key;
	char uuid[37];		/* "": nothing */
};

struct deed;

struct marked {
	const struct deed *deed;	/* NULL: not chosen yet */
	struct target *targets;
	size_t count;
};

/* What is done to each of them. Returns false, with the reason, if it cannot be done. */
typedef bool deed_fn(struct app *, const struct deed *, const struct target *, struct error *);

struct deed {
	const char *id;
	deed_fn *one;
	const char *question, *note;	/* before and after the names */
	const char *done, *title;	/* "DONE N", and the title of what has failed */
};

static const struct item *item_of(const struct app *app, const struct target *target)
{
	return model_find(session_model(app), target->key->kind, target->key->name);
}

static bool start_one(struct app *app, const struct deed *deed, const struct target *target, struct error *err)
{
	(void)deed;
	return start_at_once(app, target->key->kind, target->key->name, err);
}

static bool delete_one(struct app *app, const struct deed *deed, const struct target *target, struct error *err)
{
	(void)deed;
	return delete_at_once(app, target->key->kind, target->key->name, err);
}

static bool is_running(const struct target *target, struct error *err)
{
	return target->uuid[0] != '\0' || error_set(err, "it is not running under paddock");
}

static bool power_one(struct app *app, const struct deed *deed, const struct target *target, struct error *err)
{
	return is_running(target, err) && power_do(app, target->uuid, deed->id, err);
}

static bool restart_one(struct app *app, const struct deed *deed, const struct target *target, struct error *err)
{
	(void)deed;
	return is_running(target, err) && power_restart_at_once(app, target->key->kind, target->key->name, target->uuid, err);
}

#define UNWRITTEN "What the guests and QEMU have not written to disk is lost."
#define NOT_SHUT_DOWN "Disks are flushed, but the guests are not shut down."

static const struct deed deeds[] = {
	{ "start", start_one, "Start", "", "starting", "Start" },
	{ "delete", delete_one, "Delete", "They go to the trash; disks, and state directories of profiles, stay.", "moved to the trash:", "Delete" },
	{ "button", power_one, "Press the power button of", "", "power button pressed for", "Power button" },
	{ "restart", restart_one, "Restart", "The power button is pressed, and they start again when they are off. If you leave "
	  "paddock before that, they stay off.", "restarting", "Restart" },
	{ "reset", power_one, "Reset", "The guests are not shut down first.", "reset", "Reset" },
	{ "pause", power_one, "Pause", "", "paused", "Pause" },
	{ "resume", power_one, "Resume", "", "resumed", "Resume" },
	{ "quit", power_one, "Quit the QEMU of", NOT_SHUT_DOWN, "asked to quit:", "Quit" },
	{ "kill", power_one, "Kill", UNWRITTEN, "killed", "Kill" },
};

static const struct deed *deed_of(const char *id)
{
	size_t i = 0;

	while (strcmp(deeds[i].id, id) != 0)
		i++;
	return &deeds[i];
}

static void free_marked(void *data)
{
	struct marked *marked = data;

	for (size_t i = 0; i < marked->count; i++)
		free(marked->targets[i].key);
	free(marked->targets);
	free(marked);
}

static void confirmed(struct app *app, const void *data, const char *answer)
{
	const struct marked *marked = data;
	const struct deed *deed = marked->deed;
	size_t done = 0;
	struct str failed;

	(void)answer;
	str_init(&failed);
	for (size_t i = 0; i < marked->count; i++) {
		const struct target *target = &marked->targets[i];
		const char *name = path_base(target->key->name);
		struct error err;

		if (item_of(app, target) == NULL)
			str_addf(&failed, "%s: it is no longer listed\n", name);
		else if (deed->one(app, deed, target, &err))
			done++;
		else
			str_addf(&failed, "%s: %s\n", name, err.text);
	}
	if (failed.len == 0) {
		app_say(app, "%s %zu", deed->done, done);
	} else {
		char *title = mem_printf("%s: done for %zu of %zu, not for", deed->title, done, marked->count);

		message_open(app, title, failed.text);
		free(title);
	}
	str_finish(&failed);
}

/* As many names as the dialog can show with the rest of the question. */
static void add_names(const struct marked *marked, struct str *out)
{
	int room = (LINES - 10) * ((COLS < 76 ? COLS : 76) - 8);

	for (size_t i = 0; i < marked->count; i++) {
		const char *name = path_base(marked->targets[i].key->name);

		room -= text_columns(name) + 2;
		if (room < 0 && i > 0 && i + 1 < marked->count) {
			str_addf(out, " and %zu more", marked->count - i);
			return;
		}
		str_addf(out, "%s%s", i > 0 ? ", " : "", name);
	}
}

static void ask(struct app *app, struct marked *marked)
{
	struct str question;

	str_init(&question);
	str_addf(&question, "%s %zu: ", marked->deed->question, marked->count);
	add_names(marked, &question);
	str_addf(&question, "?%s%s", marked->deed->note[0] != '\0' ? " " : "", marked->deed->note);
	ask_yes_no(app, question.text, (struct ask_then){ confirmed, marked, free_marked });
	str_finish(&question);
}

static struct marked *copy_of(const struct marked *marked)
{
	struct marked *copy = mem_alloc(sizeof(*copy));

	copy->targets = mem_array(marked->count, sizeof(copy->targets[0]));
	copy->count = marked->count;
	for (size_t i = 0; i < marked->count; i++) {
		copy->targets[i] = marked->targets[i];
		copy->targets[i].key = item_key_new(marked->targets[i].key->kind, marked->targets[i].key->name);
	}
	return copy;
}

static void chosen(struct app *app, const void *data, const char *id)
{
	struct marked *marked = copy_of(data);

	marked->deed = deed_of(id);
	ask(app, marked);
}

static void ask_what(struct app *app, struct marked *marked)
{
	static const struct ask_choice choices[] = {
		{ "b", "button", "power button: ask the guests to shut down" },
		{ "S", "restart", "restart: power button, then start again" },
		{ "r", "reset", "reset: like a reset button" },
		{ "p", "pause", "pause" },
		{ "R", "resume", "resume" },
		{ "Q", "quit", "quit QEMU: disks are flushed, the guests are not shut down" },
		{ "K", "kill", "kill QEMU: what is not on disk is lost" },
		{ NULL, NULL, NULL }
	};
	char *title = mem_printf("%zu marked: power", marked->count);

	ask_choice(app, title, choices, (struct ask_then){ chosen, marked, free_marked });
	free(title);
}

void marked_act(struct app *app, enum marked_action action, struct item_keys keys)
{
	static const char *const ids[] = {
		[MARKED_START] = "start", [MARKED_RESTART] = "restart", [MARKED_RESUME] = "resume", [MARKED_DELETE] = "delete",
	};
	struct marked *marked = mem_alloc(sizeof(*marked));

	marked->targets = mem_array(keys.count, sizeof(marked->targets[0]));
	marked->count = keys.count;
	for (size_t i = 0; i < keys.count; i++) {
		struct target *target = &marked->targets[i];
		const struct item *item;
		const struct running_vm *machine;

		target->key = keys.items[i];
		item = item_of(app, target);
		machine = item != NULL ? model_running_vm(session_model(app), item) : NULL;
		if (machine != NULL)
			snprintf(target->uuid, sizeof(target->uuid), "%s", machine->uuid);
	}
	free(keys.items);
	if (action == MARKED_POWER) {
		ask_what(app, marked);
		return;
	}
	marked->deed = deed_of(ids[action]);
	ask(app, marked);
}
