/* SPDX-License-Identifier: MIT */
#include "ui/form/form_view.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/machines/mac_conflict.h"
#include "core/machines/new_profile.h"
#include "core/vm/store.h"
#include "ui/form/form.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/editor.h"
#include "ui/model/model.h"
#include "ui/session.h"
#include "ui/undo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define LEAST_VALUE	38	/* columns: a UUID, the cursor after it and one between */

struct form_cell_place form_cell_place(const struct form_row *row, size_t cell, int columns)
{
	struct form_cell_place place = { .column = form_label_columns(columns) };
	int room = form_value_columns(columns) - place.column;
	int rest = row->setting == SET_NETWORK || row->setting == SET_SHARE ? 14 : row->setting == SET_DISK ? 8 : 7;

	if (row->cells <= 1) {
		place.columns = room;
		return place;
	}
	/* The first cell is a path or an address; the others are short. */
	int first = room - (int)(row->cells - 1) * (rest + 1);
	if (row->setting == SET_NETWORK) {
		first = 8;
		rest = room - 9;
	}
	if (first < 4) {
		first = 4;
		rest = (room - 4) / (int)(row->cells - 1) - 1;
	}
	if (rest < 2)
		rest = 2;
	place.columns = cell ? rest : first;
	place.column += cell ? first + 1 + (int)(cell - 1) * (rest + 1) : 0;
	return place;
}

/* With the blanks before and after it; the longest label is "trust_backing". */
int form_label_columns(int columns)
{
	return columns >= 60 ? 15 : 10;
}

/* The reason is shown next to the value if the screen is wide enough for both. */
int form_value_columns(int columns)
{
	if (columns < 60)
		return columns - 1;

	int room = (columns - form_label_columns(columns)) * 55 / 100;

	return form_label_columns(columns) + (room < LEAST_VALUE ? LEAST_VALUE : room);
}

static const struct form_row *current(const struct form_view *form)
{
	return &form->model.rows[form->scroller.at];
}

static void scroll_to_row(struct form_view *form, size_t row)
{
	struct scroller *scroller = &form->scroller;

	scroller->count = form->model.count;
	scroller_to(scroller, row);
	/* Show the heading together with the first row of a section. */
	if (scroller->top == scroller->at && scroller->top > 0 && scroller->page > 1 &&
	    form->model.rows[scroller->at - 1].kind == FORM_HEADING)
		scroller->top--;
}

void form_view_look(struct form_view *form, struct app *app)
{
	struct problems problems = { 0 };

	mac_conflict_check(session_store(app), session_records(app), &form->model.config, &problems);
	form_model_warn(&form->model, SET_MAC, problems.count ? problems.items[0].text : NULL);
	problems_finish(&problems);
}

/* Call before another cell becomes current, and before the value is used. */
static void settle(struct form_view *form)
{
	if (form->touched && form->scroller.at < form->model.count && current(form)->kind == FORM_VALUE)
		form_model_settle(&form->model, form->scroller.at, form->cell);
	form->touched = false;
	form->prefix[0] = '\0';
}

void form_go(struct form_view *form, size_t row, size_t cell)
{
	settle(form);

	bool left_mac = row != form->scroller.at && form->scroller.at < form->model.count && current(form)->setting == SET_MAC;

	if (left_mac && form->view.app)
		form_view_look(form, form->view.app);
	scroll_to_row(form, row);
	form->cell = cell < current(form)->cells ? cell : 0;
	line_edit_free(form->edit);
	form->edit = NULL;

	/* A cell has a line editor only if it is typed and its text can be held by form. */
	const struct form_row *now = current(form);

	if (now->kind == FORM_VALUE && !form_cell_choices(now, form->cell) && line_edit_can_hold(now->text[form->cell]))
		form->edit = line_edit_new(now->text[form->cell], form_cell_place(now, form->cell, form->columns).columns);
}

static size_t next_row(const struct form_view *form, size_t from, int step)
{
	size_t row = from;

	do {
		if (step < 0 ? row == 0 : row + 1 >= form->model.count)
			return from;
		row = step < 0 ? row - 1 : row + 1;
	} while (form->model.rows[row].kind == FORM_HEADING);
	return row;
}

static struct form_view *form_of(struct view *view)
{
	return (struct form_view *)view;
}

