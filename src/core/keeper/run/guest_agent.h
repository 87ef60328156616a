/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_GUEST_AGENT_H
#define CORE_KEEPER_RUN_GUEST_AGENT_H

#include "core/qemu/qmp/qmp.h"

/*
 * A client of the guest agent, qemu-ga (docs/interop/qemu-ga.rst of QEMU): JSON, one line a message. What comes back
 * is written by the guest and can be anything, late, or endless. So each command follows a guest-sync-delimited with
 * a random number, everything before the answer to that is skipped, and all of it is bounded. One command at a time;
 * others wait. Between commands the socket is not read, so that a guest that writes costs nothing. Never blocks.
 */
struct guest_agent;

struct guest_agent *guest_agent_new(struct loop *, int fd);	/* takes ownership of fd, a socket in non-blocking mode */
void guest_agent_free(struct guest_agent *);			/* accepts NULL; replies are then not called */

/* For tests: other limits, in ms, than ten seconds for an answer and two for a failure of a command that else has none. */
void guest_agent_timeouts(struct guest_agent *, unsigned answer_ms, unsigned silent_ms);

/* QEMU reports whether a program in the guest has the port open; at first none has. */
void guest_agent_opened(struct guest_agent *, bool open);
bool guest_agent_is_open(const struct guest_agent *);

/* An error begins so if the agent itself reports it: other commands may succeed. */
#define GUEST_AGENT_REPORTS "the guest agent reports: "

/*
 * Executes a command: a name of letters, digits, '-' and '_', and a JSON object as text on one line, or NULL. Calls back
 * once, as qmp_execute does: at once if no program has the port open or too many commands wait; with an error if there
 * is no good answer within ten seconds. The result is valid JSON of at most 64 KiB, its content is the guest's; an
 * error is text for a user, in which a guest's words have no control characters. Commands that only answer when they
 * fail (guest-shutdown, guest-suspend-*) have the result {} if they have not failed within two seconds.
 */
void guest_agent_execute(struct guest_agent *, const char *command, const char *arguments, qmp_reply_fn *, void *data);

#endif
