/* SPDX-License-Identifier: MIT */
#include "ui/actions.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/machines/clone.h"
#include "core/machines/new_profile.h"
#include "core/machines/reset_uefi.h"
#include "core/machines/start.h"
#include "core/vm/config.h"
#include "core/vm/store.h"
#include "ui/job_watch.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/editor.h"
#include "ui/model/model.h"
#include "ui/session.h"
#include "ui/undo.h"

#include <stdlib.h>
#include <string.h>

/* Profiles. */

/* A profile that does not run; otherwise says what is wrong, and returns NULL. */
static const struct item *idle_profile(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct status status;

	if (item == NULL || kind != ITEM_PROFILE) {
		app_say(app, "only a profile can be renamed; n creates one");
		return NULL;
	}
	model_status(session_model(app), item, &status);
	if (status.running) {
		app_say(app, "%s is running; stop it before it is renamed", name);
		return NULL;
	}
	return item;
}

bool action_name_check(struct app *app, const void *data, const char *name, struct error *err)
{
	(void)data;
	return new_profile_name_check(session_store(app), name, err);
}

/* Keeping the same name is not an error. */
static bool check_new_name(struct app *app, const void *name, const char *to, struct error *err)
{
	return strcmp(name, to) == 0 || action_name_check(app, name, to, err);
}

/* A profile and its text before it was opened in an editor, NULL if there was none. */
struct opened {
	char *name, *text;
};

static void free_opened(void *data)
{
	struct opened *opened = data;

	free(opened->name);
	free(opened->text);
	free(opened);
}

static void on_edited(struct app *app, const void *data, const char *path)
{
	const struct opened *opened = data;
	struct store *store = session_store(app);
	struct error err;

	(void)path;
	if (!store->keep(store, opened->name, NULL, &err))
		app_say(app, "%s", err.text);
	if (opened->text != NULL && undo_note_saved(app, opened->name, opened->text))
		app_say(app, "%s has changed; u undoes it", opened->name);
}

void action_edit_file(struct app *app, enum item_kind kind, const char *name)
{
	struct store *store = session_store(app);
	struct opened *opened;
	struct error err;
	char *path;

	if (kind != ITEM_PROFILE) {
		app_say(app, "only a profile has a file; n creates one");
		return;
	}
	/* The editor can be used even if that fails. */
	if (!store->keep(store, name, NULL, &err))
		app_say(app, "%s", err.text);
	opened = mem_alloc(sizeof(*opened));
	*opened = (struct opened){ mem_strdup(name), store->text(store, name, &err) };
	path = store->path(store, name);
	editor_open_file(app, path, (struct ask_then){ on_edited, opened, free_opened });
	free(path);
}

static void on_rename(struct app *app, const void *data, const char *to)
{
	const char *name = data;
	struct store *store = session_store(app);
	struct error err;

	if (strcmp(name, to) == 0)
		return;
	if (!store->rename(store, name, to, &err)) {
		message_open(app, "Not renamed", err.text);
		return;
	}
	undo_note_renamed(app, name, to);
	app_say(app, "%s is now %s", name, to);
	model_expect(session_model(app), ITEM_PROFILE, to);
}

void action_rename(struct app *app, enum item_kind kind, const char *name)
{
	if (idle_profile(app, kind, name) == NULL)
		return;

	char *prompt = mem_printf("New name of %s (its state directory is not renamed):", name);

	ask_text(app, prompt, name, check_new_name, ask_then_text(on_rename, name));
	free(prompt);
}

/* Clone: with its own UUID, MAC address and state directory. */

static bool read_for_clone(struct app *app, const char *name, struct vm_config *config)
{
	struct store *store = session_store(app);
	struct store_revision revision;
	struct error err;

	vm_config_init(config, CONFIG_PROFILE);
	if (store->load(store, name, config, &revision, &err))
		return true;
	message_open(app, "Not cloned", err.text);
	vm_config_finish(config);
	return false;
}

static void save_clone(struct app *app, const char *name, const char *to, bool with_disks)
{
	static const struct store_revision none = { 0 };
	struct store *store = session_store(app);
	struct store_revision now;
	struct vm_config original, config;
	struct error err;

	if (!read_for_clone(app, name, &original))
		return;
	vm_config_init(&config, CONFIG_PROFILE);
	new_profile_clone(store, &original, to, &config);
	vm_config_finish(&original);
	if (!with_disks)
		strv_finish(&config.value[SET_DISK]);
	switch (store->save(store, &config, &none, &now, &err)) {
	case STORE_OK:
		undo_note_saved(app, to, NULL);
		app_say(app, "%s is a clone of %s", to, name);
		model_expect(session_model(app), ITEM_PROFILE, to);
		break;
	case STORE_CHANGED:
		app_say(app, "a profile named %s already exists", to);
		break;
	default:
		message_open(app, "Not cloned", err.text);
	}
	vm_config_finish(&config);
}

