/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_HELP_VIEW_H
#define UI_KIT_HELP_VIEW_H

struct app;
struct view;

/* The keys that work where the focus is: of this view, those around it, and everywhere. */
void help_view_open(struct app *, const struct view *);

#endif
