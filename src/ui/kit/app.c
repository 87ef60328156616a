/* SPDX-License-Identifier: MIT */
#include "ui/kit/app_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "ui/kit/key_input.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"

#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAW_GAP	33	/* ms between draws that the user does not wait for: drawing all lines costs as much as parsing 20 KB */
#define DRAW_GAP_TYPING	2	/* while an echo is likely */
#define TYPING		100	/* ms after a key */

struct loop *app_loop(const struct app *app)
{
	return app->loop;
}

void *app_data(const struct app *app)
{
	return app->data;
}

unsigned view_leave(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	return UI_CLOSE;
}

const struct keybinding *app_keys(const struct app *app)
{
	return app->program->keys;
}

const struct theme *app_theme(const struct app *app)
{
	return &app->theme;
}

bool app_pasting(const struct app *app)
{
	return app->pasting;
}

bool app_done(const struct app *app)
{
	return app->done;
}

struct view *app_focus_leaf(struct view *view)
{
	while (view->ops->focus != NULL) {
		struct view *child = view->ops->focus(view);

		if (child == NULL)
			break;
		view = child;
	}
	return view;
}

/* The stack. */

struct view *app_top(const struct app *app)
{
	return app->layer_count > 0 ? app->layers[app->layer_count - 1] : NULL;
}

void app_resized(struct app *app)
{
	app->layout_due = true;
	app->waited_for = true;
}

void app_push(struct app *app, struct view *view)
{
	assert(app->layer_count < LAYERS);
	view->app = app;
	app->layers[app->layer_count++] = view;
	app->layout_due = true;
}

static void pop(struct app *app, struct view *view)
{
	size_t i = 0;

	while (i < app->layer_count && app->layers[i] != view)
		i++;
	if (i == app->layer_count)
		return;
	view_hide(view);
	memmove(&app->layers[i], &app->layers[i + 1], (app->layer_count - i - 1) * sizeof(app->layers[0]));
	app->layer_count--;
	app->layout_due = true;
	view->ops->close(view);
}

void app_close_child(struct view *view)
{
	struct view *parent = view != NULL ? view->parent : NULL;

	if (view == NULL)
		return;
	for (size_t i = 0; parent != NULL && i < parent->child_count; i++)
		if (parent->children[i] == view)
			parent->children[i--] = parent->children[--parent->child_count];
	view_hide(view);
	view->app->layout_due = true;
	view->ops->close(view);
}

static void quit(struct app *app)
{
	app->done = true;
	loop_quit(app->loop, 0);
}

void app_apply(struct app *app, struct view *view, unsigned effects)
{
	if (effects & UI_REDRAW)
		view->dirty = true;
	if (effects & UI_LAYOUT)
		app->layout_due = true;
	if (effects & UI_QUIT)
		quit(app);
	if (effects & UI_CLOSE) {
		while (view->parent != NULL)
			view = view->parent;
		pop(app, view);
		if (app->layer_count == 0)
			quit(app);
	}
}

void app_say(struct app *app, const char *fmt, ...)
{
	va_list ap;

	free(app->said);
	app->said = NULL;
	va_start(ap, fmt);
	if (vasprintf(&app->said, fmt, ap) < 0)
		abort();
	va_end(ap);
	app->lines_dirty = true;
}

bool app_has_focus(const struct app *app, const struct view *view)
{
	struct view *top = app_top(app);

	if (top == NULL)
		return false;
	for (const struct view *leaf = app_focus_leaf(top); leaf != NULL; leaf = leaf->parent)
		if (leaf == view)
			return true;
	return false;
}

static unsigned view_table_key(struct view *view, const struct key *key)
{
	const struct keybinding *binding = key_lookup(view->ops->keys, key);

	return binding != NULL ? binding->run(view, binding->arg) : UI_IGNORED;
}

static unsigned view_typed(struct view *view, const struct key *key)
{
	return view->ops->typed != NULL ? view->ops->typed(view, key) : UI_IGNORED;
}

