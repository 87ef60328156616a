/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_HELP_VIEW_H
#define UI_KIT_HELP_VIEW_H

struct app;
struct view;

/* Shows the keys that work now: those of this view, of its parents, and those that work everywhere. */
void help_view_open(struct app *, const struct view *);

#endif
