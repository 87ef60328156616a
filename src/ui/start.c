/* SPDX-License-Identifier: MIT */
#include "ui/start.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/started.h"
#include "core/machines/mac_conflict.h"
#include "core/machines/new_profile.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/config.h"
#include "core/vm/kept.h"
#include "core/vm/problem.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

bool start_config(struct store *store, const struct item *item, struct vm_config *out, struct error *err)
{
	struct store_revision revision;

	if (item->kind == ITEM_PROFILE) {
		vm_config_init(out, CONFIG_PROFILE);
		return store->load(store, item->name, out, &revision, err);
	}
	vm_config_init(out, CONFIG_COMMAND_LINE);

	char *image = item->kind == ITEM_STATE ? kept_image(item->name) : mem_strdup(item->name);

	if (image == NULL)
		return error_set(err, "%s is a state directory without an image; n makes a profile", item->name);
	free(out->name);
	out->name = mem_strdup(path_base(image));
	vm_config_set(out, SET_IMAGE, image);
	if (item->kind == ITEM_STATE)
		vm_config_set(out, SET_STATE, item->name);
	free(image);
	return true;
}

static void show_problems(struct app *app, const struct vm_config *config, const struct problems *problems)
{
	struct str text, title;

	str_init(&text);
	str_init(&title);
	str_addf(&title, "%s cannot start", config->name != NULL ? config->name : "this");
	for (size_t i = 0; i < problems->count; i++) {
		char *line = problem_line(&problems->items[i], config->origin);

		str_addf(&text, "%s%s\n", problems->items[i].severity == PROBLEM_WARNING ? "(warning) " : "", line);
		free(line);
	}
	message_open(app, title.text, text.text);
	str_finish(&text);
	str_finish(&title);
}

static void say_warnings(struct app *app, const struct vm_config *config, const struct problems *problems)
{
	if (problems->count == 0)
		return;

	char *line = problem_line(&problems->items[0], config->origin);

	app_say(app, "warning: %s", line);
	free(line);
}

/* Nothing is in the way but that nobody said yes or no to UEFI. */
static bool lacks_only_uefi(const struct vm_config *config, const struct problems *problems)
{
	unsigned stops = 0, of_uefi = 0;

	for (size_t i = 0; i < problems->count; i++) {
		stops += problems->items[i].severity != PROBLEM_WARNING;
		of_uefi += problems->items[i].severity == PROBLEM_ERROR && problems->items[i].setting == SET_UEFI;
	}
	return vm_config_get(config, SET_UEFI) == NULL && of_uefi > 0 && stops == of_uefi;
}

static bool launch(struct app *app, const struct item *item, const struct vm_config *config);

/* The choice is the profile's from now on; for an image it is this start's. */
static bool choose_uefi(struct app *app, const struct item *item, struct vm_config *config, struct error *err)
{
	struct store *store = session_store(app);
	struct store_revision revision, now;

	if (item->kind != ITEM_PROFILE) {
		if (!start_config(store, item, config, err))
			return false;
		vm_config_set(config, SET_UEFI, "yes");
		return true;
	}
	vm_config_init(config, CONFIG_PROFILE);
	if (!store->load(store, item->name, config, &revision, err))
		return false;
	vm_config_set(config, SET_UEFI, "yes");
	switch (store->save(store, config, &revision, &now, err)) {
	case STORE_OK:
		return true;
	case STORE_CHANGED:
		return error_set(err, "the profile was changed meanwhile");
	default:
		return false;
	}
}

/* subject: the kind's digit and the name */
static void start_with_uefi(struct app *app, const char *subject, const char *answer)
{
	const struct item *item = model_find(session_model(app), (enum item_kind)(subject[0] - '0'), subject + 1);
	struct vm_config config;
	struct error err;

	(void)answer;
	if (item == NULL)
		return;
	if (choose_uefi(app, item, &config, &err))
		launch(app, item, &config);
	else
		message_open(app, "Not started", err.text);
	vm_config_finish(&config);
}

