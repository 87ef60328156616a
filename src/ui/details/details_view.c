/* SPDX-License-Identifier: MIT */
#include "ui/details/details_view_impl.h"
#include "ui/details/log_view.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "ui/console/console_view.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/power.h"
#include "ui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_LEAST	8		/* minimum columns for the VM's name before tabs get names */

static struct details_view *details_of(struct view *view)
{
	return (struct details_view *)view;
}

static const char *const tab_names[TABS] = { "Overview", "Console", "Settings", "Command", "Log" };

/* The console. */

static void console_left(void *data)
{
	struct details_view *details = data;

	details->typing = false;
	details->left(details->left_data);
}

static void console_power(void *data)
{
	struct details_view *details = data;

	if (details->name != NULL)
		power_menu(details->view.app, details->kind, details->name);
}

static void console_resume(void *data)
{
	struct details_view *details = data;

	if (details->name != NULL)
		power_resume(details->view.app, details->kind, details->name);
}

static void drop_console(struct details_view *details)
{
	app_close_child(details->console);
	details->console = NULL;
}

/* A console that has ended stays readable until the next run. */
static void follow_run(struct details_view *details)
{
	const struct console_owner owner = { .leave = console_left, .power = console_power, .resume = console_resume,
	                                      .data = details };
	const struct model *model = session_model(details->view.app);
	const struct item *item = details_item(details);
	const struct running_vm *machine = item != NULL ? model_running_vm(model, item) : NULL;
	const struct registry_entry *entry = machine != NULL ? model_entry(model, machine->uuid) : NULL;

	if (details->tab != TAB_CONSOLE)
		return;
	if (machine == NULL && details->console == NULL)
		details->typing = false;
	if (entry == NULL || (details->console != NULL && details->started == entry->started &&
	                      strcmp(details->uuid, entry->uuid) == 0))
		return;
	drop_console(details);
	snprintf(details->uuid, sizeof(details->uuid), "%s", entry->uuid);
	details->started = entry->started;
	details->console = console_view_new(details->view.app, path_base(details->name), entry, &owner);
	details->console->parent = &details->view;
	console_view_focus(details->console, details->typing);
	app_apply(details->view.app, &details->view, UI_LAYOUT);
}

static bool shows_console(const struct details_view *details)
{
	return details->tab == TAB_CONSOLE && details->console != NULL;
}

static bool shows_log(const struct details_view *details)
{
	return details->tab == TAB_LOG && details->name != NULL;
}

bool details_view_zoomed(const struct view *view, int pane_rows, int pane_columns)
{
	const struct details_view *details = (const struct details_view *)view;

	return shows_console(details) && details->typing &&
	       console_view_zoomed(details->console, pane_rows - 2, pane_columns - 2);
}

bool details_view_has_console(const struct view *view)
{
	return shows_console((const struct details_view *)view);
}

void details_view_open_console(struct view *view)
{
	struct details_view *details = details_of(view);

	details->typing = true;
	details_view_tab(view, TAB_CONSOLE);
	if (details->console != NULL)
		console_view_focus(details->console, true);
}

void details_view_close_console(struct view *view)
{
	struct details_view *details = details_of(view);

	details->typing = false;
	if (details->console != NULL)
		console_view_focus(details->console, false);
}

/* Only "running 12 min" changes with time alone. */
static void set_clock(struct details_view *details)
{
	const struct item *item = details_item(details);
	const struct running_vm *machine = item != NULL ? model_running_vm(session_model(details->view.app), item) : NULL;

	if (machine == NULL || machine->phase != VM_RUNNING || details->tab != TAB_OVERVIEW || details->scroller.page <= 0) {
		loop_timer_disarm(details->clock);
		return;
	}

	long into = (long)(time(NULL) - machine->started) % 60;

	loop_timer_arm(details->clock, (uint64_t)(60 - (into < 0 ? 0 : into)) * 1000 + 50);
}

/* Counters are read only for the machine whose Overview is on the screen. */
static void want_usage(const struct details_view *details)
{
	struct model *model = session_model(details->view.app);
	const struct item *item = details_item(details);
	const struct running_vm *machine = item != NULL ? model_running_vm(model, item) : NULL;

	if (machine != NULL && details->tab == TAB_OVERVIEW && app_shows(details->view.app, &details->view))
		model_usage_want(model, machine->uuid);
}

