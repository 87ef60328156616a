/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/started.h"
#include "core/machines/new_profile.h"
#include "core/qemu/host/gather.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"
#include "ui/actions.h"
#include "ui/form/form.h"
#include "ui/form/form_view.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

static void mend(struct app *app, const void *profile, const char *answer)
{
	(void)answer;
	action_edit_file(app, ITEM_PROFILE, profile);
}

void form_open_edit(struct app *app, const char *profile)
{
	struct vm_config config;
	struct store_revision revision;
	struct store *store = session_store(app);
	struct error err;

	vm_config_init(&config, CONFIG_PROFILE);
	if (store->load(store, profile, &config, &revision, &err)) {
		struct form_view *form = form_view_new(&config, &revision, false);

		form_view_look(form, app);
		app_push(app, &form->view);
	} else {
		char *path = store->path(store, profile);
		char *text = mem_printf("%s\n\n%s\n\nA form would lose what it cannot read. Open the file in your editor?",
		                        path, err.text);

		ask_yes_no(app, text, ask_then_text(mend, profile));
		free(text);
		free(path);
	}
	vm_config_finish(&config);
}

/* Uses the options of the last start, or else the defaults. Returns false if it has never been started. */
static bool take_started(struct app *app, const char *state, struct vm_config *config)
{
	char *name = mem_strdup(config->name);
	bool known = started_is_ours(state) && started_read(session_records(app), state, config, NULL);

	if (known)
		app_say(app, "these are the settings of its last start");
	free(config->name);
	config->name = name;
	return known;
}

static void named(struct app *app, const void *data, const char *name)
{
	const struct item_key *from = data;
	struct vm_config config;
	struct store_revision revision = { .exists = false };
	struct store *store = session_store(app);

	vm_config_init(&config, CONFIG_PROFILE);
	free(config.name);
	config.name = mem_strdup(name);
	if (from->kind == ITEM_IMAGE) {
		bool elsewhere;
		char *state = host_state_place(from->name, path_base(from->name), &elsewhere);

		take_started(app, state, &config);
		vm_config_set(&config, SET_IMAGE, from->name);
		free(state);
	} else if (from->kind == ITEM_STATE) {
		/* Without a profile, such as that of a quick launch with --state. */
		char *image = take_started(app, from->name, &config) ? NULL : kept_image(from->name);

		if (image)
			vm_config_set(&config, SET_IMAGE, image);
		vm_config_set(&config, SET_STATE, from->name);
		free(image);
	}
	new_profile_complete(store, &config);
	app_push(app, &form_view_new(&config, &revision, true)->view);
	vm_config_finish(&config);
}

void form_open_new(struct app *app, enum item_kind kind, const char *from)
{
	char *name = new_profile_name(session_store(app), kind != ITEM_PROFILE && from ? from : "vm");
	struct item_key *key = item_key_new(from ? kind : ITEM_PROFILE, from ? from : "");

	ask_text(app, "Name of the new VM", name, action_name_check, (struct ask_then){ named, key, free });
	free(name);
}

void form_conflict_show(struct app *app, struct store *store, const struct vm_config *config)
{
	struct error err;
	char *theirs = store->text(store, config->name, &err);
	char *mine = store->preview(store, config, &err);
	struct str text;

	str_init(&text);
	str_addf(&text, "=== The file as it is now ===\n\n%s\n", theirs ? theirs : "(it no longer exists)");
	str_addf(&text, "=== What would be written ===\n\n%s\n", mine ? mine : err.text);
	text_view_open(app, config->name, text.text);
	str_finish(&text);
	free(theirs);
	free(mine);
}
