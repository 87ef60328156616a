/* SPDX-License-Identifier: MIT */
#ifndef UI_HARDWARE_HARDWARE_VIEW_H
#define UI_HARDWARE_HARDWARE_VIEW_H

#include "ui/model/item.h"

struct app;
struct view_ops;

/*
 * Opens the view of what QEMU has at this moment (published ports, connections, drives ...), in which it can be changed
 * while the VM runs. Says why if the item does not run under paddock.
 */
void hardware_open(struct app *, enum item_kind, const char *name);
/* For the manual page, which is made from the key tables. */
const struct view_ops *hardware_view_ops(void);

#endif
