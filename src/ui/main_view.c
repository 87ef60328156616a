/* SPDX-License-Identifier: MIT */
#include "ui/main_view.h"

#include "core/base/alloc.h"
#include "ui/actions.h"
#include "ui/delete.h"
#include "ui/details/changes_view.h"
#include "ui/details/details_view.h"
#include "ui/form/form.h"
#include "ui/hardware/hardware_view.h"
#include "ui/kit/app.h"
#include "ui/kit/view.h"
#include "ui/list/list_view.h"
#include "ui/marked.h"
#include "ui/model/model.h"
#include "ui/power.h"
#include "ui/screen_state.h"
#include "ui/session.h"
#include "ui/start.h"
#include "ui/undo.h"

#include <stdlib.h>

#define BOTH_FROM	80	/* minimum width for both panes */

struct main_view {
	struct view view;
	struct view *list, *details;
	bool in_details;		/* the details have the keys */
};

static struct main_view *main_of(struct view *view)
{
	return (struct main_view *)view;
}

static const char *selection(struct view *view, enum item_kind *kind)
{
	return list_view_selection(main_of(view)->list, kind);
}

static unsigned focus_on(struct main_view *main_view, bool details)
{
	if (!details)
		details_view_close_console(main_view->details);
	main_view->in_details = details;
	return UI_LAYOUT;
}

/* Keys. */

static unsigned other_pane(struct view *view, int arg)
{
	(void)arg;
	return focus_on(main_of(view), !main_of(view)->in_details);
}

static unsigned show_tab(struct view *view, int tab)
{
	details_view_tab(main_of(view)->details, (enum details_tab)tab);
	return focus_on(main_of(view), true);
}

static void start_answered(struct app *app, const void *data, const char *answer)
{
	start_chosen(app, data, answer);
}

/* In the list, what is marked is meant. Returns false if nothing is, or in the details, which show one item. */
static bool act_on_marked(struct view *view, enum marked_action action)
{
	struct item_keys keys = main_of(view)->in_details ? (struct item_keys){ 0 } : list_view_marked(main_of(view)->list);

	if (keys.count > 0)
		marked_act(view->app, action, keys);
	else
		item_keys_finish(&keys);
	return keys.count > 0;
}

static unsigned start(struct view *view, int arg)
{
	enum item_kind kind;
	const char *name = selection(view, &kind);

	(void)arg;
	if (act_on_marked(view, MARKED_START))
		return UI_NOTHING;
	if (name != NULL)
		start_item(view->app, kind, name, start_answered);
	return UI_NOTHING;
}

static unsigned open_console(struct view *view)
{
	details_view_open_console(main_of(view)->details);
	return focus_on(main_of(view), true);
}

static void enter_answered(struct app *app, const void *data, const char *answer)
{
	struct view *view = app_top(app);

	if (start_chosen(app, data, answer) && view->ops == main_view_ops())
		app_apply(app, view, open_console(view));
}

/* Opens the console, after starting the item if it is not running. */
static unsigned enter(struct view *view, int arg)
{
	enum item_kind kind;
	const char *name = selection(view, &kind);
	const struct item *item = name != NULL ? model_find(session_model(view->app), kind, name) : NULL;
	struct status status;

	(void)arg;
	if (item == NULL)
		return UI_NOTHING;
	model_status(session_model(view->app), item, &status);
	if (!status.console && !start_item(view->app, kind, name, enter_answered))
		return UI_NOTHING;
	return open_console(view);
}

enum action {
	ACTION_POWER,
	ACTION_RESTART,
	ACTION_RESUME,
	ACTION_DELETE,
	ACTION_RENAME,
	ACTION_CLONE,
	ACTION_EDIT_FILE,
	ACTION_RESET_UEFI,
	ACTION_CHANGES,
	ACTION_APPLY,
	ACTION_HARDWARE,
};

static unsigned act(struct view *view, int action)
{
	static void (*const actions[])(struct app *, enum item_kind, const char *) = {
		[ACTION_POWER] = power_menu,
		[ACTION_RESTART] = power_restart,
		[ACTION_RESUME] = power_resume,
		[ACTION_DELETE] = delete_item,
		[ACTION_RENAME] = action_rename,
		[ACTION_CLONE] = action_clone,
		[ACTION_EDIT_FILE] = action_edit_file,
		[ACTION_RESET_UEFI] = action_reset_uefi,
		[ACTION_CHANGES] = changes_open,
		[ACTION_APPLY] = action_apply,
		[ACTION_HARDWARE] = hardware_open,
	};
	enum item_kind kind;
	const char *name = selection(view, &kind);

	if (name != NULL)
		actions[action](view->app, kind, name);
	return UI_NOTHING;
}

