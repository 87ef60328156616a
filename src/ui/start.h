/* SPDX-License-Identifier: MIT */
#ifndef UI_START_H
#define UI_START_H

#include "ui/kit/ask.h"
#include "ui/model/item.h"

struct app;
struct error;
struct store;
struct vm_config;

/*
 * From an item to a running machine: its configuration, the plan, what is
 * wrong with it, the keeper. Nothing is started while anything is wrong,
 * and then everything that is wrong is shown at once.
 */

/*
 * false: said or asked on the screen already. chosen: called when somebody has answered whether what has no profile
 * starts as last time; it hands the answer to start_chosen.
 */
bool start_item(struct app *, enum item_kind, const char *name, ask_fn *chosen);
/* As start_item. */
bool start_chosen(struct app *, const char *subject, const char *answer);

/*
 * The configuration that an item starts with; an image is a quick launch, and so is the image that a state directory
 * was made for. out: initialised by this.
 */
bool start_config(struct store *, const struct item *, struct vm_config *out, struct error *);

#endif
