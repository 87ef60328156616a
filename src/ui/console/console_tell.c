/* SPDX-License-Identifier: MIT */
#include "ui/console/console_view_impl.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/strv.h"
#include "core/terminal/terminal.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A guest on a serial line does not learn the size of its terminal. A key types
 * the command that says it, and after a resize the bottom line offers that key:
 * always for machines whose user has used it, otherwise once. Their names are
 * kept in $XDG_STATE_HOME/paddock/console.ini. Nothing is typed unasked.
 */
#define KEY "tells-size"
#define NARROW 72	/* columns that the whole offer needs */
#define NAMES 500	/* most that are kept */

static bool read_names(const struct record_io *io, const char *path, struct strv *names)
{
	struct strv keys = { 0 }, values = { 0 };
	struct error err;
	bool good;

	good = io->read(path, &keys, &values, &err);
	for (size_t i = 0; good && i < keys.count; i++) {
		if (strcmp(keys.items[i], KEY) == 0)
			strv_add(names, values.items[i]);
	}
	strv_finish(&keys);
	strv_finish(&values);
	return good;
}

void tell_init(struct console_view *pane)
{
	char *path = path_state("console.ini");
	struct strv names = { 0 };

	if (path && read_names(session_records(pane->view.app), path, &names))
		pane->told.used = strv_has(&names, console_name(pane->console));
	strv_finish(&names);
	free(path);
}

/* Names that were used before come first; the oldest go where there are too many. */
static void remember(struct console_view *pane)
{
	const struct record_io *io = session_records(pane->view.app);
	char *path = path_state("console.ini");
	struct strv names = { 0 }, keys = { 0 };
	struct error err;

	pane->told.used = true;
	if (path) {
		read_names(io, path, &names);
		strv_add(&names, console_name(pane->console));
		while (names.count > NAMES)
			strv_remove(&names, 0);
		for (size_t i = 0; i < names.count; i++)
			strv_add(&keys, KEY);
		/* If it cannot be kept, it is offered once again. */
		io->write(path, "console", &keys, &names, &err);
	}
	strv_finish(&names);
	strv_finish(&keys);
	free(path);
}

unsigned tell_size(struct view *view, int arg)
{
	struct console_view *pane = (struct console_view *)view;
	const struct terminal *term = console_screen(pane->console);
	char command[64];

	(void)arg;
	if (console_over(pane->console) || terminal_alternate(term)) {
		console_say(pane, console_over(pane->console) ? "it has ended" : "a full-screen program runs there; stty is for a shell");
		return UI_REDRAW;
	}
	snprintf(command, sizeof(command), "stty rows %d cols %d\r", terminal_rows(term), terminal_columns(term));
	for (const char *at = command; *at; at++)
		console_type(pane->console, &(struct key){ .code = (wint_t)*at });
	if (!pane->told.used)
		remember(pane);
	return UI_NOTHING;
}

void tell_offer(struct console_view *pane)
{
	const struct terminal *term = console_screen(pane->console);
	struct told_size *told = &pane->told;
	int rows = terminal_rows(term), columns = terminal_columns(term);
	bool resized = told->rows > 0 && (rows != told->rows || columns != told->columns);

	told->rows = rows;
	told->columns = columns;
	if (!resized || console_over(pane->console) || (told->offered && !told->used))
		return;
	told->offered = true;
	if (pane->columns < NARROW)
		console_say(pane, "%s = sends the size", pane->prefix_name);
	else
		console_say(pane, "%s = tells the guest its size, %d rows of %d columns", pane->prefix_name, rows, columns);
}
