/* SPDX-License-Identifier: MIT */
#ifndef UI_DELETE_H
#define UI_DELETE_H

#include "ui/model/item.h"

struct app;
struct error;

/* Asks what of a profile, or of a state directory without one, is to be moved to the trash, and does it. Nothing that runs. */
void delete_item(struct app *, enum item_kind, const char *name);
/* Moves a profile without its state directory, or a state directory, to the trash, without a question. Returns false with the reason. */
bool delete_at_once(struct app *, enum item_kind, const char *name, struct error *);

#endif
