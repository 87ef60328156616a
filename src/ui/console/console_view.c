/* SPDX-License-Identifier: MIT */
#include "ui/console/console_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/run/started.h"
#include "core/qemu/plan/plan_data.h"
#include "core/terminal/terminal.h"
#include "ui/console/console_blank.h"
#include "ui/kit/app.h"
#include "ui/kit/help_view.h"
#include "ui/kit/palette.h"
#include "ui/kit/screen.h"
#include "ui/kit/scroller.h"
#include "ui/kit/settings.h"
#include "ui/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UPDATE_MS 150

static struct console_view *of(struct view *view)
{
	return (struct console_view *)view;
}

static struct terminal *term_of(struct console_view *pane)
{
	return console_terminal(pane->console);
}

bool console_view_zoomed(const struct view *view, int pane_rows, int pane_columns)
{
	const struct console_view *pane = (const struct console_view *)view;

	pane->place->fits = pane_rows >= CONSOLE_ROWS && pane_columns >= CONSOLE_COLUMNS;
	if (pane->zoom == ZOOM_AUTO)
		return !pane->place->fits;
	return pane->zoom == ZOOM_ON;
}

unsigned console_new_hint(struct console_view *pane)
{
	console_describe(pane, pane->hint, sizeof(pane->hint));
	return UI_REDRAW;
}

void console_say(struct console_view *pane, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(pane->message, sizeof(pane->message), fmt, ap);
	va_end(ap);
	app_apply(pane->view.app, &pane->view, console_new_hint(pane));
}

/* Modes of the guest that the user's terminal must follow. */
void console_follow_modes(struct console_view *pane)
{
	bool over = console_over(pane->console);
	int row, column, shape;

	if (!pane->focused)
		return;
	terminal_cursor(term_of(pane), &row, &column, &shape);
	screen_guest_input(over ? NULL : terminal_input_modes(term_of(pane)));
	screen_mouse(terminal_wants_mouse(term_of(pane)) && !pane->scroll.on && !over ? MOUSE_GUEST : MOUSE_DRAGS);
	screen_cursor_shape(pane->scroll.on ? 0 : shape);
}

/* Tells a guest that has asked when the pane gets or loses the keys, as when the whole terminal does. */
static void focus_guest(struct console_view *pane, bool on)
{
	console_type(pane->console, &(struct key){ .code = on ? KEY_FOCUS_IN : KEY_FOCUS_OUT, .is_code = true });
}

void console_view_focus(struct view *view, bool on)
{
	struct console_view *pane = of(view);

	if (on == pane->focused)
		return;
	pane->focused = on;
	focus_guest(pane, on);
	if (on) {
		console_follow_modes(pane);
	} else {
		screen_mouse(MOUSE_OURS);
		screen_guest_input(NULL);
		screen_cursor_shape(0);
		pane->prefixed = false;
		pane->zoom = ZOOM_AUTO;
	}
}

/* Moves the window over a larger terminal just enough to keep the cursor visible. */
static int pan(int from, int size, int whole, int cursor)
{
	if (cursor < from)
		from = cursor;
	if (cursor >= from + size)
		from = cursor - size + 1;
	if (from > whole - size)
		from = whole - size;
	return from < 0 ? 0 : from;
}

void console_follow_cursor(struct console_view *pane)
{
	int row, column, shape;

	terminal_cursor(term_of(pane), &row, &column, &shape);
	pane->pan_row = pan(pane->pan_row, pane->rows, terminal_rows(term_of(pane)), row);
	pane->pan_column = pan(pane->pan_column, pane->columns, terminal_columns(term_of(pane)), column);
}

unsigned console_pan_to(struct console_view *pane, int column)
{
	int last = terminal_columns(term_of(pane)) - pane->columns;

	pane->pan_column = column > last ? last : column;
	if (pane->pan_column < 0)
		pane->pan_column = 0;
	return UI_REDRAW;
}

/* A screen that stays blank. */

static bool waits_for_output(const struct console_view *pane)
{
	/* A note already says what it is waiting for. */
	return !console_over(pane->console) && !console_note(pane->console)[0] &&
	       console_is_blank(console_screen(pane->console));
}

