/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_VIEW_H
#define UI_LIST_LIST_VIEW_H

#include "ui/model/item.h"

struct app;
struct view;
struct view_ops;

/*
 * The list of machines: profiles, images, state directories. Only what is on
 * the screen is touched by a key, however long the list is. `selected` is
 * called when the cursor stands on something else than before; name is NULL
 * on a heading.
 */
typedef void list_selected_fn(void *data, enum item_kind, const char *name);
struct view *list_view_new(struct app *, list_selected_fn *, void *data);
/* What the cursor is on; NULL on a heading or in an empty list. */
const char *list_view_selection(const struct view *, enum item_kind *);
/* From now on what is typed filters, until Enter or Esc. */
void list_view_filter(struct view *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *list_view_ops(void);

#endif
