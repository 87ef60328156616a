/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_PALETTE_H
#define UI_KIT_PALETTE_H

struct app;
struct view;

/*
 * Opens a list of commands: those of the view with the focus, of its parents, and those that work everywhere. Typing
 * narrows the list, Enter runs the selected row. The list is made from the key tables.
 */
void palette_open(struct app *, const struct view *);

#endif
