/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_LOG_VIEW_H
#define UI_DETAILS_LOG_VIEW_H

#include <stdbool.h>

struct app;
struct view;
struct view_ops;

/* The log of a VM, for the Log tab: a pager over all that is kept of each boot (log_pager.h). */
struct view *log_view_new(struct app *);
/* Shows the log in this state directory (NULL: there is none) at its end, or stays where it is if it is shown already.
 * name: of the VM; NULL: shows nothing. */
void log_view_show(struct view *, const char *name, const char *state);
/* A line above the log of the last boot, such as how it ended; NULL: none. */
void log_view_heading(struct view *, const char *text);
/* While the tab is not shown, the log is not watched. */
void log_view_watch(struct view *, bool on);
/* For the manual page, which is made from the key tables. */
const struct view_ops *log_view_ops(void);

#endif
