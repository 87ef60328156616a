/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_SERVE_EVENTS_H
#define CORE_KEEPER_CLIENTS_SERVE_EVENTS_H

#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/clients/protocol_control.h"

#include <stddef.h>
#include <stdint.h>

/* A client with a full socket that is further behind than this is moved on, in bytes. */
#ifndef SERVE_BEHIND
#define SERVE_BEHIND (96 * 1024)
#endif

/* Requests of clients to their keeper. */
struct serve_events {
	/* Passes bytes to the guest; returns how many it accepted. serve_input_accepted when it accepts more. */
	size_t (*type)(void *data, const void *bytes, size_t len);
	/* Reply with serve_reply, now or later; an error of NULL means success. */
	void (*command)(void *data, unsigned peer, unsigned id, enum keeper_command);
	/*
	 * The same for a QMP command, or one of the guest agent, with its arguments, a JSON object or NULL; serve_result comes
	 * before the reply.
	 */
	void (*qmp)(void *data, unsigned peer, unsigned id, bool to_agent, const char *command, const char *arguments);
	/* A client has changed the running VM: record it. key: "section.key". */
	void (*setting)(void *data, unsigned peer, unsigned id, const char *key, enum setting_action, const char *value);
	/* Writes what is buffered of console.log, and returns its size; -1 if it is not complete. */
	int64_t (*log_size)(void *data);
	void (*consoles)(void *data);	/* the attached consoles, or the size of one, changed */
	void (*first_gone)(void *data);	/* the client that was added first has disconnected; may be NULL */
};

#endif
