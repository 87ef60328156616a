/* SPDX-License-Identifier: MIT */
#include "ui/details/log_view.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/stream/log.h"
#include "core/keeper/stream/log_match.h"
#include "ui/details/log_view_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/line_edit.h"
#include "ui/kit/scroller.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define NOT_LOGGED	"no console.log yet: no output so far"
#define SLICE_NS	2000000		/* work between two looks at the keyboard */

static struct log_view *log_of(struct view *view)
{
	return (struct log_view *)view;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void log_view_work(struct log_view *log)
{
	if (log_pager_busy(&log->pager) || log->save_path != NULL)
		loop_timer_arm(log->work, 0);
}

static void on_work(void *data)
{
	struct log_view *log = data;
	const int64_t end = now_ns() + SLICE_NS;
	bool changed = false;

	while (log_pager_busy(&log->pager) && now_ns() < end)
		changed = log_pager_work(&log->pager) || changed;
	/* What a filter leaves out is known only at its end. */
	while (log->save_path != NULL && !log_pager_busy(&log->pager) && now_ns() < end)
		changed = !log_view_save_step(log) || changed;
	if (changed)
		app_apply(log->view.app, &log->view, UI_REDRAW);
	log_view_work(log);
}

/* Which log. */

static void fit(struct log_view *log)
{
	int above = log->heading != NULL && log->boot == 0 ? 1 : 0;

	log_pager_resize(&log->pager, log->rows - 1 - above, log->columns - log_view_stamp_columns(log));
}

/* Returns false, and leaves what is shown, if there is no such log. */
static bool open_boot(struct log_view *log, unsigned boot, struct error *err)
{
	if (!log_pager_open(&log->pager, log->state, boot, err))
		return false;
	log_view_save_cancel(log);
	free(log->problem);
	log->problem = NULL;
	log->boot = boot;
	fit(log);
	log_view_work(log);
	return true;
}

static void open_newest(struct log_view *log)
{
	struct error err = { 0 };

	log_pager_close(&log->pager);
	free(log->problem);
	log->problem = NULL;
	log->boot = 0;
	if (log->name == NULL)
		return;
	if (log->state != NULL && open_boot(log, 0, &err))
		return;
	log->problem = mem_strdup(log->state == NULL || err.code == ENOENT ? NOT_LOGGED : err.text);
}

static void on_change(void *data, int fd, short revents)
{
	struct log_view *log = data;
	char events[4096];

	(void)revents;
	if (read(fd, events, sizeof(events)) < 0 && errno != EINTR && errno != EAGAIN) {
		log_view_watch(&log->view, false);
		return;
	}
	if (log->problem != NULL)
		open_newest(log);
	else if (!log_pager_look(&log->pager))
		return;
	log_view_work(log);
	app_apply(log->view.app, &log->view, UI_REDRAW);
}

void log_view_watch(struct view *view, bool on)
{
	struct log_view *log = log_of(view);

	if (on == (log->watch != NULL))
		return;
	if (!on) {
		loop_unwatch(log->watch);
		log->watch = NULL;
		close(log->watch_fd);
		return;
	}
	if (log->state == NULL)
		return;
	log->watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (log->watch_fd < 0)
		return;
	if (inotify_add_watch(log->watch_fd, log->state, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
		close(log->watch_fd);
		return;
	}
	log->watch = loop_watch(app_loop(view->app), log->watch_fd, POLLIN, on_change, log);
	if (log->problem != NULL)
		open_newest(log);
	log_pager_look(&log->pager);
	log_view_work(log);
}

void log_view_show(struct view *view, const char *name, const char *state)
{
	struct log_view *log = log_of(view);
	char *kept_name, *kept_state;

	if (text_equal(name, log->name) && text_equal(state, log->state))
		return;
	kept_name = mem_strdup(name);
	kept_state = mem_strdup(state);
	log_view_watch(view, false);
	log_view_save_cancel(log);
	free(log->name);
	free(log->state);
	log->name = kept_name;
	log->state = kept_state;
	open_newest(log);
	view->dirty = true;
}

void log_view_heading(struct view *view, const char *text)
{
	struct log_view *log = log_of(view);
	char *kept = mem_strdup(text);

	if (text_equal(text, log->heading)) {
		free(kept);
		return;
	}
	free(log->heading);
	log->heading = kept;
	fit(log);
	view->dirty = true;
}

/* Keys. */

static unsigned scroll_log(struct view *view, int move)
{
	struct log_view *log = log_of(view);

	if (move == MOVE_FIRST)
		log_pager_first(&log->pager);
	else if (move == MOVE_LAST)
		log_pager_last(&log->pager);
	else
		log_pager_move(&log->pager, scroller_distance((enum scroller_move)move, log->pager.rows));
	return UI_REDRAW;
}

static unsigned other_boot(struct view *view, int by)
{
	struct log_view *log = log_of(view);
	struct error err;

	if (log->state == NULL)
		return UI_NOTHING;
	if (by < 0 && log->boot == 0) {
		app_say(view->app, "this is the log of the last boot");
		return UI_NOTHING;
	}

	unsigned boot = log->boot + (unsigned)by;

	if (boot > LOG_BOOTS || !open_boot(log, boot, &err))
		app_say(view->app, boot <= LOG_BOOTS && err.code != ENOENT ? "%s" : "no log of an older boot is kept", err.text);
	return UI_REDRAW;
}

static unsigned toggle_stamps(struct view *view, int arg)
{
	struct log_view *log = log_of(view);

	(void)arg;
	log->stamps = !log->stamps;
	fit(log);
	return UI_REDRAW;
}

static unsigned toggle_follow(struct view *view, int arg)
{
	struct log_view *log = log_of(view);

	(void)arg;
	if (log->pager.follows)
		log->pager.follows = false;
	else
		log_pager_last(&log->pager);
	return UI_REDRAW;
}

static unsigned next_match(struct view *view, int up)
{
	struct log_view *log = log_of(view);

	if (log->query == NULL) {
		app_say(view->app, "nothing is searched for; press / to search");
		return UI_NOTHING;
	}
	log_pager_next(&log->pager, up != 0);
	log_view_work(log);
	return UI_REDRAW;
}

/* What is not an expression is a text: "[  OK" is typed on the way to "[  OK  ]", and meant as it is. */
static struct log_match *match_of(const char *text)
{
	struct error ignored;
	struct log_match *match = text != NULL && *text != '\0' ? log_match_new(text, &ignored) : NULL;

	return match != NULL || text == NULL || *text == '\0' ? match : log_match_new_text(text);
}

static void set_query(struct log_view *log, enum log_prompt prompt, const char *text)
{
	char **kept = prompt == PROMPT_SEARCH ? &log->query : &log->filter;
	char *copy = text != NULL && *text != '\0' ? mem_strdup(text) : NULL;

	free(*kept);
	*kept = copy;
	if (prompt == PROMPT_SEARCH)
		log_pager_search(&log->pager, match_of(copy));
	else
		log_pager_filter(&log->pager, match_of(copy));
	log_view_work(log);
}

static unsigned open_prompt(struct view *view, int prompt)
{
	struct log_view *log = log_of(view);

	if (log->pager.file == NULL)
		return UI_NOTHING;
	log->prompt = (enum log_prompt)prompt;
	log->before = log->pager.top;
	log->followed = log->pager.follows;
	log->edit = line_edit_new("", log->columns - 2);
	return UI_REDRAW;
}

static void close_prompt(struct log_view *log)
{
	line_edit_free(log->edit);
	log->edit = NULL;
	log->prompt = PROMPT_NONE;
}

static void go_back(struct log_view *log)
{
	if (log->followed)
		log_pager_last(&log->pager);
	else
		log_pager_go(&log->pager, log->before);
}

static unsigned log_typed(struct view *view, const struct key *key)
{
	struct log_view *log = log_of(view);
	bool changed = false;

	if (log->prompt == PROMPT_NONE)
		return UI_IGNORED;
	if (key_is(key, "Esc") || (key_is(key, "Enter") && *line_edit_text(log->edit) == '\0')) {
		set_query(log, log->prompt, NULL);
		go_back(log);
		close_prompt(log);
	} else if (key_is(key, "Enter")) {
		close_prompt(log);
	} else if (!line_edit_key(log->edit, key, &changed)) {
		return UI_IGNORED;
	} else if (changed) {
		go_back(log);
		set_query(log, log->prompt, line_edit_text(log->edit));
	}
	return UI_REDRAW;
}

/* First the search goes, then the filter. */
static unsigned clear_one(struct view *view, int arg)
{
	struct log_view *log = log_of(view);

	(void)arg;
	if (log->query == NULL && log->filter == NULL)
		return UI_IGNORED;
	set_query(log, log->query != NULL ? PROMPT_SEARCH : PROMPT_FILTER, NULL);
	return UI_REDRAW;
}

static const struct keybinding keys[] = {
	{ "/", open_prompt, PROMPT_SEARCH, "Search, upwards first", "search" },
	{ "n", next_match, 1, "Next match above", "next" },
	{ "N", next_match, 0, "Next match below", NULL },
	{ "&", open_prompt, PROMPT_FILTER, "Show only lines that match", "filter" },
	{ "t", toggle_stamps, 0, "Show when lines were written", "times" },
	{ "f", toggle_follow, 0, "Follow the end, or stop following", NULL },
	{ "s", log_view_save, 0, "Save the lines to a file", "save" },
	{ "[", other_boot, 1, "Log of the boot before", "older" },
	{ "]", other_boot, -1, "Log of the boot after", NULL },
	SCROLLER_TEXT_KEYS(scroll_log, NULL),
	{ "Esc", clear_one, 0, "End the search, then the filter", "back" },
	{ NULL, NULL, 0, NULL, NULL }
};

static unsigned log_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	(void)row;
	(void)column;
	return act == MOUSE_PRESS ? (unsigned)UI_NOTHING : scroll_log(view, scroller_wheel(act));
}

static void log_wants(const struct view *view, struct view_wants *wants)
{
	const struct log_view *log = (const struct log_view *)view;

	wants->takes_text = log->prompt != PROMPT_NONE;
	if (log->prompt == PROMPT_SEARCH)
		wants->hint = "a text or a regular expression   Enter keep   Esc cancel";
	if (log->prompt == PROMPT_FILTER)
		wants->hint = "only lines with this text or expression   Enter keep   Esc all lines";
}

static bool log_cursor(const struct view *view, int *row, int *column)
{
	const struct log_view *log = (const struct log_view *)view;

	*row = log->edit != NULL ? log->rows - 1 : 0;
	*column = log->edit != NULL ? 1 + line_edit_cursor(log->edit) : 0;
	return true;
}

static void log_resized(struct view *view, int rows, int columns)
{
	struct log_view *log = log_of(view);

	log->rows = rows;
	log->columns = columns;
	if (log->edit != NULL)
		line_edit_width(log->edit, columns - 2);
	fit(log);
}

void log_view_link_release(void *data)
{
	struct log_view_link *link = data;

	if (--link->uses == 0)
		free(link);
}

static void log_close(struct view *view)
{
	struct log_view *log = log_of(view);

	log_view_watch(view, false);
	log_view_save_cancel(log);
	close_prompt(log);
	log_pager_finish(&log->pager);
	loop_timer_free(log->work);
	log->link->view = NULL;
	log_view_link_release(log->link);
	free(log->name);
	free(log->state);
	free(log->heading);
	free(log->problem);
	free(log->query);
	free(log->filter);
	free(log);
}

static const struct view_ops log_ops = {
	.name = "log", .title = "Log", .keys = keys, .close = log_close, .typed = log_typed, .resized = log_resized,
	.draw = log_view_draw, .mouse = log_mouse, .cursor = log_cursor, .wants = log_wants, .raw_keys = true,
};

struct view *log_view_new(struct app *app)
{
	struct log_view *log = mem_alloc(sizeof(*log));

	log->view.ops = &log_ops;
	log->view.app = app;
	log->rows = 2;
	log->columns = 80;
	log->link = mem_alloc(sizeof(*log->link));
	*log->link = (struct log_view_link){ log, 1 };
	log->work = loop_timer(app_loop(app), on_work, log);
	log_pager_init(&log->pager);
	return &log->view;
}

const struct view_ops *log_view_ops(void)
{
	return &log_ops;
}
