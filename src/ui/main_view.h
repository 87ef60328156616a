/* SPDX-License-Identifier: MIT */
#ifndef UI_MAIN_VIEW_H
#define UI_MAIN_VIEW_H

struct app;
struct view;
struct view_ops;

/* The first screen: list and details side by side, or only the one with the keys on a narrow terminal. */
struct view *main_view_new(struct app *);
/* Makes it look as the last one when it was left (screen_state.h), which each writes when it closes. */
void main_view_restore(struct view *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *main_view_ops(void);

#endif