struct clone {
	char *name, *to;
};

static void free_clone(void *data)
{
	struct clone *clone = data;

	free(clone->name);
	free(clone->to);
	free(clone);
}

/* A job copies the disks; the list shows the clone when it is complete. */
static void clone_disks(struct app *app, const char *name, const char *to, bool linked)
{
	struct vm_config original;
	struct job job = { 0 };
	struct error err;
	char *done;

	if (!read_for_clone(app, name, &original))
		return;
	done = linked ? mem_printf("%s is a clone that reads the disks of %s: do not start %s as long as it is used", to, name, name)
	              : mem_printf("%s is a clone of %s", to, name);
	if (!clone_prepare(session_store(app), &original, to, linked, &job, &err) || !job_watch_start(app, &job, done, &err))
		message_open(app, "Not cloned", err.text);
	free(done);
	job_finish(&job);
	vm_config_finish(&original);
}

static void on_clone_disks(struct app *app, const void *data, const char *id)
{
	const struct clone *clone = data;

	if (strcmp(id, "full") == 0 || strcmp(id, "linked") == 0)
		clone_disks(app, clone->name, clone->to, strcmp(id, "linked") == 0);
	else
		save_clone(app, clone->name, clone->to, strcmp(id, "keep") == 0);
}

#define FULL_CHOICE { "f", "full", "full copies of the disks" }
#define LINKED_CHOICE { "l", "linked", "linked disks, which read this VM's: those must not change" }

static void on_clone(struct app *app, const void *name, const char *to)
{
	static const struct ask_choice of_shared[] = {
		FULL_CHOICE,
		LINKED_CHOICE,
		{ "k", "keep", "use the same files (never run both at once)" },
		{ "w", "without", "the same image, but none of the other disks" },
		{ NULL, NULL, NULL }
	};
	static const struct ask_choice of_own[] = {
		FULL_CHOICE,
		LINKED_CHOICE,
		{ "n", "keep", "new, empty disks" },
		{ NULL, NULL, NULL }
	};
	struct vm_config config;
	bool shares;

	if (!read_for_clone(app, name, &config))
		return;
	shares = new_profile_shares_disks(&config);
	if (shares || config.value[SET_DISK].count) {
		struct clone *clone = mem_alloc(sizeof(*clone));

		*clone = (struct clone){ mem_strdup(name), mem_strdup(to) };
		ask_choice(app, "The disks of the clone:", shares ? of_shared : of_own,
		           (struct ask_then){ on_clone_disks, clone, free_clone });
	} else {
		save_clone(app, name, to, true);
	}
	vm_config_finish(&config);
}

void action_clone(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);

	if (item == NULL || kind != ITEM_PROFILE) {
		app_say(app, "only a profile can be cloned; n creates one");
		return;
	}

	char *prompt = mem_printf("Name of the clone of %s (with a new UUID, MAC and state directory):", name);
	char *initial = new_profile_name(session_store(app), name);

	ask_text(app, prompt, initial, action_name_check, ask_then_text(on_clone, name));
	free(initial);
	free(prompt);
}

/* UEFI variables. */

static void confirmed_reset_uefi(struct app *app, const void *data, const char *answer)
{
	const struct item_key *key = data;
	const struct item *item = model_find(session_model(app), key->kind, key->name);
	struct vm_config config;
	struct error err;
	bool known, removed = false, good;

	(void)answer;
	if (item == NULL)
		return;
	known = start_config(session_store(app), item_ref_kind(item), item->name, &config, &err);
	good = reset_uefi(known ? &config : NULL, item->state, &removed, &err);
	vm_config_finish(&config);
	if (!good)
		message_open(app, "Not reset", err.text);
	else
		app_say(app, removed ? "%s: UEFI variables deleted; the next start creates new ones" : "%s has no UEFI variables yet",
		        path_base(item->name));
}

void action_reset_uefi(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct status status;

	if (item == NULL)
		return;
	model_status(session_model(app), item, &status);
	if (status.running) {
		app_say(app, "%s is running; stop it before you reset its UEFI variables", path_base(name));
		return;
	}

	char *question = mem_printf("Reset the UEFI variables of %s? Its boot entries and keys are deleted; disks stay.",
	                            path_base(name));

	ask_yes_no(app, question, (struct ask_then){ confirmed_reset_uefi, item_key_new(kind, name), free });
	free(question);
}

void action_apply(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct error err;

	if (item != NULL && !model_apply(session_model(app), item, &err))
		app_say(app, "%s", err.text);
}
