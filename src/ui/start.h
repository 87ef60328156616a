/* SPDX-License-Identifier: MIT */
#ifndef UI_START_H
#define UI_START_H

#include "ui/kit/ask.h"
#include "ui/model/item.h"

struct app;

/*
 * From an item to a running machine. Nothing is started while anything is
 * wrong (core/machines/start.h), and then everything that is wrong is shown
 * at once.
 */

/*
 * false: said or asked on the screen already. chosen: called when somebody has answered whether what has no profile
 * starts as last time; it hands the answer to start_chosen.
 */
bool start_item(struct app *, enum item_kind, const char *name, ask_fn *chosen);
/* As start_item. */
bool start_chosen(struct app *, const char *subject, const char *answer);

#endif
