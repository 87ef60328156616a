/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_KEEPER_STATE_H
#define CORE_KEEPER_CLIENTS_KEEPER_STATE_H

#include "core/vm/lifecycle.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* What a keeper tells of its VM, and what it can be asked to do: the same on both ends of the protocol. */
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

enum keeper_command {
	KEEPER_POWERDOWN,	/* ACPI power button; phase becomes stopping */
	KEEPER_RESET,
	KEEPER_QUIT,		/* QEMU's quit: flushes disks, asks the guest nothing */
	KEEPER_KILL,		/* SIGKILL */
	KEEPER_PAUSE,
	KEEPER_RESUME
};

/* "powerdown" etc., as in the protocol and in last-run.ini. */
const char *keeper_command_name(enum keeper_command);

#endif