static void watch_blank(struct console_view *pane)
{
	bool waits = waits_for_output(pane);

	if (waits && pane->advice)
		return;
	free(pane->advice);
	pane->advice = NULL;
	if (waits)
		loop_timer_arm(pane->blank_timer, session_blank_ms(pane->view.app));
	else
		loop_timer_disarm(pane->blank_timer);
}

static void on_still_blank(void *data)
{
	struct console_view *pane = data;
	struct vm_config config;
	struct plan argv = { 0 };

	vm_config_init(&config, CONFIG_PROFILE);
	started_read(session_records(pane->view.app), pane->state, &config, &argv);
	pane->advice = console_blank_advice(&argv);
	plan_finish(&argv);
	vm_config_finish(&config);
	app_apply(pane->view.app, &pane->view, UI_REDRAW);
}

/* The console's side. */

static void show_changes(struct console_view *pane)
{
	watch_blank(pane);
	if (pane->scroll.on)
		reading_changed(pane);
	else
		console_follow_cursor(pane);
	console_follow_modes(pane);
	if (pane->belled && pane->focused)
		beep();
	pane->belled = false;
	app_apply(pane->view.app, &pane->view, console_new_hint(pane));
}

/*
 * Returns true while the guest is in the middle of an update (mode 2026), but
 * for no longer than UPDATE_MS: after that it shows at once until the guest ends it.
 */
static bool holds_update(struct console_view *pane)
{
	bool updating = terminal_synchronized(term_of(pane)) && !pane->scroll.on && !console_over(pane->console);

	if (!updating) {
		pane->update = UPDATE_NONE;
		loop_timer_disarm(pane->update_timer);
	} else if (pane->update == UPDATE_NONE) {
		pane->update = UPDATE_HELD;
		loop_timer_arm(pane->update_timer, UPDATE_MS);
	}
	return pane->update == UPDATE_HELD;
}

static void on_update_late(void *data)
{
	struct console_view *pane = data;

	pane->update = UPDATE_LATE;
	show_changes(pane);
}

static void on_changed(void *data)
{
	struct console_view *pane = data;

	if (!holds_update(pane))
		show_changes(pane);
}

static void on_bell(void *data)
{
	((struct console_view *)data)->belled = true;
}

static void on_said(void *data, const char *text)
{
	struct console_view *pane = data;

	console_say(pane, "%s", text);
}

static const struct console_watcher watcher = { .changed = on_changed, .bell = on_bell, .said = on_said };

/* Keys after the prefix. */

static unsigned leave(struct view *view, int arg)
{
	(void)arg;
	console_view_focus(view, false);
	of(view)->owner.leave(of(view)->owner.data);
	return UI_LAYOUT;
}

static unsigned toggle_zoom(struct view *view, int arg)
{
	struct console_view *pane = of(view);

	(void)arg;
	if (pane->whole)
		pane->zoom = pane->place->fits ? ZOOM_AUTO : ZOOM_OFF;
	else
		pane->zoom = pane->place->fits ? ZOOM_ON : ZOOM_AUTO;
	return UI_LAYOUT;
}

static unsigned power(struct view *view, int arg)
{
	(void)arg;
	of(view)->owner.power(of(view)->owner.data);
	return UI_NOTHING;
}

static unsigned resume(struct view *view, int arg)
{
	(void)arg;
	of(view)->owner.resume(of(view)->owner.data);
	return UI_NOTHING;
}

static unsigned help(struct view *view, int arg)
{
	(void)arg;
	help_view_open(view->app, view);
	return UI_NOTHING;
}

static unsigned commands(struct view *view, int arg)
{
	(void)arg;
	palette_open(view->app, view);
	return UI_NOTHING;
}