/* Pasted text must not run the commands that its letters are keys for. */
static unsigned view_key(struct view *view, const struct key *key, bool pasting)
{
	bool raw = view->ops->raw_keys;
	unsigned effects = raw ? view_typed(view, key) : pasting ? UI_IGNORED : view_table_key(view, key);

	if (!(effects & UI_IGNORED) || pasting)
		return effects;
	return raw ? view_table_key(view, key) : view_typed(view, key);
}

static bool mouse_act(const struct key_mouse *mouse, enum mouse_act *out)
{
	static const enum mouse_act acts[] = { [1] = MOUSE_PRESS, [4] = MOUSE_WHEEL_UP, [5] = MOUSE_WHEEL_DOWN };

	if (!mouse->pressed || mouse->button >= (int)(sizeof(acts) / sizeof(acts[0])) || (mouse->button != 1 && mouse->button < 4))
		return false;
	*out = acts[mouse->button];
	return true;
}

static void note_input(struct app *app)
{
	app->waited_for = true;
	app->typed = loop_now();
	if (app->said != NULL) {
		free(app->said);
		app->said = NULL;
		app->lines_dirty = true;
	}
}

/* Keys that no view handles are for the guest that has the keys, the focus also for one below a dialog. */
static bool for_guests(struct app *app, const struct key *key)
{
	bool focus = key->is_code && (key->code == KEY_FOCUS_IN || key->code == KEY_FOCUS_OUT);

	if (!focus && !key->detail.foreign)
		return false;
	for (size_t i = app->layer_count; i-- > 0; ) {
		struct view *leaf = app_focus_leaf(app->layers[i]);

		if (leaf->ops->owns_mouse) {
			app_apply(app, leaf, view_typed(leaf, key));
			return true;
		}
		if (!focus)
			return true;
	}
	return true;
}

void app_key(struct app *app, const struct key *key)
{
	bool mark = key->is_code && (key->code == KEY_PASTE_BEGIN || key->code == KEY_PASTE_END);
	bool pasting = mark || app->pasting;
	struct view *top = app_top(app);

	if (mark)
		app->pasting = key->code == KEY_PASTE_BEGIN;
	if (for_guests(app, key))
		return;
	if (top == NULL || app_too_small()) {
		note_input(app);
		return;
	}

	struct view *leaf = app_focus_leaf(top);

	if (key->is_code && key->code == KEY_MOUSE && !leaf->ops->owns_mouse) {
		enum mouse_act act;

		/* The release of a button is reported too; it must not remove the message that its press caused. */
		if (mouse_act(&key->mouse, &act)) {
			note_input(app);
			app_point(app, act, key->mouse.row, key->mouse.column);
		}
		return;
	}
	note_input(app);
	for (struct view *view = leaf; view != NULL; view = view->parent) {
		unsigned effects = view_key(view, key, pasting);

		if (!(effects & UI_IGNORED)) {
			app_apply(app, view, effects);
			return;
		}
	}

	/* The view that owns the mouse leaves clicks outside of its window to whatever is there. */
	enum mouse_act act;
	if (key->is_code && key->code == KEY_MOUSE) {
		if (mouse_act(&key->mouse, &act) && act == MOUSE_PRESS)
			app_point(app, act, key->mouse.row, key->mouse.column);
		return;
	}

	const struct keybinding *binding = pasting ? NULL : key_lookup(app->program->keys, key);

	if (binding != NULL)
		app_apply(app, leaf, binding->run(leaf, binding->arg));
}

/* The view that the command was chosen in may be closed: a console closes when its VM starts again. */
void app_run_row(struct app *app, const struct view_ops *owner, const struct keybinding *row)
{
	struct view *view = app_top(app);

	assert(view);
	view = app_focus_leaf(view);
	while (owner != NULL && view != NULL && view->ops != owner)
		view = view->parent;
	if (view != NULL)
		app_apply(app, view, row->run(view, row->arg));
}

/* The loop's side. */

