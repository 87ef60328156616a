/* SPDX-License-Identifier: MIT */
#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H

#include "ui/model/item.h"

struct app;
struct error;

/*
 * What can be done with an item beside starting it and looking at it. Each
 * asks where something would be lost, says what it did, and does nothing with an
 * item that is gone meanwhile.
 */
void action_power(struct app *, enum item_kind, const char *name);
void action_delete(struct app *, enum item_kind, const char *name);
void action_rename(struct app *, enum item_kind, const char *name);
void action_clone(struct app *, enum item_kind, const char *name);
/* Its file in the user's editor, broken or not. */
void action_edit_file(struct app *, enum item_kind, const char *name);
void action_reset_uefi(struct app *, enum item_kind, const char *name);
/* Of a new VM: it can be a name, and no other VM has it. For ask_text, which it suits. */
bool action_name_check(struct app *, const char *subject, const char *name, struct error *);

#endif