/* One table for the help; the first BEHIND_PREFIX rows are for keys after the prefix, the others for scrolling. */
#define BEHIND_PREFIX 10
static const struct keybinding keys[] = {
	{ "d", leave, 0, "After the prefix: back to the list", NULL },
	{ "z", toggle_zoom, 0, "After the prefix: whole screen or pane", NULL },
	{ "[", reading_begin, 0, "After the prefix: scroll, search, copy", NULL },
	{ "PgUp", reading_travel, MOVE_PAGE_UP, "After the prefix: scroll a page up", NULL },
	{ "y", reading_copy_screen, 0, "After the prefix: copy the screen", NULL },
	{ "=", tell_size, 0, "After the prefix: type stty with its size", NULL },
	{ "p", power, 0, "After the prefix: power menu", NULL },
	{ "R", resume, 0, "After the prefix: resume a paused VM", NULL },
	{ "? F1", help, 0, "After the prefix: show the keys", NULL },
	{ ":", commands, 0, "After the prefix: run a command by its name", NULL },
	{ "Up k", reading_line, -1, "Scrolling: up", NULL },
	{ "Down j", reading_line, 1, "Scrolling: down", NULL },
	{ "Left h", reading_move, POINT_LEFT, "Scrolling: left", NULL },
	{ "Right l", reading_move, POINT_RIGHT, "Scrolling: right", NULL },
	{ "C-y", reading_window, -1, "Scrolling: the window a line up", NULL },
	{ "C-e", reading_window, 1, "Scrolling: the window a line down", NULL },
	{ "PgUp C-b", reading_travel, MOVE_PAGE_UP, "Scrolling: a page up", NULL },
	{ "PgDn C-f Space", reading_travel, MOVE_PAGE_DOWN, "Scrolling: a page down", NULL },
	{ "C-u", reading_travel, MOVE_HALF_UP, "Scrolling: half a page up", NULL },
	{ "C-d", reading_travel, MOVE_HALF_DOWN, "Scrolling: half a page down", NULL },
	{ "Home g", reading_move, POINT_FIRST, "Scrolling: to the oldest line", NULL },
	{ "End G", reading_move, POINT_LAST, "Scrolling: to the newest line", NULL },
	{ "H", reading_place, 0, "Scrolling: to the top of the window", NULL },
	{ "M", reading_place, 1, "Scrolling: to the middle of the window", NULL },
	{ "L", reading_place, 2, "Scrolling: to the bottom of the window", NULL },
	{ "0", reading_move, POINT_LINE_BEGIN, "Scrolling: to the beginning of the line", NULL },
	{ "^", reading_move, POINT_LINE_TEXT, "Scrolling: to its first character", NULL },
	{ "$", reading_move, POINT_LINE_END, "Scrolling: to the end of the line", NULL },
	{ "w", reading_move, POINT_WORD, "Scrolling: to the next word", NULL },
	{ "b", reading_move, POINT_BACK, "Scrolling: to the word before", NULL },
	{ "e", reading_move, POINT_WORD_END, "Scrolling: to the end of the word", NULL },
	{ "{", reading_move, POINT_BLANK_ABOVE, "Scrolling: to the blank line above", NULL },
	{ "}", reading_move, POINT_BLANK_BELOW, "Scrolling: to the blank line below", NULL },
	{ "/", reading_query, 0, "Scrolling: search upward (C-r: a regex)", NULL },
	{ "n", reading_find, true, "Scrolling: next match above", NULL },
	{ "N", reading_find, false, "Scrolling: next match below", NULL },
	{ "v", reading_select, SELECT_CHARACTERS, "Scrolling: select characters", NULL },
	{ "V", reading_select, SELECT_LINES, "Scrolling: select lines", NULL },
	{ "C-v r", reading_select, SELECT_RECTANGLE, "Scrolling: select a rectangle", NULL },
	{ "o", reading_swap, 0, "Scrolling: other end of the selection", NULL },
	{ "y", reading_copy, 0, "Scrolling: copy the selection", NULL },
	{ "Y", reading_copy_line, 0, "Scrolling: copy the line", NULL },
	{ "u", reading_copy_link, 0, "Scrolling: copy the address of a link", NULL },
	{ "O", reading_show, true, "Scrolling: selection or all in $PAGER", NULL },
	{ "E", reading_show, false, "Scrolling: selection or all in $EDITOR", NULL },
	{ "Enter", reading_copy_or_end, 0, "Scrolling: copy, or back to the guest", NULL },
	{ "Esc", reading_escape, 0, "Scrolling: end the selection or go back", NULL },
	{ "q", reading_end, 0, "Scrolling: back to the guest", NULL },
	{ "F1", help, 0, "Scrolling: show the keys", NULL },
	{ NULL, NULL, 0, NULL, NULL }
};

