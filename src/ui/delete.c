/* SPDX-License-Identifier: MIT */
#include "ui/delete.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/machines/discard.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"
#include "ui/undo.h"

#include <stdlib.h>
#include <string.h>

/* What runs is not deleted, also if it was started while the question was asked. */
static bool deletable(struct app *app, const struct item *item, struct error *err)
{
	struct status status;

	if (item->kind == ITEM_IMAGE)
		return error_set(err, "an image is not deleted here, only profiles and state directories");
	model_status(session_model(app), item, &status);
	return !status.running || error_set(err, "it is running; stop it before it is deleted");
}

static bool may_delete(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	struct error err;

	if (item == NULL)
		return false;
	if (deletable(app, item, &err))
		return true;
	app_say(app, "%s: %s", path_base(name), err.text);
	return false;
}

/* Moves it to the trash, a profile with its state directory if `with_state` is true. */
static bool discard(struct app *app, enum item_kind kind, const char *name, bool with_state, struct error *err)
{
	struct store *store = session_store(app);
	char *state = NULL, *id = NULL;
	bool good;

	if (kind == ITEM_PROFILE)
		good = discard_profile_check(store, session_records(app), name, &state, err) &&
		       (!with_state || discard_state_check(store, name, state != NULL ? state : "", err)) &&
		       store->discard(store, name, with_state ? state : NULL, &id, err);
	else
		good = discard_state_check(store, NULL, name, err) && store->discard(store, NULL, name, &id, err);
	free(state);
	if (good)
		undo_note_deleted(app, path_base(name), id);
	free(id);
	if (good && (with_state || kind == ITEM_STATE))
		model_rescan(session_model(app));
	return good;
}

bool delete_at_once(struct app *app, enum item_kind kind, const char *name, struct error *err)
{
	const struct item *item = model_find(session_model(app), kind, name);

	if (item == NULL)
		return error_set(err, "it is no longer listed");
	return deletable(app, item, err) && discard(app, kind, name, false, err);
}

/* With "state", the state directory too. */
static void delete_profile(struct app *app, const void *data, const char *answer)
{
	const char *name = data;
	bool with_state = strcmp(answer, "state") == 0;
	struct error err;

	if (strcmp(answer, "no") == 0 || !may_delete(app, ITEM_PROFILE, name))
		return;
	if (discard(app, ITEM_PROFILE, name, with_state, &err))
		app_say(app, with_state ? "%s and its state directory are in the trash; u undoes it" : "%s is in the trash; u undoes it", name);
	else
		message_open(app, "Not deleted", err.text);
}

static void ask_about_profile(struct app *app, const struct item *item)
{
	const char *name = item->name;
	struct error err;
	char *shown = item->state != NULL ? path_shorten(item->state) : NULL, *question;

	if (item->state != NULL && discard_state_check(session_store(app), name, item->state, &err)) {
		static const struct ask_choice choices[] = {
			{ "n", "no", "nothing" },
			{ "y", "profile", "only the profile" },
			{ "s", "state", "the profile and its state directory" },
			{ NULL, NULL, NULL }
		};
		char *size = discard_state_text(item->state);

		question = mem_printf("Delete the profile %s, to the trash? Its state directory %s has %s.", name, shown, size);
		ask_choice(app, question, choices, ask_then_text(delete_profile, name));
		free(size);
	} else {
		question = mem_printf("Delete the profile %s? It goes to the trash; disks and %s stay.", name,
		                      shown != NULL ? shown : "its state directory");
		ask_yes_no(app, question, ask_then_text(delete_profile, name));
	}
	free(question);
	free(shown);
}

static void delete_state(struct app *app, const void *data, const char *answer)
{
	const char *path = data;
	struct error err;

	(void)answer;
	if (!may_delete(app, ITEM_STATE, path))
		return;
	if (discard(app, ITEM_STATE, path, false, &err))
		app_say(app, "%s is in the trash; u undoes it", path_base(path));
	else
		message_open(app, "Not deleted", err.text);
}

static void ask_about_state(struct app *app, const struct item *item)
{
	struct error err;
	char *shown, *size, *question;

	if (!discard_state_check(session_store(app), NULL, item->name, &err)) {
		message_open(app, "Not deleted", err.text);
		return;
	}
	shown = path_shorten(item->name);
	size = discard_state_text(item->name);
	question = mem_printf("Delete the state directory %s (%s)? It goes to the trash.", shown, size);
	ask_yes_no(app, question, ask_then_text(delete_state, item->name));
	free(question);
	free(size);
	free(shown);
}

void delete_item(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);

	if (!may_delete(app, kind, name))
		return;
	if (kind == ITEM_PROFILE)
		ask_about_profile(app, item);
	else
		ask_about_state(app, item);
}