static void rebuild(struct details_view *details)
{
	want_usage(details);
	details_build_page(details);
	set_clock(details);
	scroller_fit(&details->scroller, page_last_top(&details->page, details->scroller.page, details->columns) + 1,
	             details->scroller.page);
}

static void on_clock(void *data)
{
	struct details_view *details = data;

	rebuild(details);
	app_apply(details->view.app, &details->view, UI_REDRAW);
}

static void on_rest(void *data)
{
	struct details_view *details = data;
	const struct item *item = details_item(details);

	if (item == NULL)
		return;
	details_read_more(details, item);
	if (details->tab == TAB_LOG)
		details_show_log(details, item);
	on_clock(details);
}

void details_view_show(struct view *view, enum item_kind kind, const char *name)
{
	struct details_view *details = details_of(view);
	const struct item *item;
	char *kept = mem_strdup(name);

	if (kind != details->kind || !text_equal(name, details->name)) {
		details->typing = false;
		drop_console(details);
		log_view_show(details->log, NULL, NULL);
		log_view_heading(details->log, NULL);
	}
	if (details->tab == TAB_LOG && (name == NULL) != (details->name == NULL))
		app_apply(view->app, view, UI_LAYOUT);
	free(details->name);
	details->name = kept;
	details->kind = kind;
	details->scroller.at = 0;
	details_forget(&details->of);
	item = details_item(details);
	if (item != NULL) {
		details_read_config(details, item);
		/* Read it only after the cursor has been drawn in its new place. */
		loop_timer_arm(details->rest, 0);
	}
	follow_run(details);
	rebuild(details);
	view->dirty = true;
}

void details_view_tab(struct view *view, enum details_tab tab)
{
	struct details_view *details = details_of(view);

	details->tab = tab;
	details->scroller.at = 0;
	if (tab != TAB_LOG)
		log_view_watch(details->log, false);
	follow_run(details);
	on_rest(details);
	rebuild(details);
	/* The console shows or hides. */
	app_apply(view->app, view, UI_LAYOUT | UI_REDRAW);
}

enum details_tab details_view_shown(const struct view *view)
{
	return ((const struct details_view *)view)->tab;
}

/* Keys. */

