/* SPDX-License-Identifier: MIT */
#ifndef UI_LIST_LIST_VIEW_H
#define UI_LIST_LIST_VIEW_H

#include "ui/model/item.h"

struct app;
struct screen_state;
struct view;
struct view_ops;

/*
 * The list of machines: profiles, images, state directories. The cost of a key
 * depends only on the rows on the screen, not on the length of the list.
 * `selected` is called when the selection has changed; name is NULL on a
 * heading.
 */
typedef void list_selected_fn(void *data, enum item_kind, const char *name);
struct view *list_view_new(struct app *, list_selected_fn *, void *data);
/* The name of the selected item; NULL on a heading or in an empty list. */
const char *list_view_selection(const struct view *, enum item_kind *);
/* The marked items, also those that the list does not show now. The caller finishes it. */
struct item_keys list_view_marked(const struct view *);
/* Order, folds and selection of the last screen, which is selected when it has been found, unless the user has moved. */
void list_view_restore(struct view *, const struct screen_state *);
void list_view_remember(const struct view *, struct screen_state *);
/* Begins to type the filter, until Enter or Esc. */
void list_view_filter(struct view *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *list_view_ops(void);

#endif
