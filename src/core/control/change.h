/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_CHANGE_H
#define CORE_CONTROL_CHANGE_H

#include "core/control/control.h"
#include "core/keeper/clients/protocol_control.h"

#include <stdbool.h>

/* The one table of settings that QEMU can change while it runs, each with the functions of this folder that do it. */

/* Returns true if this value of a setting can be added to a VM that runs with these settings, or removed from it. */
bool control_can_change(const struct vm_config *running, enum vm_setting, const char *value);
/* Begins that change. action: SETTING_ADD or SETTING_REMOVE; the value as in a profile. */
struct control_job *control_change(const struct control_vm *, enum vm_setting, enum setting_action, const char *value,
                                   control_done_fn *, void *data, struct error *);

#endif
