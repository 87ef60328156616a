/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_VIEW_H
#define UI_CONSOLE_CONSOLE_VIEW_H

#include "ui/console/console.h"

#include <stdbool.h>

struct app;
struct registry_entry;
struct view;
struct view_ops;

/*
 * A VM's console in a window: in the details pane, or zoomed on the whole screen
 * with its own bottom line. All keys go to the guest except the prefix and the
 * key after it. It can be a child of any view.
 */
struct console_owner {
	void (*leave)(void *data);	/* prefix d: the list gets the keys again; must not close the view */
	void (*power)(void *data);	/* prefix p */
	void (*resume)(void *data);	/* prefix R */
	void *data;
};

/* Connects to the keeper, or shows why that fails. */
struct view *console_view_new(struct app *, const char *name, const struct registry_entry *, const struct console_owner *);
/* True if it needs the whole screen instead of a pane of this size. Called at every layout. */
bool console_view_zoomed(const struct view *, int pane_rows, int pane_columns);
/* The view gets or loses the keys; the mouse mode and cursor shape of the user's terminal follow. */
void console_view_focus(struct view *, bool);
/* For the manual page, which is made from the key tables. */
const struct view_ops *console_view_ops(void);

#endif
