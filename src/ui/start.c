/* SPDX-License-Identifier: MIT */
#include "ui/start.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/started.h"
#include "core/machines/start.h"
#include "core/machines/state_dir.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

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

static bool launch(struct app *app, const struct item *item, const struct vm_config *config);

static void start_with_uefi(struct app *app, const void *data, const char *answer)
{
	const struct item_key *key = data;
	const struct item *item = model_find(session_model(app), key->kind, key->name);
	struct vm_config config;
	struct error err;

	(void)answer;
	if (item == NULL)
		return;
	if (start_config_with_uefi(session_store(app), item_ref_kind(item), item->name, &config, &err))
		launch(app, item, &config);
	else
		message_open(app, "Not started", err.text);
	vm_config_finish(&config);
}

static bool launch(struct app *app, const struct item *item, const struct vm_config *config)
{
	struct start start;
	struct error err;
	bool started = false;
	char *text = NULL;

	start_prepare(&start, session_store(app), session_records(app), config, 0);
	switch (start.verdict) {
	case START_NEEDS_UEFI:
		text = mem_printf("%s boots with UEFI only. %s", path_base(item->name), item->kind == ITEM_PROFILE ?
		                  "Turn UEFI on in its profile and start it?" : "Start it with UEFI?");
		ask_yes_no(app, text, (struct ask_then){ start_with_uefi, item_key_new(item->kind, item->name), free });
		break;
	case START_REFUSED:
		show_problems(app, config, &start.problems);
		break;
	case START_READY:
		started = model_launch(session_model(app), item, &start.plan, &err);
		if (!started) {
			message_open(app, "Not started", err.text);
		} else if (start.problems.count > 0) {
			text = problem_line(&start.problems.items[0], config->origin);
			app_say(app, "warning: %s", text);
		}
		break;
	}
	free(text);
	start_finish(&start);
	return started;
}

/* Asks whether to use the options of the last start, if they differ. Returns false if there is nothing to ask. */
static bool offer_last(struct app *app, const struct item *item, const struct vm_config *config, ask_fn *chosen)
{
	static const struct ask_choice choices[] = {
		{ "l", "last", "start as last time" },
		{ "d", "defaults", "start with defaults" },
		{ NULL, NULL, NULL }
	};
	char *state = item->kind != ITEM_PROFILE ? state_dir_of(config) : NULL;
	struct last_options last = { 0 };
	bool offered = state != NULL && started_offer(session_records(app), state, config, &last);

	if (offered) {
		char *title = mem_printf("%s: its last start had %s%s", path_base(item->name), last.differences,
		                         last.lacks_data ? " (and a --data text, which is not stored)" : "");

		ask_choice(app, title, choices, (struct ask_then){ chosen, item_key_new(item->kind, item->name), free });
		free(title);
	}
	last_options_finish(&last);
	free(state);
	return offered;
}

/* The item, or NULL if it no longer exists or is already running, which is shown. */
static const struct item *idle_item(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct status status;

	if (item == NULL)
		return NULL;
	model_status(session_model(app), item, &status);
	if (!status.running)
		return item;
	app_say(app, "%s is already running", path_base(name));
	return NULL;
}

/* Uses the options of the last start; if they are no longer stored, the defaults remain. */
static void take_last(struct app *app, struct vm_config *config)
{
	char *state = state_dir_of(config);
	struct last_options last = { 0 };

	if (state != NULL && started_offer(session_records(app), state, config, &last))
		vm_config_copy(config, &last.config);
	last_options_finish(&last);
	free(state);
}

bool start_chosen(struct app *app, const void *data, const char *answer)
{
	const struct item_key *key = data;
	const struct item *item = idle_item(app, key->kind, key->name);
	struct vm_config config;
	struct error err;
	bool started = false;

	if (item == NULL)
		return false;
	if (start_config(session_store(app), item_ref_kind(item), item->name, &config, &err)) {
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
	if (!start_config(session_store(app), item_ref_kind(item), item->name, &config, &err))
		message_open(app, path_base(name), err.text);
	else if (!offer_last(app, item, &config, chosen))
		started = launch(app, item, &config);
	vm_config_finish(&config);
	return started;
}

void start_again(struct app *app, enum item_kind kind, const char *name)
{
	struct item_key *key = item_key_new(kind, name);

	start_chosen(app, key, kind == ITEM_PROFILE ? "defaults" : "last");
	free(key);
}

bool start_possible(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct vm_config config;
	struct error err;
	struct start start;
	bool possible = false;

	if (item == NULL)
		return false;
	if (start_config(session_store(app), item_ref_kind(item), item->name, &config, &err)) {
		if (kind != ITEM_PROFILE)
			take_last(app, &config);
		start_prepare(&start, session_store(app), session_records(app), &config, START_RUNS);
		possible = start.verdict != START_REFUSED;
		if (!possible)
			show_problems(app, &config, &start.problems);
		start_finish(&start);
	} else {
		message_open(app, path_base(name), err.text);
	}
	vm_config_finish(&config);
	return possible;
}

/* Starts it, or only finds out whether it could be started. options: enum start_option. */
static bool try_start(struct app *app, const struct item *item, unsigned options, bool launches, struct error *err)
{
	struct vm_config config;
	struct start start;
	bool good = false;
	size_t i = 0;
	char *line;

	if (!start_config(session_store(app), item_ref_kind(item), item->name, &config, err)) {
		vm_config_finish(&config);
		return false;
	}
	if (item->kind != ITEM_PROFILE)
		take_last(app, &config);
	start_prepare(&start, session_store(app), session_records(app), &config, options);
	switch (start.verdict) {
	case START_READY:
		good = !launches || model_launch(session_model(app), item, &start.plan, err);
		break;
	case START_NEEDS_UEFI:
		good = !launches || error_set(err, "it boots with UEFI only; start it alone, which asks");
		break;
	case START_REFUSED:
		while (i + 1 < start.problems.count && start.problems.items[i].severity == PROBLEM_WARNING)
			i++;
		line = start.problems.count > 0 ? problem_line(&start.problems.items[i], config.origin) : NULL;
		error_set(err, "%s", line != NULL ? line : "it cannot start");
		free(line);
		break;
	}
	start_finish(&start);
	vm_config_finish(&config);
	return good;
}

bool start_at_once(struct app *app, enum item_kind kind, const char *name, struct error *err)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct status status;

	if (item == NULL)
		return error_set(err, "it is no longer listed");
	model_status(session_model(app), item, &status);
	if (status.running)
		return error_set(err, "it is already running");
	return try_start(app, item, 0, true, err);
}

bool start_would(struct app *app, enum item_kind kind, const char *name, struct error *err)
{
	const struct item *item = model_find(session_model(app), kind, name);

	return item != NULL ? try_start(app, item, START_RUNS, false, err) : error_set(err, "it is no longer listed");
}
