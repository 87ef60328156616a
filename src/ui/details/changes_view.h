/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_CHANGES_VIEW_H
#define UI_DETAILS_CHANGES_VIEW_H

#include "ui/model/item.h"

struct app;
struct view_ops;

/* A page over the whole screen: what runs, and next to it what its profile changes at the next start. Follows both. */

/* Says why if there is nothing to show. */
void changes_open(struct app *, enum item_kind, const char *name);
/* For the manual page, which is made from the key tables. */
const struct view_ops *changes_view_ops(void);

#endif
