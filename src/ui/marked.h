/* SPDX-License-Identifier: MIT */
#ifndef UI_MARKED_H
#define UI_MARKED_H

#include "ui/model/item.h"

struct app;

/*
 * Actions on several items at once. Each asks one question that lists them, does it for each of them that it can be done
 * for, and says for how many it was done, and for which not and why.
 */
enum marked_action { MARKED_START, MARKED_POWER, MARKED_RESTART, MARKED_RESUME, MARKED_DELETE };

/* Takes ownership of the keys, of which there is at least one. MARKED_POWER first asks what is to be done. */
void marked_act(struct app *, enum marked_action, struct item_keys);

#endif
