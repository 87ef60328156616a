/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_CLIENT_H
#define CORE_KEEPER_CLIENTS_CLIENT_H

#include "core/keeper/clients/keeper_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct loop;
struct plan;
struct registry_entry;

/*
 * A screen's or a subcommand's side of the protocol (doc/protocol.md).
 * Nothing blocks; everything comes by callback from the loop. A callback
 * may close the client.
 */
struct keeper_client;

enum keeper_role {
	ROLE_CONSOLE,		/* gets history and console, may type */
	ROLE_READ_ONLY,		/* gets history and console */
	ROLE_WATCH		/* state only */
};

struct keeper_events {
	void (*console)(void *data, const void *bytes, size_t len, bool history);
	void (*history_end)(void *data);
	void (*gap)(void *data, uint64_t missed);	/* bytes skipped here; modes follow as history bytes */
	void (*step)(void *data, const char *text);	/* a step of the plan begins, or its progress */
	void (*state)(void *data, const struct keeper_state *);
	void (*answerer)(void *data, bool we);		/* whether we answer the guest's terminal queries */
	void (*notice)(void *data, const char *text);	/* one line for the user (log disk full ...) */
	void (*reply)(void *data, unsigned id, const char *error);	/* to keeper_command; NULL: done */
	void (*hungry)(void *data);	/* what waited in keeper_untyped is on its way; all of it */
	void (*ended)(void *data, const struct keeper_end *);	/* the VM has ended; nothing follows */
	void (*lost)(void *data, const char *why);	/* the connection broke or was refused; nothing follows */
};

/*
 * Start a keeper with this plan and be its first client. The keeper is
 * executed from /proc/self/exe in a session of its own; it outlives us.
 * A start that fails comes as ended with started == false.
 */
struct keeper_client *keeper_launch(struct loop *, const struct plan *, enum keeper_role,
                                    const struct keeper_events *, void *data, struct error *);
struct keeper_client *keeper_connect(struct loop *, const struct registry_entry *, enum keeper_role,
                                     const struct keeper_events *, void *data, struct error *);
void keeper_close(struct keeper_client *);	/* detach; the VM goes on. NULL is fine */

void keeper_type(struct keeper_client *, const void *bytes, size_t len);	/* a person's input: makes us the answerer */
void keeper_answer(struct keeper_client *, const void *bytes, size_t len);	/* a terminal's answer to a query */

unsigned keeper_command(struct keeper_client *, enum keeper_command);	/* id of the reply, > 0 */
/* For a keeper that we started and that does not answer: SIGKILL to itself, which ends its QEMU and helpers too. */
void keeper_kill_process(const struct keeper_client *);
/* Typed bytes that wait here because the guest does not read: whoever types from a file stops above some. */
size_t keeper_untyped(const struct keeper_client *);

#endif
