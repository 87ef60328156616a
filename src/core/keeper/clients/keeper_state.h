/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_KEEPER_STATE_H
#define CORE_KEEPER_CLIENTS_KEEPER_STATE_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct attached_screen;

/* The state that a keeper reports about its VM, and its commands, for both sides of the protocol. */
struct keeper_state {
	enum vm_phase phase;
	char uuid[37];
	const char *name;
	pid_t pid;		/* of QEMU; 0 if not started yet */
	time_t started;
	bool unresponsive;	/* asked to stop, but still running after the grace period */
	bool paused;		/* the guest is stopped (QMP status "paused") */
	const char *paused_why;	/* "No space left on device: FILE"; NULL or "" if not known or requested */
	unsigned changes;	/* how often a setting was changed while it ran; STATE/started.ini has the present ones */
	unsigned resets;	/* how often the guest was reset, by itself or by QEMU; 0 from keepers before that was counted */
	bool resetting;		/* the guest resets itself again and again */
	bool panicked;		/* the guest has panicked and was not reset since */
	bool link_down;		/* a client has set the link of the guest's network card down */
	unsigned clients;	/* number of attached consoles */
	const struct attached_screen *screens;	/* each of them (protocol.h), for clients; NULL: not known, from older keepers */
	size_t screen_count;
};

struct message;
/* Reads the frame `state`. The texts are borrowed from it. */
void keeper_state_of(const struct message *, struct keeper_state *out);

struct keeper_end {
	bool started;		/* QEMU was started */
	int status;		/* exit status, or 128 + signal */
	int signal;		/* or 0 */
	const char *reason;	/* "guest-shutdown", "host-qmp-quit", "failed" ...; never NULL */
	const char *error;	/* the error of QEMU, or why the start failed; "" if none */
	time_t ended;
};

enum keeper_command {
	KEEPER_POWERDOWN,	/* press the ACPI power button; the phase becomes stopping */
	KEEPER_RESET,
	KEEPER_QUIT,		/* QMP quit: flushes the disks, does not ask the guest */
	KEEPER_KILL,		/* SIGKILL */
	KEEPER_PAUSE,
	KEEPER_RESUME
};

/* Returns "powerdown" etc., as in the protocol and in last-run.ini. */
const char *keeper_command_name(enum keeper_command);

#endif
