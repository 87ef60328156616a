/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QEMU_PROCESS_H
#define CORE_KEEPER_RUN_QEMU_PROCESS_H

#include "core/qemu/qmp/qmp.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;
struct loop;
struct plan;

/*
 * A running QEMU: the process, its pty, its stderr and its monitor. Both
 * outputs are always drained. Lines on stderr also appear in the console
 * bytes, each as a marked line. No decisions are made here.
 */
struct machine;

struct machine_events {
	void (*console)(void *data, const void *bytes, size_t len);
	unsigned (*drained)(void *data);	/* no more output for now; returns for how many ms not to read the console */
	void (*hungry)(void *data);	/* after a short machine_type: the guest reads again */
	void (*ready)(void *data);	/* QMP answers */
	void (*event)(void *data, const char *name, const char *detail);	/* as in qmp.h */
	void (*deaf)(void *data, const char *why);	/* QMP is lost, although QEMU is still running */
	void (*ended)(void *data, int status);	/* status as of waitpid, after all output; nothing follows */
};

/* Starts QEMU with the program and argv of the plan. It inherits lock_fd as PLAN_LOCK_FD. */
struct machine *machine_start(struct loop *, const struct plan *, int lock_fd, const struct machine_events *,
                              void *data, struct error *);
void machine_free(struct machine *);	/* only after its end; accepts NULL */

pid_t machine_pid(const struct machine *);
/* Sends bytes to the guest and returns how many it accepted. Try the rest when it reads again. */
size_t machine_type(struct machine *, const void *bytes, size_t len);
void machine_signal(struct machine *, int signo);
bool machine_answers(const struct machine *);		/* returns true if QMP answers */
void machine_execute(struct machine *, const char *command, qmp_reply_fn *, void *data);
/* Returns the last lines of QEMU on stderr, separated by newlines; "" if none. */
const char *machine_words(const struct machine *);

#endif
