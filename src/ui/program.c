/* SPDX-License-Identifier: MIT */
#include "ui/program.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/vm/store.h"
#include "ui/job_watch.h"
#include "ui/kit/app.h"
#include "ui/kit/help_view.h"
#include "ui/kit/palette.h"
#include "ui/kit/screen.h"
#include "ui/kit/settings.h"
#include "ui/kit/view.h"
#include "ui/main_view.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/session.h"
#include "ui/start.h"
#include "ui/undo.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIGURES_FROM	70	/* columns from which the title has the sums of what runs */
#define EXPIRE_FILES	32	/* removed in a slice */
#define EXPIRE_MS	50	/* between slices */
#define DAY		(24 * 60 * 60)
#define BLANK_MS	30000	/* even slow firmware or a boot menu has written something by then */

struct program {
	struct session session;		/* must be first: app_data returns it */
	struct app *app;
	const char *warning;
	struct loop_timer *expiry;	/* the next slice of the trash that is removed */
};

/* Keys. */

static unsigned open_help(struct view *view, int arg)
{
	(void)arg;
	help_view_open(view->app, view);
	return UI_NOTHING;
}

/* Not over a question: its first command would be "yes", but Enter must mean no. */
static unsigned open_commands(struct view *view, int arg)
{
	(void)arg;
	if (!app_top(view->app)->ops->dialog)
		palette_open(view->app, view);
	return UI_NOTHING;
}

static unsigned redraw_all(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	clearok(curscr, TRUE);
	return UI_LAYOUT;
}

static unsigned suspend(struct view *view, int arg)
{
	(void)view;
	(void)arg;
	screen_suspend();
	return UI_LAYOUT;
}

static unsigned explain_interrupt(struct view *view, int arg)
{
	(void)arg;
	app_say(view->app, "q quits; VMs keep running");
	return UI_NOTHING;
}

static const struct keybinding everywhere[] = {
	{ "? F1", open_help, 0, "Show the keys", "help" },
	{ ": A-x", open_commands, 0, "Run a command by its name", "commands" },
	{ "C-l", redraw_all, 0, "Redraw the screen", NULL },
	{ "C-z", suspend, 0, "Suspend paddock, back to the shell", NULL },
	{ "C-c", explain_interrupt, 0, NULL, NULL },
	{ NULL, NULL, 0, NULL, NULL }
};

const struct keybinding *program_keys(void)
{
	return everywhere;
}

/* Callbacks of the model and the app. */

static void on_changed(void *data)
{
	app_notice(((struct program *)data)->app);
}

static void on_said(void *data, const char *text)
{
	app_say(((struct program *)data)->app, "%s", text);
}

static void on_restart(void *data, enum item_kind kind, const char *name)
{
	start_again(((struct program *)data)->app, kind, name);
}

static void title(void *data, char *buf, size_t size)
{
	struct session *session = data;
	struct usage_sums sums;
	char used[32], all[32], job[100];
	size_t len;

	model_summary(session->model, buf, size);
	job_watch_title(session->jobs, job, sizeof(job));
	len = strlen(buf);
	if (*job)
		snprintf(buf + len, size - len, "   %s", job);
	if (COLS < FIGURES_FROM || !model_usage_sums(session->model, &sums))
		return;
	len = strlen(buf);
	if (sums.cpu >= 0)
		len += (size_t)snprintf(buf + len, size - len, "   cpu %.0f%%", sums.cpu);
	snprintf(buf + len, size - len, "   mem %s%s%s", format_size_narrow(sums.resident, used, sizeof(used)),
	         sums.host_memory > 0 ? " of " : "",
	         sums.host_memory > 0 ? format_size_narrow(sums.host_memory, all, sizeof(all)) : "");
}

/* Removes a slice of what has been in the trash for longer than the settings say. */
static void expire(void *data)
{
	struct program *program = data;
	struct store *store = program->session.store;
	time_t before = time(NULL) - (time_t)settings_trash_days(store) * DAY;
	bool more;

	store->expire(store, before, EXPIRE_FILES, &more);
	if (more)
		loop_timer_arm(program->expiry, EXPIRE_MS);
}

static void begin(struct app *app)
{
	struct program *program = app_data(app);

	screen_mouse_wanted(settings_mouse(program->session.store));
	model_begin(program->session.model);
	if (settings_trash_days(program->session.store) > 0)
		loop_timer_arm(program->expiry, EXPIRE_MS);
	if (screen_fallback() != NULL)
		app_say(app, "no terminfo entry for \"%s\"; using %s%s%s", getenv("TERM"), screen_fallback(),
		        program->warning != NULL ? "; " : "", program->warning != NULL ? program->warning : "");
	else if (program->warning != NULL)
		app_say(app, "%s", program->warning);
}

struct app *program_open(const struct program_options *options, struct loop *loop, bool utf8)
{
	static const struct app_program app_program = { .keys = everywhere, .title = title, .begin = begin };
	static const struct model_events events = { .changed = on_changed, .said = on_said, .restart = on_restart };
	struct program *program = mem_alloc(sizeof(*program));
	struct session *session = &program->session;

	session->store = options->store;
	session->records = options->records;
	session->root = options->root != NULL ? options->root : "";
	session->blank_ms = options->blank_ms != 0 ? options->blank_ms : BLANK_MS;
	session->jobs = job_watch_new();
	session->model = model_new(loop, options->store, options->records, &events, program);
	session->undo = undo_new();
	if (settings_usage(options->store))
		model_usage_allow(session->model, session->root);
	program->warning = options->warning;
	program->expiry = loop_timer(loop, expire, program);
	program->app = app_new(loop, utf8, &app_program, program);
	app_push(program->app, main_view_new(program->app));
	main_view_restore(app_top(program->app));
	return program->app;
}

void program_close(struct app *app)
{
	struct program *program = app_data(app);

	/* Close the views first, because they use the model when they close. */
	app_free(app);
	job_watch_free(program->session.jobs);
	model_free(program->session.model);
	loop_timer_free(program->expiry);
	undo_free(program->session.undo);
	free(program);
}

int program_run(const struct program_options *options)
{
	struct error err;
	struct loop *loop = loop_new();
	size_t running = 0;
	int status = -1;

	screen_attributes(settings_attributes(options->store));
	screen_links(settings_links(options->store));
	if (screen_open(&err)) {
		struct app *app = program_open(options, loop, screen_utf8());

		status = app_run(app, &err);
		running = model_running(session_model(app));
		program_close(app);
		screen_close();
	}
	loop_free(loop);
	if (status < 0) {
		fprintf(stderr, "paddock: %s\n", err.text);
		return 1;
	}
	if (running > 0)
		printf("paddock: %zu VM%s running; run paddock to see %s again\n", running,
		       running == 1 ? " keeps" : "s keep", running == 1 ? "it" : "them");
	return status;
}