static unsigned scroll_page(struct view *view, int move)
{
	scroller_move(&details_of(view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

static unsigned turn_tab(struct view *view, int by)
{
	details_view_tab(view, (enum details_tab)(((int)details_of(view)->tab + by + TABS) % TABS));
	return UI_REDRAW;
}

static unsigned toggle_next(struct view *view, int arg)
{
	struct details_view *details = details_of(view);

	(void)arg;
	if (details->tab != TAB_COMMAND || !details->of.have_next)
		return UI_IGNORED;
	details->shows_next = !details->shows_next;
	details->scroller.at = 0;
	on_rest(details);
	return UI_REDRAW;
}

/* The view around it does it: here the row stands for the bottom line, where the list may be out of sight. */
static unsigned outward(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	return UI_IGNORED;
}

static const struct keybinding keys[] = {
	{ "Esc", outward, 0, NULL, "list" },
	SCROLLER_TEXT_KEYS(scroll_page, NULL),
	{ "Right l", turn_tab, 1, "Next tab", NULL },
	{ "Left h", turn_tab, -1, "Previous tab", NULL },
	{ "t", toggle_next, 0, "Command: of the next start, or of what runs", NULL },
	{ NULL, NULL, 0, NULL, NULL }
};

/* Drawing. */

static void add_tabs(const struct details_view *details, bool named, struct str *out)
{
	for (int tab = 0; tab < TABS; tab++) {
		if (tab == (int)details->tab)
			str_addf(out, " [%d %s]", tab + 1, tab_names[tab]);
		else if (named)
			str_addf(out, " %d %s", tab + 1, tab_names[tab]);
		else
			str_addf(out, " %d", tab + 1);
	}
}

/* The title of a heading is its group. */
static const char *title_name(const struct details_view *details)
{
	static const char *const groups[ITEM_KINDS] = { "Profiles", "Images", "State directories" };

	return details->name != NULL ? path_base(details->name) : groups[details->kind];
}

/* The texts of the title: the name, shortened if necessary, then the tabs. */
static int title_columns(const struct details_view *details, int width, struct str *tabs)
{
	str_init(tabs);
	add_tabs(details, true, tabs);
	if (text_columns(tabs->text) + NAME_LEAST > width) {
		str_clear(tabs);
		add_tabs(details, false, tabs);
	}
	return width - text_columns(tabs->text);
}

/* A tab extends from its digit to that of the next tab. */
int details_view_tab_at(const struct view *view, int column)
{
	const struct details_view *details = (const struct details_view *)view;
	struct str tabs;
	int room = title_columns(details, details->columns - 2, &tabs), tab = -1;
	int name = text_columns(title_name(details));

	column -= 2 + (name < room ? name : room);
	for (int i = 0; i <= column && tabs.text[i] != '\0'; i++)
		if (tabs.text[i] >= '1' && tabs.text[i] <= '0' + TABS)
			tab = tabs.text[i] - '1';
	if (column >= text_columns(tabs.text))
		tab = -1;
	str_finish(&tabs);
	return tab;
}

static void details_draw(const struct view *view, WINDOW *window)
{
	const struct details_view *details = (const struct details_view *)view;
	const struct theme *theme = app_theme(view->app);
	struct str tabs;

	title_columns(details, getmaxx(window) - 6, &tabs);
	draw_titled_frame(window, theme, app_has_focus(view->app, view),
	                  &(struct frame_title){ .name = title_name(details), .rest = tabs.text });
	str_finish(&tabs);
	if (!shows_console(details) && !shows_log(details))
		page_draw_framed(&details->page, window, theme, details->scroller.at);
}

static bool details_cursor(const struct view *view, int *row, int *column)
{
	(void)view;
	*row = 1;
	*column = 2;
	return true;
}

static unsigned details_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	(void)row;
	(void)column;
	return act == MOUSE_PRESS ? (unsigned)UI_NOTHING : scroll_page(view, scroller_wheel(act));
}

/* The view. */

static void details_resized(struct view *view, int rows, int columns)
{
	struct details_view *details = details_of(view);

	details->scroller.page = rows - 2;
	details->columns = columns - 4;
	rebuild(details);
}

static unsigned details_notice(struct view *view)
{
	struct details_view *details = details_of(view);
	const struct item *item = details_item(details);

	if (item != NULL && (item->looks != details->looks || details_run_of(details, item) != details->read_run)) {
		details_read_config(details, item);
		details_read_more(details, item);
		if (details->tab == TAB_LOG)
			details_show_log(details, item);
	}
	follow_run(details);
	rebuild(details);
	return shows_console(details) ? UI_NOTHING : UI_REDRAW;
}

static size_t details_children(const struct view *view, int rows, int columns, struct view_place out[VIEW_CHILDREN])
{
	const struct details_view *details = (const struct details_view *)view;
	bool whole = rows == LINES && columns == COLS;

	out[0] = (struct view_place){ details->log, 1, 2, shows_log(details) ? rows - 2 : 0, columns - 4 };
	if (details->console == NULL)
		return 1;
	out[1] = (struct view_place){ details->console, whole ? 0 : 1, whole ? 0 : 1,
	                              !shows_console(details) ? 0 : whole ? rows : rows - 2,
	                              whole ? columns : columns - 2 };
	return 2;
}

static struct view *details_focus(const struct view *view)
{
	const struct details_view *details = (const struct details_view *)view;

	if (shows_log(details))
		return details->log;
	return shows_console(details) && details->typing ? details->console : NULL;
}

static void details_close(struct view *view)
{
	struct details_view *details = details_of(view);

	drop_console(details);
	loop_timer_free(details->rest);
	loop_timer_free(details->clock);
	details_forget(&details->of);
	page_finish(&details->page);
	app_close_child(details->log);
	free(details->name);
	free(details);
}

static const struct view_ops details_ops = {
	.name = "details", .title = "Details", .keys = keys, .close = details_close, .notice = details_notice,
	.resized = details_resized, .draw = details_draw, .cursor = details_cursor,
	.children = details_children, .focus = details_focus, .mouse = details_mouse,
};

struct view *details_view_new(struct app *app, void (*left)(void *data), void *data)
{
	struct details_view *details = mem_alloc(sizeof(*details));

	details->view.ops = &details_ops;
	details->view.app = app;
	details->left = left;
	details->left_data = data;
	details->log = log_view_new(app);
	details->log->parent = &details->view;
	details->rest = loop_timer(app_loop(app), on_rest, details);
	details->clock = loop_timer(app_loop(app), on_clock, details);
	return &details->view;
}

const struct view_ops *details_view_ops(void)
{
	return &details_ops;
}
