/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_H
#define UI_FORM_FORM_H

#include "ui/model/item.h"

struct app;

/*
 * The forms over a VM's settings. Each opens a view on the stack; what is
 * wrong with opening it is said on the screen.
 */
void form_open_edit(struct app *, const char *profile);
/* from: the image or state directory to begin with; of a profile, or where it is NULL, nothing is taken. */
void form_open_new(struct app *, enum item_kind, const char *from);

#endif
