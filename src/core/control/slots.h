/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_SLOTS_H
#define CORE_CONTROL_SLOTS_H

#include "core/control/job.h"

/* The PCI Express ports that a profile's VM has for devices which are added while it runs (plan/devices/live.c). */
enum slots_outcome {
	SLOT_FREE,
	SLOTS_FULL,
	SLOTS_NONE		/* it has no such ports: QEMU chooses a bus, which may not take devices while it runs */
};

/* slot: id of a free port, to be used as bus; NULL unless SLOT_FREE. */
typedef void control_slot_fn(struct control_job *, enum slots_outcome, const char *slot);
/* Asks QEMU for a free one, for the jobs of this folder. */
void control_find_slot(struct control_job *, control_slot_fn *);
/* Parses QEMU's answer to qom-list about the bus of a port. */
bool slot_is_free(const char *json);

#endif
