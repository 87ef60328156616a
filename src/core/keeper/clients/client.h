/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_CLIENT_H
#define CORE_KEEPER_CLIENTS_CLIENT_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

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

struct keeper_state {
	enum vm_phase phase;
	char uuid[37];
	const char *name;
	pid_t pid;		/* QEMU's, 0: none yet */
	time_t started;
	bool unresponsive;	/* asked to stop, did not within the grace */
	bool paused;		/* guest stopped (QMP status paused) */
	const char *paused_why;	/* "No space left on device: FILE"; NULL or "": nobody knows, or somebody asked */
	unsigned clients;	/* consoles attached */
};

struct keeper_end {
	bool started;		/* QEMU ran at all */
	int status;		/* exit status, or 128 + signal */
	int signal;		/* 0: none */
	const char *reason;	/* "guest-shutdown", "host-qmp-quit", "failed" ...; never NULL */
	const char *error;	/* QEMU's last words or why the start failed; "" if none */
	time_t ended;
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
void keeper_pause(struct keeper_client *, bool);	/* do not read the console for now; we will be told what we missed */

enum keeper_command {
	KEEPER_POWERDOWN,	/* ACPI power button; phase becomes stopping */
	KEEPER_RESET,
	KEEPER_QUIT,		/* QEMU's quit: flushes disks, asks the guest nothing */
	KEEPER_KILL,		/* SIGKILL */
	KEEPER_PAUSE,
	KEEPER_RESUME
};
unsigned keeper_command(struct keeper_client *, enum keeper_command);	/* id of the reply, > 0 */
/* For a keeper that we started and that does not answer: SIGKILL to itself, which ends its QEMU and helpers too. */
void keeper_kill_process(const struct keeper_client *);
/* Typed bytes that wait here because the guest does not read: whoever types from a file stops above some. */
size_t keeper_untyped(const struct keeper_client *);
/* "powerdown" etc., as in the protocol and in last-run.ini. */
const char *keeper_command_name(enum keeper_command);

#endif