static void console_wants(const struct view *view, struct view_wants *wants)
{
	const struct console_view *pane = (const struct console_view *)view;

	wants->takes_text = true;
	wants->hint = pane->hint;
	if (pane->scroll.on)
		wants->keys = keys + BEHIND_PREFIX;
	else
		wants->key_count = BEHIND_PREFIX;
}

unsigned console_click_outside(struct console_view *pane, const struct key_mouse *at)
{
	if (at->button != 1)
		return UI_NOTHING;
	console_view_focus(&pane->view, false);
	return UI_IGNORED;
}

static bool is_prefix(const struct console_view *pane, const struct key *key)
{
	return !key->is_code && !key->alt && key->code == pane->prefix;
}

static unsigned behind_prefix(struct console_view *pane, const struct key *key)
{
	const struct keybinding *binding = key_lookup(keys, key);
	char name[32];

	pane->prefixed = false;
	if (is_prefix(pane, key))
		console_type(pane->console, key);
	else if (binding && binding < keys + BEHIND_PREFIX)
		return binding->run(&pane->view, binding->arg) | console_new_hint(pane);
	else if (!key_is(key, "Esc"))
		console_say(pane, "%s %s is not a command; %s ? shows the keys", pane->prefix_name,
		        key_text(key, name, sizeof(name)), pane->prefix_name);
	return console_new_hint(pane);
}

static unsigned scroll_typed(struct console_view *pane, const struct key *key)
{
	const struct keybinding *binding = key_lookup(keys + BEHIND_PREFIX, key);

	if (is_prefix(pane, key))
		return reading_end(&pane->view, 0);
	if (!pane->scroll.typing)
		return binding ? binding->run(&pane->view, binding->arg) : (unsigned)UI_NOTHING;
	reading_query_typed(pane, key);
	return UI_NOTHING;
}

static unsigned over_typed(struct console_view *pane, const struct key *key)
{
	if (key_is(key, "Enter Esc q"))
		return leave(&pane->view, 0);
	console_say(pane, "it has ended; Enter goes back to the list");
	return UI_REDRAW;
}

static int within(int at, int size)
{
	return at < 0 ? 0 : at < size ? at : size - 1;
}

static unsigned mouse(struct console_view *pane, const struct key_mouse *at)
{
	int row = at->row - pane->place->row, column = at->column - pane->place->column;
	bool inside = row >= 0 && row < pane->rows && column >= 0 && column < pane->columns;

	if (pane->scroll.on || pane->pointer.held || console_over(pane->console) || !terminal_wants_mouse(term_of(pane)))
		return pointer_event(pane, at);
	/* A guest must see the release of a button, wherever the mouse has gone. */
	if (!inside && at->pressed)
		return console_click_outside(pane, at);
	console_mouse(pane->console, &(struct mouse_event){
		.row = pane->pan_row + within(row, pane->rows), .column = pane->pan_column + within(column, pane->columns),
		.button = at->button, .pressed = at->pressed, .modifiers = at->modifiers,
	});
	return UI_NOTHING;
}

static bool is_paste(struct console_view *pane, const struct key *key)
{
	bool begin = key->is_code && key->code == KEY_PASTE_BEGIN, finish = key->is_code && key->code == KEY_PASTE_END;

	if (begin || finish)
		pane->pasting = begin;
	return begin || finish || pane->pasting;
}