static void offer_uefi(struct app *app, const struct item *item)
{
	char *subject = mem_printf("%c%s", '0' + (int)item->kind, item->name);
	char *question = mem_printf("%s boots by UEFI only. %s", path_base(item->name), item->kind == ITEM_PROFILE ?
	                            "Turn UEFI on in its profile and start it?" : "Start it with UEFI?");

	ask_yes_no(app, question, start_with_uefi, subject);
	free(question);
	free(subject);
}

static bool launch(struct app *app, const struct item *item, const struct vm_config *config)
{
	struct problems problems = { 0 };
	struct plan plan = { 0 };
	struct error err;
	bool built, started = false;

	/* First, since one warning is all that there is room for. */
	clash_check(session_store(app), session_records(app), config, &problems);
	built = plan_make(config, true, &plan, &problems);
	if (lacks_only_uefi(config, &problems)) {
		offer_uefi(app, item);
	} else if (!built || problems_stop(&problems, false)) {
		show_problems(app, config, &problems);
	} else {
		started = model_launch(session_model(app), item, &plan, &err);
		if (started)
			say_warnings(app, config, &problems);
		else
			message_open(app, "Not started", err.text);
	}
	plan_finish(&plan);
	problems_finish(&problems);
	return started;
}

/* Asks whether it starts with the options of its last start, where they were others. false: there is nothing to ask. */
static bool offer_last(struct app *app, const struct item *item, const struct vm_config *config, ask_fn *chosen)
{
	static const struct ask_choice choices[] = {
		{ "l", "last", "start as last time" },
		{ "d", "defaults", "start with defaults" },
		{ NULL, NULL, NULL }
	};
	char *state = item->kind != ITEM_PROFILE ? profile_state_of(config) : NULL;
	struct last_options last = { 0 };
	bool offered = state != NULL && started_offer(session_records(app), state, config, &last);

	if (offered) {
		char *subject = mem_printf("%c%s", '0' + (int)item->kind, item->name);
		char *title = mem_printf("%s: its last start had %s%s", path_base(item->name), last.differences,
		                         last.lacks_data ? " (and the text of --data, which is not kept)" : "");

		ask_choice(app, title, choices, chosen, subject);
		free(title);
		free(subject);
	}
	last_options_finish(&last);
	free(state);
	return offered;
}

/* NULL: it is not there any more, or runs, which is said. */
static const struct item *idle_item(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct status status;

	if (item == NULL)
		return NULL;
	model_status(session_model(app), item, &status);
	if (!status.running)
		return item;
	app_say(app, "%s runs already", path_base(name));
	return NULL;
}

/* Where they are not kept any more it starts with defaults. */
static void take_last(struct app *app, struct vm_config *config)
{
	char *state = profile_state_of(config);
	struct last_options last = { 0 };

	if (state != NULL && started_offer(session_records(app), state, config, &last))
		vm_config_copy(config, &last.config);
	last_options_finish(&last);
	free(state);
}

bool start_chosen(struct app *app, const char *subject, const char *answer)
{
	const struct item *item = idle_item(app, (enum item_kind)(subject[0] - '0'), subject + 1);
	struct vm_config config;
	struct error err;
	bool started = false;

	if (item == NULL)
		return false;
	if (start_config(session_store(app), item, &config, &err)) {
		if (strcmp(answer, "last") == 0)
			take_last(app, &config);
		started = launch(app, item, &config);
	} else {
		message_open(app, path_base(item->name), err.text);
	}
	vm_config_finish(&config);
	return started;
}

bool start_item(struct app *app, enum item_kind kind, const char *name, ask_fn *chosen)
{
	const struct item *item = idle_item(app, kind, name);
	struct vm_config config;
	struct error err;
	bool started = false;

	if (item == NULL)
		return false;
	if (!start_config(session_store(app), item, &config, &err))
		message_open(app, path_base(name), err.text);
	else if (!offer_last(app, item, &config, chosen))
		started = launch(app, item, &config);
	vm_config_finish(&config);
	return started;
}
