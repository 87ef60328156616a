/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_SERVE_EVENTS_H
#define CORE_KEEPER_CLIENTS_SERVE_EVENTS_H

#include "core/keeper/clients/keeper_state.h"

#include <stddef.h>

/* Behind by more than this with a full socket: moved on. */
#ifndef SERVE_BEHIND
#define SERVE_BEHIND (256 * 1024)
#endif

/* What a keeper's clients want of it. */
struct serve_events {
	/* Give bytes to the guest; returns how many it took. serve_hungry when it takes more. */
	size_t (*type)(void *data, const void *bytes, size_t len);
	/* The reply goes by serve_reply, now or later; NULL as its error means done. */
	void (*command)(void *data, unsigned peer, unsigned id, enum keeper_command);
	void (*consoles)(void *data);	/* the number of attached consoles changed */
	void (*first_gone)(void *data);	/* the client that was added first has gone; may be NULL */
};

#endif