static void on_idle(void *data)
{
	struct app *app = data;

	if (app->done || app->away || app->layer_count == 0 || !app_dirty(app))
		return;

	uint64_t now = loop_now();
	uint64_t gap = now - app->typed < TYPING ? DRAW_GAP_TYPING : DRAW_GAP;

	if (app->waited_for || now - app->drawn >= gap)
		app_draw(app);
	else if (!loop_timer_armed(app->draw_timer))
		loop_timer_arm(app->draw_timer, gap - (now - app->drawn));
}

static void on_draw_timer(void *data)
{
	struct app *app = data;

	app->waited_for = true;
}

static bool on_key(void *data, const struct key *key)
{
	struct app *app = data;

	/* An earlier program may have left mouse reports on. */
	if (!key->is_code || key->code != KEY_MOUSE || screen_has_mouse())
		app_key(app, key);
	return !app->done;
}

static void on_kitty(void *data)
{
	(void)data;
	screen_has_kitty();
}

static void on_terminal_ended(void *data)
{
	quit(data);
}

void app_away(struct app *app, bool away)
{
	app->away = away;
	if (app->input != NULL)
		key_input_pause(app->input, away);
	if (away) {
		screen_lend();
		return;
	}
	screen_resume();
	app_resized(app);
}

static void on_signal(void *data, int signo)
{
	struct app *app = data;

	/* The program that has the terminal handles its signals; only a stop applies to paddock too. */
	if (app->away) {
		if (signo == SIGTSTP)
			raise(SIGSTOP);
		else if (signo == SIGTERM || signo == SIGHUP)
			quit(app);
		return;
	}
	switch (signo) {
	case SIGWINCH:
		screen_resized();
		break;
	case SIGTSTP:
		screen_suspend();
		break;
	case SIGCONT:
		screen_resume();
		break;
	default:
		quit(app);
		return;
	}
	app_resized(app);
}

/* Returns false if a view has closed its layer: all views of that are gone then. */
static bool notice_tree(struct app *app, struct view *view)
{
	unsigned effects = view->ops->notice != NULL ? view->ops->notice(view) : UI_NOTHING;

	app_apply(app, view, effects);
	if (effects & UI_CLOSE)
		return false;
	for (size_t i = 0; i < view->child_count; i++)
		if (!notice_tree(app, view->children[i]))
			return false;
	return true;
}

void app_notice(struct app *app)
{
	app->lines_dirty = true;
	/* The layout determines which views exist. */
	if (app->layout_due)
		app_lay_out(app);
	for (size_t i = app->layer_count; i-- > 0; )
		if (i < app->layer_count)
			notice_tree(app, app->layers[i]);
}

struct app *app_new(struct loop *loop, bool utf8, const struct app_program *program, void *data)
{
	const char *no_color = getenv("NO_COLOR");
	struct app *app = mem_alloc(sizeof(*app));

	app->loop = loop;
	app->program = program;
	app->data = data;
	theme_init(&app->theme, utf8, no_color != NULL && no_color[0] != '\0');
	app->draw_timer = loop_timer(loop, on_draw_timer, app);
	return app;
}

void app_free(struct app *app)
{
	if (app == NULL)
		return;
	while (app->layer_count > 0)
		pop(app, app_top(app));
	loop_timer_free(app->draw_timer);
	free(app->said);
	free(app->hinted);
	free(app);
}

int app_run(struct app *app, struct error *err)
{
	static const int signals[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT };
	static const struct key_input_events input_events = { .key = on_key, .ended = on_terminal_ended, .kitty = on_kitty };
	int status;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!loop_signal(app->loop, signals[i], on_signal, app, err))
			return -1;
	app->input = key_input_new(app->loop, STDIN_FILENO, &input_events, app);
	loop_idle(app->loop, on_idle, app);
	app->program->begin(app);
	/* The names have been read; the first draw does not wait for more. */
	app_draw(app);
	status = loop_run(app->loop);
	key_input_free(app->input);
	app->input = NULL;
	return status;
}