/* Headings are passed over. A page is as many fields as lines: none of them is kept in sight. */
static unsigned move_rows(struct view *view, int move)
{
	struct form_view *form = form_of(view);
	long by = scroller_distance((enum scroller_move)move, form->scroller.page + 1);
	size_t row = form->scroller.at;

	for (long times = by < 0 ? -by : by; times > 0; times--)
		row = next_row(form, row, by < 0 ? -1 : 1);
	form_go(form, row, form->cell);
	return UI_REDRAW;
}

static unsigned on_next_cell(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	if (form->cell + 1 < current(form)->cells)
		form_go(form, form->scroller.at, form->cell + 1);
	else
		form_go(form, next_row(form, form->scroller.at, 1), 0);
	return UI_REDRAW;
}

static unsigned on_previous_cell(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	if (form->cell > 0) {
		form_go(form, form->scroller.at, form->cell - 1);
	} else {
		size_t row = next_row(form, form->scroller.at, -1);
		size_t cells = form->model.rows[row].cells;

		form_go(form, row, cells ? cells - 1 : 0);
	}
	return UI_REDRAW;
}

static void edited_outside(struct app *app, const void *profile, const char *text)
{
	struct form_view *form = form_view_on(app, profile);

	if (!form)
		return;
	form->touched = false;
	form_model_set_value(&form->model, form->edited_row, text);
	form_go(form, form->edited_row, 0);
	app_apply(app, &form->view, UI_REDRAW);
}

static unsigned on_editor(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	if (current(form)->kind != FORM_VALUE)
		return UI_NOTHING;
	settle(form);
	form->edited_row = form->scroller.at;
	editor_open(view->app, form_model_value(&form->model, form->scroller.at),
	            ask_then_text(edited_outside, form->model.config.name));
	return UI_NOTHING;
}

static unsigned on_add(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	if (!setting_info(current(form)->setting)->repeatable) {
		app_say(view->app, "only ports, disks, shares, devices and arguments can be added");
		return UI_NOTHING;
	}
	settle(form);
	form_go(form, form_model_add(&form->model, form->scroller.at), 0);
	return UI_REDRAW;
}

static unsigned on_remove(struct view *view, int arg)
{
	struct form_view *form = form_of(view);
	const struct form_row *row = current(form);

	(void)arg;
	if (row->kind != FORM_VALUE || !setting_info(row->setting)->repeatable) {
		app_say(view->app, "only an added row can be removed; C-u clears a field");
		return UI_NOTHING;
	}
	form->touched = false;
	form_model_remove(&form->model, form->scroller.at);
	form_go(form, form->scroller.at, 0);
	return UI_REDRAW;
}

static unsigned on_enter(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	if (current(form)->kind == FORM_ADD)
		return on_add(view, 0);
	if (form_cell_choices(current(form), form->cell))
		return form_choice_step(form, 1);
	if (!form->edit)
		return on_editor(view, 0);
	return on_next_cell(view, 0);
}

static unsigned on_command(struct view *view, int arg)
{
	struct form_view *form = form_of(view);

	(void)arg;
	form_go(form, form->scroller.at, form->cell);
	form->command = !form->command;
	if (form->command)
		form_command_fill(&form->argv, app_theme(view->app), form->is_new ? NULL : &form->model.saved,
		                  &form->model.config);
	form->argv_scroller.at = 0;
	form_command_fit(form);
	return UI_REDRAW;
}

static unsigned finish_saved(struct form_view *form)
{
	struct app *app = form->view.app;

	form_view_look(form, app);
	if (form->is_new)
		model_expect(session_model(app), ITEM_PROFILE, form->model.config.name);
	if (form->model.warning)
		app_say(app, "saved %s; warning: %s", form->model.config.name, form->model.warning);
	else
		app_say(app, "saved %s", form->model.config.name);
	return UI_CLOSE | UI_REDRAW;
}

/* Saves the profile over this revision, or over any if it is NULL. */
static enum store_outcome write_profile(struct form_view *form, const struct store_revision *expected, struct error *err)
{
	struct app *app = form->view.app;
	struct store *store = session_store(app);
	const char *name = form->model.config.name;
	struct error ignored;
	char *before = store->text(store, name, &ignored);
	enum store_outcome outcome = store->save(store, &form->model.config, expected, &form->revision, err);

	if (outcome == STORE_OK)
		undo_note_saved(app, name, before);
	free(before);
	return outcome;
}

static void ask_about_conflict(struct form_view *);

