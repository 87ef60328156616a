/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_CLIENT_H
#define CORE_KEEPER_CLIENTS_CLIENT_H

#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/clients/protocol_control.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct loop;
struct plan;
struct registry_entry;

/*
 * The client side of the protocol (doc/protocol.md), for the screen and the
 * subcommands. Never blocks; everything is reported through callbacks from
 * the loop. A callback may close the client.
 */
struct keeper_client;

enum keeper_role {
	ROLE_CONSOLE,		/* receives history and console, may type */
	ROLE_READ_ONLY,		/* receives history and console */
	ROLE_WATCH		/* receives only the state */
};

struct keeper_events {
	void (*console)(void *data, const void *bytes, size_t len, bool history);
	/*
	 * The screen follows, as history bytes for a terminal of this size in its initial state, up to history_end. log: how
	 * many bytes of console.log led to it, or -1. Also sent after a gap. Keepers of protocol 1 send no screens.
	 */
	void (*screen)(void *data, int rows, int columns, int64_t log);
	void (*history_end)(void *data);
	void (*gap)(void *data, uint64_t missed);	/* number of bytes skipped here; a screen follows, or modes as history bytes */
	void (*step)(void *data, const char *text);	/* a step of the plan begins, or makes progress */
	void (*state)(void *data, const struct keeper_state *);
	void (*answerer)(void *data, bool we);		/* by keepers of protocol 1; true: this client must answer terminal queries */
	void (*notice)(void *data, const char *text);	/* one line for the user, such as "cannot write the console log: ..." */
	void (*reply)(void *data, unsigned id, const char *error);	/* to keeper_command; error is NULL if it succeeded */
	/* An event of QEMU, with its data as a JSON object ("" if none); only after the first keeper_qmp. */
	void (*event)(void *data, const char *name, const char *detail);
	void (*writable)(void *data);	/* all bytes counted by keeper_untyped have been sent */
	void (*ended)(void *data, const struct keeper_end *);	/* the VM has ended; nothing follows */
	void (*lost)(void *data, const char *why);	/* the connection was lost or refused; nothing follows */
};

/* What a client tells its keeper about itself. */
struct keeper_join {
	enum keeper_role role;
	int rows, columns;	/* of its terminal; 0: none, or unknown */
	bool raw;		/* for a pipe: send the history as it came, not the screen */
};

extern const struct keeper_join keeper_watch;	/* ROLE_WATCH */

/*
 * Starts a keeper with this plan and becomes its first client. The keeper is
 * executed from /proc/self/exe in its own session and outlives this process.
 * If the start fails, `ended` is called with started == false.
 */
struct keeper_client *keeper_launch(struct loop *, const struct plan *, const struct keeper_join *,
                                    const struct keeper_events *, void *data, struct error *);
struct keeper_client *keeper_connect(struct loop *, const struct registry_entry *, const struct keeper_join *,
                                     const struct keeper_events *, void *data, struct error *);
void keeper_close(struct keeper_client *);	/* detaches; the VM keeps running, open requests fail. Accepts NULL */

void keeper_type(struct keeper_client *, const void *bytes, size_t len);	/* input of a user */
void keeper_answer(struct keeper_client *, const void *bytes, size_t len);	/* the answer of a terminal to a query, for keepers of protocol 1 */
void keeper_resize(struct keeper_client *, int rows, int columns);	/* its terminal has another size */

unsigned keeper_command(struct keeper_client *, enum keeper_command);	/* returns the id of the reply, above 0 */

/*
 * Called once for each request, from the loop. If the connection is lost or closed, or the VM ends, all open requests
 * fail. result: what QEMU returned, as JSON text; error: QEMU's words, or why it was not asked. One of the two is NULL;
 * both are NULL if a setting was changed. It may close the client. Without an answer within KEEPER_ANSWER_MS, the error
 * is keeper_unanswered; it is then not known whether it was done.
 */
typedef void keeper_result_fn(void *data, const char *result, const char *error);
#define KEEPER_ANSWER_MS 20000
extern const char keeper_unanswered[];
/* Sets how long the answers to later requests may take. */
void keeper_answer_within(struct keeper_client *, uint64_t ms);
/* Executes a QMP command. arguments: a JSON object as text, or NULL. Keepers of protocol 1 and 2 cannot. */
void keeper_qmp(struct keeper_client *, const char *command, const char *arguments, keeper_result_fn *, void *data);
/*
 * The same for a command of the guest agent. The result is the guest's, of at most 64 KiB: nothing in it can be trusted.
 * A guest without an agent is an error at once, one that does not answer after ten seconds.
 */
void keeper_agent(struct keeper_client *, const char *command, const char *arguments, keeper_result_fn *, void *data);
/* Returns true for the event that is waited for. It does not use the client. */
typedef bool keeper_accept_fn(void *data, const char *name, const char *detail);
/*
 * Waits for an event of QEMU, at most `ms`, and calls back once as a request does: with the event's data, or with an
 * error, which is keeper_late if it has not come. accepts NULL: waits for the time alone. QEMU's events come after the
 * first keeper_qmp. Returns an id for keeper_unawait.
 */
unsigned keeper_await(struct keeper_client *, uint64_t ms, keeper_accept_fn *accepts, keeper_result_fn *, void *data);
extern const char keeper_late[];
/* Ends a wait without calling back. An id whose wait is over is ignored. */
void keeper_unawait(struct keeper_client *, unsigned id);
/* Returns true if the link of the guest's network card was set down; false also before the first state has arrived. */
bool keeper_link_down(const struct keeper_client *);
/* Records that a setting of the running VM was changed: in STATE/started.ini, for all who show what runs. */
void keeper_setting(struct keeper_client *, const char *key, enum setting_action, const char *value, keeper_result_fn *, void *data);
struct loop *keeper_loop(const struct keeper_client *);	/* that calls back */
/* Kills a keeper that this process started and that does not answer; this ends its QEMU and helpers too. */
void keeper_kill_process(const struct keeper_client *);
/* Returns the number of typed bytes that wait here because the guest does not read them. Callers that type from a file
 * should pause when it grows. */
size_t keeper_untyped(const struct keeper_client *);

#endif
