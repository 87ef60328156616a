/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_MEMORY_H
#define CORE_CONTROL_MEMORY_H

#include "core/control/control.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * The memory of a running VM, which its balloon takes from the guest and gives back (virtio-balloon). The guest needs
 * the driver virtio_balloon, and may ignore what it is asked for.
 */

#define MEMORY_UNKNOWN UINT64_MAX
#define MEMORY_LEAST_MIB 64	/* what a guest is left with, or all that it started with if that is less */

struct memory_state {
	uint64_t started;	/* bytes that the VM was started with */
	bool balloon;		/* it has one */
	uint64_t given;		/* bytes that the guest has at present; all if there is no balloon */
	time_t updated;		/* when the guest reported what follows; 0: never, so it has no driver, or is only booting */
	uint64_t total, available, free, caches;	/* bytes, as the guest says, or MEMORY_UNKNOWN */
};

/* state: valid during the call; NULL, with err, on failure. */
typedef void control_memory_fn(void *data, const struct memory_state *state, const struct error *err);
/*
 * Asks for the memory. The guest is asked to report every few seconds from now on, which costs it next to nothing; one that
 * has not done so before is waited for at most two seconds.
 */
struct control_job *control_memory_query(const struct control_vm *, control_memory_fn *, void *data);

/*
 * Leaves the guest this many MiB. Done when it has given up or taken back all of the difference; what it has not done when
 * guest_ms pass without any progress is an error, which says how much memory it has. It may go on then.
 */
struct control_job *control_memory_set(const struct control_vm *, uint64_t mib, control_done_fn *, void *data);

/* Reads the result of qom-get for guest-stats into the members behind `updated`, and that. Returns false if it is none. */
bool memory_stats_read(const char *json, struct memory_state *out);

#endif
