/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_DETAILS_VIEW_H
#define UI_DETAILS_DETAILS_VIEW_H

#include "ui/model/item.h"

struct app;
struct view;
struct view_ops;

/* The details of one item, in tabs. Data that takes long to read is read after the cursor has been drawn. */
enum details_tab { TAB_OVERVIEW, TAB_CONSOLE, TAB_SETTINGS, TAB_COMMAND, TAB_LOG, TABS };

/* left: the user has left the console, and the list gets the keys. */
struct view *details_view_new(struct app *, void (*left)(void *data), void *data);
void details_view_show(struct view *, enum item_kind, const char *name);	/* name NULL: shows nothing */
void details_view_tab(struct view *, enum details_tab);
enum details_tab details_view_shown(const struct view *);
/* Gives the keys to the console as soon as there is one. */
void details_view_open_console(struct view *);
void details_view_close_console(struct view *);	/* the console stays open, but no longer gets the keys */
/* True if the console needs the whole screen instead of a pane of this size. */
bool details_view_zoomed(const struct view *, int pane_rows, int pane_columns);
/* The tab whose name is in this column of the frame; -1: none. */
int details_view_tab_at(const struct view *, int column);
/* True if there is a console that gets typed keys. */
bool details_view_has_console(const struct view *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *details_view_ops(void);

#endif
