/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_H
#define UI_FORM_FORM_H

#include "ui/model/item.h"

struct app;

/*
 * Forms for a VM's settings. Each function opens a view on the stack, or shows
 * on the screen why it cannot.
 */
void form_open_edit(struct app *, const char *profile);
/* from: an image or state directory whose settings are taken over; a profile or NULL is ignored. */
void form_open_new(struct app *, enum item_kind, const char *from);

#endif
