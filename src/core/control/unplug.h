/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_UNPLUG_H
#define CORE_CONTROL_UNPLUG_H

#include "core/control/job.h"

/* error: NULL when the device is gone. */
typedef void control_unplugged_fn(struct control_job *, const char *error);

/*
 * Removes a device of a running VM, for the jobs of this folder. QEMU asks the guest to give it up and reports when it has; a
 * guest that refuses, or takes longer than guest_ms, is an error. device: its id or its QOM path.
 */
void control_unplug(struct control_job *, const char *device, control_unplugged_fn *);

#endif
