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
 * A VM's console in a window: in the details pane, or over the whole screen
 * (zoomed) where it draws its own bottom line. All keys go to the guest but the prefix and
 * the one behind it. It can be a child of any view.
 */
struct console_owner {
	void (*leave)(void *data);	/* prefix d: the keys belong to the list again; must not close the view */
	void (*power)(void *data);	/* prefix p */
	void *data;
};

/* Connects; where that fails it shows why. */
struct view *console_view_new(struct app *, const char *name, const struct registry_entry *, const struct console_owner *);
/* Whether it wants the whole screen, given the pane it would have else. Asked on every layout. */
bool console_view_zoomed(const struct view *, int pane_rows, int pane_columns);
/* It gets the keys (again), or loses them: mouse and cursor shape of the terminal outside follow. */
void console_view_focus(struct view *, bool);
/* For the manual page, which is made from the key tables. */
const struct view_ops *console_view_ops(void);

#endif