static unsigned one_key(struct console_view *pane, const struct key *key)
{
	if (key->is_code && key->code == KEY_MOUSE)
		return mouse(pane, &key->mouse);
	if (is_paste(pane, key)) {
		/* Pasted text always goes to the guest, even if it contains the prefix. */
		if (!pane->scroll.on)
			console_type(pane->console, key);
		else if (pane->scroll.typing && key_is_text(key))
			reading_query_typed(pane, key);
		return UI_NOTHING;
	}
	if (key->detail.foreign) {
		/* The guest has not seen the prefix, nor what comes behind it. */
		if (!pane->scroll.on && !(key->detail.event == TERM_RELEASED && (pane->prefixed || key->code == pane->prefix)))
			console_type(pane->console, key);
		return UI_NOTHING;
	}
	if (pane->scroll.on)
		return scroll_typed(pane, key);
	if (pane->prefixed)
		return behind_prefix(pane, key);
	if (is_prefix(pane, key)) {
		pane->prefixed = true;
		return console_new_hint(pane);
	}
	if (console_over(pane->console))
		return over_typed(pane, key);
	console_type(pane->console, key);
	return UI_NOTHING;
}

static unsigned console_typed(struct view *view, const struct key *key)
{
	struct console_view *pane = of(view);
	unsigned before = 0;

	if (key->is_code && (key->code == KEY_FOCUS_IN || key->code == KEY_FOCUS_OUT)) {
		console_type(pane->console, key);
		return UI_NOTHING;
	}
	console_view_focus(view, true);
	if (pane->message[0]) {
		pane->message[0] = '\0';
		before = console_new_hint(pane);
	}
	return before | one_key(pane, key);
}

static bool has_whole_screen(const struct console_view *pane, int rows, int columns)
{
	return rows == LINES && columns == COLS && app_has_focus(pane->view.app, &pane->view);
}

static void console_resized(struct view *view, int rows, int columns)
{
	struct console_view *pane = of(view);

	pane->whole = has_whole_screen(pane, rows, columns);
	pane->rows = pane->whole ? rows - 1 : rows;
	pane->columns = columns;
	console_resize(pane->console, pane->rows, pane->columns);
	if (pane->scroll.on)
		reading_changed(pane);
	else
		console_follow_cursor(pane);
	tell_offer(pane);
	console_new_hint(pane);
}

static void console_close(struct view *view)
{
	struct console_view *pane = of(view);

	console_view_focus(view, false);
	loop_timer_free(pane->blank_timer);
	loop_timer_free(pane->search_timer);
	loop_timer_free(pane->update_timer);
	scroll_finish(&pane->scroll);
	free(pane->advice);
	free(pane->state);
	console_free(pane->console);
	console_drawn_finish(&pane->place->drawn);
	free(pane->place);
	free(pane);
}

static const struct view_ops console_ops = {
	.name = "console", .title = "Console", .keys = keys, .close = console_close, .typed = console_typed,
	.resized = console_resized, .draw = console_draw, .redraw = console_redraw, .cursor = console_cursor,
	.wants = console_wants, .raw_keys = true, .owns_mouse = true,
};

struct view *console_view_new(struct app *app, const char *name, const struct registry_entry *entry,
                              const struct console_owner *owner)
{
	struct console_view *pane = mem_alloc(sizeof(*pane));
	struct error err;

	pane->view.ops = &console_ops;
	pane->view.app = app;
	pane->owner = *owner;
	pane->prefix = settings_prefix(session_store(app));
	settings_prefix_name(pane->prefix, pane->prefix_name);
	pane->rows = CONSOLE_ROWS;
	pane->columns = CONSOLE_COLUMNS;
	pane->place = mem_alloc(sizeof(*pane->place));
	pane->state = mem_strdup(entry->state);
	pane->blank_timer = loop_timer(app_loop(app), on_still_blank, pane);
	pane->search_timer = loop_timer(app_loop(app), reading_on_timer, pane);
	pane->update_timer = loop_timer(app_loop(app), on_update_late, pane);
	pane->console = console_new(name, &watcher, pane);
	terminal_follow(term_of(pane), pane->scroll.places, SCROLL_PLACES);
	tell_init(pane);
	if (!console_connect(pane->console, app_loop(app), entry, &err))
		console_keeper_lost(pane->console, err.text);
	console_describe(pane, pane->hint, sizeof(pane->hint));
	return &pane->view;
}

const struct view_ops *console_view_ops(void)
{
	return &console_ops;
}