static void write_whatever(struct app *app, const void *profile, const char *answer)
{
	struct form_view *form = form_view_on(app, profile);
	struct store *store = session_store(app);
	struct error err;

	if (!form)
		return;
	if (strcmp(answer, "both") == 0) {
		/* Below the text that is shown: the question is asked again after it was read. */
		ask_about_conflict(form);
		form_conflict_show(app, store, &form->model.config);
		return;
	}
	if (strcmp(answer, "theirs") == 0) {
		/* The typed changes are discarded, as the user chose. */
		app_apply(app, &form->view, UI_CLOSE);
		form_open_edit(app, profile);
		return;
	}
	if (write_profile(form, NULL, &err) != STORE_OK) {
		message_open(app, "Not saved", err.text);
		return;
	}
	app_apply(app, &form->view, finish_saved(form));
}

static void ask_about_conflict(struct form_view *form)
{
	static const struct ask_choice choices[] = {
		{ "b", "both", "show both versions" },
		{ "m", "mine", "overwrite it with mine" },
		{ "t", "theirs", "discard mine and edit the current file" },
		{ NULL, NULL, NULL },
	};

	ask_choice(form->view.app, "The file has changed since it was read", choices,
	           ask_then_text(write_whatever, form->model.config.name));
}

static unsigned on_save(struct view *view, int arg)
{
	struct form_view *form = form_of(view);
	struct store *store = session_store(view->app);
	struct error err;
	bool is_wrong;

	(void)arg;
	settle(form);

	size_t wrong = form_model_first_wrong(&form->model);

	if (wrong < form->model.count) {
		form->command = false;
		form_go(form, wrong, 0);
		app_say(view->app, "not saved: %s: %s", setting_info(current(form)->setting)->key,
		        form_model_reason(&form->model, wrong, &is_wrong));
		return UI_REDRAW;
	}
	new_profile_complete(store, &form->model.config);
	switch (write_profile(form, &form->revision, &err)) {
	case STORE_OK:
		return finish_saved(form);
	case STORE_CHANGED:
		ask_about_conflict(form);
		return UI_REDRAW;
	case STORE_FAILED:
		break;
	}
	message_open(view->app, "Not saved", err.text);
	return UI_REDRAW;
}

static void leave_unsaved(struct app *app, const void *profile, const char *answer)
{
	struct form_view *form = form_view_on(app, profile);

	(void)answer;
	if (form)
		app_apply(app, &form->view, UI_CLOSE);
}

static unsigned on_leave(struct view *view, int arg)
{
	struct form_view *form = form_of(view);
	char question[256];

	(void)arg;
	if (form->command)
		return on_command(view, 0);
	if (!form_model_changed(&form->model))
		return UI_CLOSE;
	snprintf(question, sizeof(question), "Leave %s without saving?", form->model.config.name);
	ask_yes_no(view->app, question, ask_then_text(leave_unsaved, form->model.config.name));
	return UI_REDRAW;
}

static unsigned on_typed(struct view *view, const struct key *key)
{
	struct form_view *form = form_of(view);
	bool changed;

	if (!key_is_text(key))
		form->prefix[0] = '\0';
	if (form_paste_key(form, key))
		return UI_REDRAW;
	/* Pasted text that no field takes is dropped: its letters are not keys. */
	if (app_pasting(view->app))
		return UI_NOTHING;
	if (form->command)
		return form_command_typed(form, key);
	if (current(form)->kind != FORM_VALUE)
		return UI_IGNORED;
	if (form_cell_choices(current(form), form->cell))
		return form_choice_typed(form, key);
	if (!form->edit)
		return key_is(key, "e") ? on_editor(view, 0) : UI_IGNORED;
	if (!line_edit_key(form->edit, key, &changed))
		return UI_IGNORED;
	if (key_is_text(key) && !changed && wcwidth((wchar_t)key->code) == 0)
		app_say(form->view.app, "a field has no room for a mark on the letter before it; C-o opens the editor");
	if (changed) {
		form_model_set(&form->model, form->scroller.at, form->cell, line_edit_text(form->edit));
		form->touched = true;
	}
	return UI_REDRAW;
}

static void on_resized(struct view *view, int rows, int columns)
{
	struct form_view *form = form_of(view);

	form->columns = columns - 2;
	form->scroller.page = rows - 2;
	form_command_fit(form);
	if (form->edit)
		line_edit_width(form->edit, form_cell_place(current(form), form->cell, form->columns).columns);
	scroll_to_row(form, form->scroller.at);
}

