/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_STOP_WAIT_H
#define CORE_MACHINES_STOP_WAIT_H

#include "core/machines/stop_ladder.h"

#include <stddef.h>

struct error;
struct registry_entry;

/*
 * Stops several VMs at the same time, in one loop, and waits until each has ended or its ladder has no step left. Used by
 * `stop`, `kill` and `restart`.
 */
struct stop_target {
	const char *name;			/* for messages */
	const struct registry_entry *entry;	/* NULL: not registered, but its state directory is in use */
	const char *state;			/* "": not known, as of a damaged registry entry */
	const struct error *held;		/* without an entry: who uses the directory */
};

struct stop_wait {
	struct stop_ladder ladder;		/* not begun: its times, and whether it is forced */
	enum stop_step first;
	void (*say)(const char *line);		/* which step was taken, and how long it is waited for; NULL: nobody listens */
	/* Called once for each VM, in the order in which they end. It may block. why: NULL if the VM is off. */
	void (*ended)(void *data, size_t target, const char *why);
	void *data;
};

void stop_and_wait(const struct stop_target *, size_t count, const struct stop_wait *);

#endif
