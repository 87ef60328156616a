/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_DETAILS_VIEW_H
#define UI_DETAILS_DETAILS_VIEW_H

#include "ui/model/item.h"

struct app;
struct view;
struct view_ops;

/* All about one item, in tabs. What costs more than a look is read after the cursor was drawn. */
enum details_tab { TAB_OVERVIEW, TAB_CONSOLE, TAB_SETTINGS, TAB_COMMAND, TAB_LOG, TABS };

/* left: the console gave the keys back, they belong to the list. */
struct view *details_view_new(struct app *, void (*left)(void *data), void *data);
void details_view_show(struct view *, enum item_kind, const char *name);	/* name NULL: nothing */
void details_view_tab(struct view *, enum details_tab);
/* The console gets the keys, as soon as there is one. */
void details_view_open_console(struct view *);
void details_view_close_console(struct view *);	/* it stays, but the keys are not its any more */
/* Whether the console wants the whole screen rather than a pane of this size. */
bool details_view_zoomed(const struct view *, int pane_rows, int pane_columns);
/* The tab whose name stands in this column of the frame; -1: none. */
int details_view_tab_at(const struct view *, int column);
/* Whether a console is there to be typed into. */
bool details_view_has_console(const struct view *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *details_view_ops(void);

#endif