static unsigned act_on_all(struct view *view, int action)
{
	static const enum marked_action for_marked[] = {
		[ACTION_POWER] = MARKED_POWER, [ACTION_RESTART] = MARKED_RESTART, [ACTION_RESUME] = MARKED_RESUME,
		[ACTION_DELETE] = MARKED_DELETE,
	};

	return act_on_marked(view, for_marked[action]) ? (unsigned)UI_NOTHING : act(view, action);
}

static unsigned edit(struct view *view, int arg)
{
	enum item_kind kind;
	const char *name = selection(view, &kind);

	(void)arg;
	if (name != NULL && kind == ITEM_PROFILE)
		form_open_edit(view->app, name);
	else
		app_say(view->app, "only a profile can be edited; n creates one");
	return UI_NOTHING;
}

static unsigned new_profile(struct view *view, int arg)
{
	enum item_kind kind = ITEM_PROFILE;
	const char *name = selection(view, &kind);

	(void)arg;
	form_open_new(view->app, kind, name);
	return UI_NOTHING;
}

static unsigned undo(struct view *view, int arg)
{
	(void)arg;
	undo_last(view->app);
	return UI_NOTHING;
}

static unsigned filter_list(struct view *view, int arg)
{
	(void)arg;
	list_view_filter(main_of(view)->list);
	return focus_on(main_of(view), false);
}

static unsigned rescan(struct view *view, int arg)
{
	(void)arg;
	model_rescan(session_model(view->app));
	return UI_NOTHING;
}

static void confirmed_quit(struct app *app, const void *data, const char *answer)
{
	(void)data;
	(void)answer;
	app_apply(app, app_top(app), UI_QUIT);
}

/* Only this screen starts again what is being restarted. */
static unsigned leave(struct view *view)
{
	char *names = model_restarting(session_model(view->app));
	char *question;

	if (names == NULL)
		return UI_QUIT;
	question = mem_printf("Still to be started again when off: %s. If you leave now, that does not happen. Leave?", names);
	ask_yes_no(view->app, question, (struct ask_then){ confirmed_quit, NULL, free });
	free(question);
	free(names);
	return UI_NOTHING;
}

/* In the list it does nothing, or leaves. */
static unsigned back(struct view *view, int in_list)
{
	if (main_of(view)->in_details)
		return focus_on(main_of(view), false);
	return in_list == UI_QUIT ? leave(view) : (unsigned)in_list;
}

static const struct keybinding keys[] = {
	{ "Enter", enter, 0, "Open the console; start first if off", "console" },
	{ "s", start, 0, "Start", "start" },
	{ "p", act_on_all, ACTION_POWER, "Power button, restart, reset, kill", "power" },
	{ "S", act_on_all, ACTION_RESTART, "Restart: power button, then start", NULL },
	{ "R", act_on_all, ACTION_RESUME, "Resume a paused VM", NULL },
	{ "e", edit, 0, "Edit the profile", "edit" },
	{ "n", new_profile, 0, "New profile, from the selected image", "new" },
	{ "/", filter_list, 0, "Filter the list by name or state", "filter" },
	{ "E", act, ACTION_EDIT_FILE, "Edit the profile's file in $EDITOR", NULL },
	{ "c", act, ACTION_CLONE, "Clone the profile", NULL },
	{ "r", act, ACTION_RENAME, "Rename the profile", NULL },
	{ "d Del", act_on_all, ACTION_DELETE, "Delete the profile or state directory", NULL },
	{ "u", undo, 0, "Undo the last change of a profile in this screen", NULL },
	{ "U", act, ACTION_RESET_UEFI, "Reset the UEFI variables", NULL },
	{ "D", act, ACTION_CHANGES, "Changes that wait for a restart, next to what runs", NULL },
	{ "A", act, ACTION_APPLY, "Apply the profile's changes to what runs", NULL },
	{ "H", act, ACTION_HARDWARE, "Change ports and hardware while it runs", NULL },
	{ "Tab S-Tab", other_pane, 0, "Go to the other pane", NULL },
	{ "1", show_tab, TAB_OVERVIEW, "Overview", NULL },
	{ "2", show_tab, TAB_CONSOLE, "Console", NULL },
	{ "3", show_tab, TAB_SETTINGS, "Settings", NULL },
	{ "4", show_tab, TAB_COMMAND, "Command: QEMU's arguments", NULL },
	{ "5", show_tab, TAB_LOG, "Console log", NULL },
	{ "F5", rescan, 0, "Search the library again", NULL },
	{ "Esc", back, UI_NOTHING, "Back to the list", NULL },
	{ "q", back, UI_QUIT, "Back, then quit; VMs keep running", "quit" },
	{ NULL, NULL, 0, NULL, NULL }
};