static bool on_cursor(const struct view *view, int *row, int *column)
{
	const struct form_view *form = (const struct form_view *)view;

	if (form->command || form->scroller.at < form->scroller.top)
		return false;
	*row = 1 + (int)(form->scroller.at - form->scroller.top);
	*column = 1 + form_cell_place(current(form), form->cell, form->columns).column;
	if (form->edit)
		*column += line_edit_cursor(form->edit);
	return *row <= form->scroller.page;
}

static void on_close(struct view *view)
{
	struct form_view *form = form_of(view);

	str_finish(&form->pasted);
	line_edit_free(form->edit);
	form_model_finish(&form->model);
	page_finish(&form->argv);
	free(form->hint);
	free(form);
}

/* Shown instead of the keys: the meaning of the field, or the full reason why it is wrong. */
static void on_wants(const struct view *view, struct view_wants *wants)
{
	const struct form_view *form = (const struct form_view *)view;

	wants->takes_text = form->edit && !form->command;
	wants->hint = form_hint(form);
	wants->hint_rows = form_hint_rows(wants->columns);
}

/* The cell at this column; the space right of the last cell belongs to it. */
static unsigned on_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct form_view *form = form_of(view);
	size_t at = 0, cell = 0;

	if (act != MOUSE_PRESS)
		return form->command ? form_command_scroll(view, scroller_wheel(act)) : move_rows(view, scroller_wheel(act));
	if (form->command || !scroller_row_at(&form->scroller, row - 1, &at) || form->model.rows[at].kind == FORM_HEADING)
		return UI_NOTHING;
	while (cell + 1 < form->model.rows[at].cells &&
	       column - 1 >= form_cell_place(&form->model.rows[at], cell + 1, form->columns).column)
		cell++;
	form_go(form, at, cell);
	return UI_REDRAW;
}

static const struct keybinding keys[] = {
	{ "Up", move_rows, MOVE_UP, "Go to the field above", NULL },
	{ "Down", move_rows, MOVE_DOWN, "Go to the field below", NULL },
	{ "Tab", on_next_cell, 0, "Go to the next field", NULL },
	{ "S-Tab", on_previous_cell, 0, "Go to the previous field", NULL },
	{ "PgUp", move_rows, MOVE_PAGE_UP, "Go up a page", NULL },
	{ "PgDn", move_rows, MOVE_PAGE_DOWN, "Go down a page", NULL },
	{ "Enter", on_enter, 0, "Next field, next choice, or add a row", NULL },
	{ "C-n", on_add, 0, "Add a port, disk, share, device", "add" },
	{ "C-d", on_remove, 0, "Remove the row", "remove" },
	{ "C-p", form_pick_usb, 0, "Pick a USB device of this host", NULL },
	{ "C-o", on_editor, 0, "Edit the value in $EDITOR", "editor" },
	{ "C-t F4", on_command, 0, "Show the resulting command line", "command" },
	{ "C-s F2", on_save, 0, "Save and leave", "save" },
	{ "Esc", on_leave, 0, "Leave; ask first if there are changes", "leave" },
	{ NULL, NULL, 0, NULL, NULL },
};

static const struct view_ops ops = {
	.name = "form", .title = "Form", .keys = keys, .close = on_close, .typed = on_typed, .resized = on_resized,
	.draw = form_draw, .cursor = on_cursor, .wants = on_wants,
	.mouse = on_mouse, .raw_keys = true,
};

struct form_view *form_view_on(struct app *app, const char *profile)
{
	struct view *top = app_top(app);
	struct form_view *form = top && top->ops == &ops ? form_of(top) : NULL;

	return form && strcmp(form->model.config.name, profile) == 0 ? form : NULL;
}

struct form_view *form_view_new(const struct vm_config *config, const struct store_revision *revision, bool is_new)
{
	struct form_view *form = mem_alloc(sizeof(*form));

	str_init(&form->pasted);
	form->view.ops = &ops;
	form->revision = *revision;
	form->is_new = is_new;
	form->hint = mem_alloc(FORM_HINT);
	form->columns = 78;
	form->scroller.page = 20;
	form_model_init(&form->model, config);
	form_go(form, next_row(form, 0, 1), 0);
	return form;
}

const struct view_ops *form_view_ops(void)
{
	return &ops;
}
