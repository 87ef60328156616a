/* SPDX-License-Identifier: MIT */
#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H

#include "ui/model/item.h"

struct app;
struct error;

/*
 * Actions on an item other than starting and viewing it. Each asks first if data
 * would be lost, reports what it did, and does nothing if the item no longer
 * exists.
 */
void action_rename(struct app *, enum item_kind, const char *name);
void action_clone(struct app *, enum item_kind, const char *name);
/* Opens the profile's file in the user's editor, even if it cannot be read. */
void action_edit_file(struct app *, enum item_kind, const char *name);
void action_reset_uefi(struct app *, enum item_kind, const char *name);
/* Changes what runs to what its profile says by now, as far as that is possible (model_apply). */
void action_apply(struct app *, enum item_kind, const char *name);
/* Checks the name of a new VM: it must be valid and not taken. An ask_check_fn for ask_text. */
bool action_name_check(struct app *, const void *data, const char *name, struct error *);

#endif