static int list_width(int columns)
{
	int width = columns * 36 / 100;

	return width < 34 ? 34 : width > 56 ? 56 : width;
}

/* A click goes to the pane that is under it; the list then sees itself to its row. */
static unsigned main_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct main_view *main_view = main_of(view);
	int begins = COLS >= BOTH_FROM ? list_width(COLS) : main_view->in_details ? 0 : COLS;
	int tab = column >= begins && row == 0 ? details_view_tab_at(main_view->details, column - begins) : -1;

	if (act != MOUSE_PRESS)
		return UI_NOTHING;
	if (tab >= 0)
		return show_tab(view, tab);
	if ((column >= begins) == main_view->in_details)
		return UI_NOTHING;
	if (column >= begins && details_view_has_console(main_view->details))
		details_view_open_console(main_view->details);
	return focus_on(main_view, column >= begins);
}

/* Layout. */

static void on_console_left(void *data)
{
	struct main_view *main_view = data;

	app_apply(main_view->view.app, &main_view->view, focus_on(main_view, false));
}

/* The console gets the whole screen where a pane would be too small for it. */
static bool is_bare(const struct main_view *main_view)
{
	int columns = COLS >= BOTH_FROM ? COLS - list_width(COLS) : COLS;

	return main_view->in_details && details_view_zoomed(main_view->details, LINES - 2, columns);
}

static void main_wants(const struct view *view, struct view_wants *wants)
{
	wants->bare = is_bare((const struct main_view *)view);
}

static size_t main_children(const struct view *view, int rows, int columns, struct view_place out[VIEW_CHILDREN])
{
	const struct main_view *main_view = (const struct main_view *)view;
	int width = list_width(columns);

	if (is_bare(main_view)) {
		out[0] = (struct view_place){ main_view->list, 0, 0, 0, 0 };
		out[1] = (struct view_place){ main_view->details, 0, 0, rows, columns };
	} else if (columns >= BOTH_FROM) {
		out[0] = (struct view_place){ main_view->list, 0, 0, rows, width };
		out[1] = (struct view_place){ main_view->details, 0, width, rows, columns - width };
	} else {
		bool in = main_view->in_details;

		out[0] = (struct view_place){ main_view->list, 0, 0, in ? 0 : rows, columns };
		out[1] = (struct view_place){ main_view->details, 0, 0, in ? rows : 0, columns };
	}
	return 2;
}

static struct view *main_focus(const struct view *view)
{
	const struct main_view *main_view = (const struct main_view *)view;

	return main_view->in_details ? main_view->details : main_view->list;
}

static void main_close(struct view *view)
{
	struct main_view *main_view = main_of(view);
	struct screen_state state = { .tab = (int)details_view_shown(main_view->details) };

	list_view_remember(main_view->list, &state);
	screen_state_write(&state, session_records(view->app));
	screen_state_finish(&state);

	app_close_child(main_view->list);
	app_close_child(main_view->details);
	free(main_view);
}

static const struct view_ops main_ops = {
	.name = "main", .title = "Machines", .keys = keys, .close = main_close,
	.children = main_children, .focus = main_focus, .wants = main_wants, .mouse = main_mouse,
};

static void on_selected(void *data, enum item_kind kind, const char *name)
{
	struct main_view *main_view = data;

	details_view_show(main_view->details, kind, name);
}

struct view *main_view_new(struct app *app)
{
	struct main_view *main_view = mem_alloc(sizeof(*main_view));

	main_view->view.ops = &main_ops;
	main_view->view.app = app;
	main_view->details = details_view_new(app, on_console_left, main_view);
	main_view->list = list_view_new(app, on_selected, main_view);
	main_view->details->parent = main_view->list->parent = &main_view->view;
	return &main_view->view;
}

void main_view_restore(struct view *view)
{
	struct screen_state state;

	screen_state_read(&state, session_records(view->app));
	list_view_restore(main_of(view)->list, &state);
	if (state.tab >= 0 && state.tab < TABS)
		details_view_tab(main_of(view)->details, (enum details_tab)state.tab);
	screen_state_finish(&state);
}

const struct view_ops *main_view_ops(void)
{
	return &main_ops;
}
