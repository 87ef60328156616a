/* SPDX-License-Identifier: MIT */
#ifndef UI_START_H
#define UI_START_H

#include "ui/kit/ask.h"
#include "ui/model/item.h"

struct app;
struct error;

/*
 * Starts an item. If there are problems (core/machines/start.h), nothing is
 * started and all of them are shown at once.
 */

/*
 * Returns false if it was not started; the screen shows why, or asks. chosen: called with the user's answer whether an
 * item without a profile starts with its last options; it must pass data and answer to start_chosen.
 */
bool start_item(struct app *, enum item_kind, const char *name, ask_fn *chosen);
/* Starts the item again after it has ended, without a question: without a profile, with the options of its last start. */
void start_again(struct app *, enum item_kind, const char *name);
/* Returns false, after showing why, if an item that is running could not be started with its settings as they are. */
bool start_possible(struct app *, enum item_kind, const char *name);
/*
 * For several at once: as start_again and start_possible, but nothing is shown or asked. They return false with the
 * reason if it was not, or could not be, started.
 */
bool start_at_once(struct app *, enum item_kind, const char *name, struct error *);
bool start_would(struct app *, enum item_kind, const char *name, struct error *);
/* Starts the item with the chosen options; returns as start_item. */
bool start_chosen(struct app *, const void *data, const char *answer);

#endif
