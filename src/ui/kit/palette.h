/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_PALETTE_H
#define UI_KIT_PALETTE_H

struct app;
struct view;

/*
 * The commands of where the focus is, of the views around it and those that work everywhere, by name: what is typed
 * narrows the list, Enter runs the row. Made from the key tables.
 */
void palette_open(struct app *, const struct view *);

#endif
