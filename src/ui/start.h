/* SPDX-License-Identifier: MIT */
#ifndef UI_START_H
#define UI_START_H

#include "ui/item.h"

struct app;
struct error;
struct store;
struct vm_config;

/*
 * From an item to a running machine: its configuration, the plan, what is
 * wrong with it, the keeper. Nothing is started while anything is wrong,
 * and then everything that is wrong is shown at once.
 */

/* false: said on the screen already. */
bool start_item(struct app *, enum item_kind, const char *name);

/* The configuration that an item starts with; an image is a quick launch. out: initialised by this. */
bool start_config(struct store *, const struct item *, struct vm_config *out, struct error *);

#endif
