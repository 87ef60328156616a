/* SPDX-License-Identifier: MIT */
#include "ui/undo.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>

#define CHANGES 50		/* the oldest is forgotten first */

enum change_kind { CHANGE_DELETED, CHANGE_RENAMED, CHANGE_CREATED, CHANGE_EDITED };

struct change {
	enum change_kind kind;
	char *name;		/* as it is now; of what was deleted, as it was */
	char *before;		/* deleted: the ID in the trash; renamed: the old name; edited: the old text */
	char *after;		/* edited: the new text */
};

struct undo {
	struct change changes[CHANGES];
	size_t count;
};

static void finish(struct change *change)
{
	free(change->name);
	free(change->before);
	free(change->after);
}

struct undo *undo_new(void)
{
	return mem_alloc(sizeof(struct undo));
}

void undo_free(struct undo *undo)
{
	for (size_t i = 0; undo != NULL && i < undo->count; i++)
		finish(&undo->changes[i]);
	free(undo);
}

static void note(struct app *app, enum change_kind kind, const char *name, const char *before, const char *after)
{
	struct undo *undo = session_undo(app);

	if (undo->count == CHANGES) {
		finish(&undo->changes[0]);
		memmove(undo->changes, undo->changes + 1, --undo->count * sizeof(undo->changes[0]));
	}
	undo->changes[undo->count++] = (struct change){ kind, mem_strdup(name), mem_strdup(before), mem_strdup(after) };
}

void undo_note_deleted(struct app *app, const char *name, const char *id)
{
	note(app, CHANGE_DELETED, name, id, NULL);
}

void undo_note_renamed(struct app *app, const char *from, const char *to)
{
	note(app, CHANGE_RENAMED, to, from, NULL);
}

bool undo_note_saved(struct app *app, const char *name, const char *before)
{
	struct store *store = session_store(app);
	struct error ignored;
	char *now = store->text(store, name, &ignored);
	bool differs = now != NULL && !text_equal(before, now);

	if (differs)
		note(app, before == NULL ? CHANGE_CREATED : CHANGE_EDITED, name, before, now);
	free(now);
	return differs;
}

/* The newest revision with this text; 0: it is not kept any more. */
static unsigned find_revision(struct store *store, const char *name, const char *text)
{
	struct revision_list list;
	struct error ignored;
	unsigned found = 0;

	store->revisions(store, name, &list, &ignored);
	for (size_t i = list.count; found == 0 && i-- > 0;) {
		char *kept = store->revision_text(store, name, list.items[i].number, &ignored);

		found = text_equal(kept, text) ? list.items[i].number : 0;
		free(kept);
	}
	revision_list_finish(&list);
	return found;
}

static bool undo_edit(struct store *store, const struct change *change, struct error *err)
{
	char *now = store->text(store, change->name, err);
	unsigned revision = find_revision(store, change->name, change->before);
	bool good = now != NULL;

	if (good && strcmp(now, change->after) != 0)
		good = error_set(err, "%s has changed since; paddock history %s lists its earlier texts", change->name, change->name);
	if (good && revision == 0)
		good = error_set(err, "the text that %s had is not kept any more", change->name);
	free(now);
	return good && store->restore(store, change->name, revision, err);
}

static bool is_idle(struct app *app, const char *name, const char *what, struct error *err)
{
	const struct item *item = model_find(session_model(app), ITEM_PROFILE, name);
	struct status status = { 0 };

	if (item != NULL)
		model_status(session_model(app), item, &status);
	return !status.running || error_set(err, "%s is running; stop it before it is %s", name, what);
}

static bool take_back(struct app *app, const struct change *change, struct error *err)
{
	struct store *store = session_store(app);
	char *id = NULL;
	bool good = false;

	switch (change->kind) {
	case CHANGE_DELETED:
		good = store->undelete(store, change->before, err);
		break;
	case CHANGE_RENAMED:
		good = is_idle(app, change->name, "renamed", err) && store->rename(store, change->name, change->before, err);
		break;
	case CHANGE_CREATED:
		good = is_idle(app, change->name, "removed", err) && store->discard(store, change->name, NULL, &id, err);
		break;
	case CHANGE_EDITED:
		good = undo_edit(store, change, err);
		break;
	}
	free(id);
	return good;
}

static void say(struct app *app, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_DELETED:
		app_say(app, "undone: %s is back from the trash", change->name);
		model_expect(session_model(app), ITEM_PROFILE, change->name);
		model_rescan(session_model(app));
		break;
	case CHANGE_RENAMED:
		app_say(app, "undone: %s is called %s again", change->name, change->before);
		model_expect(session_model(app), ITEM_PROFILE, change->before);
		break;
	case CHANGE_CREATED:
		app_say(app, "undone: the new profile %s is in the trash", change->name);
		break;
	case CHANGE_EDITED:
		app_say(app, "undone: %s has the settings from before its last change", change->name);
		break;
	}
}

void undo_last(struct app *app)
{
	struct undo *undo = session_undo(app);
	struct change *change = undo->count > 0 ? &undo->changes[undo->count - 1] : NULL;
	struct error err;

	if (change == NULL) {
		app_say(app, "nothing to undo; only what was changed since this screen started can be undone");
	} else if (take_back(app, change, &err)) {
		say(app, change);
		finish(change);
		undo->count--;
	} else {
		message_open(app, "Not undone", err.text);
	}
}
