/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_QEMU_PROCESS_H
#define CORE_KEEPER_RUN_QEMU_PROCESS_H

#include "core/qemu/qmp/qmp.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;
struct guest_agent;
struct loop;
struct plan;

/*
 * A running QEMU: the process, its pty, its stderr and its monitor. Both
 * outputs are always drained. Lines on stderr also appear in the console
 * bytes, each as a marked line. No decisions are made here.
 */
struct qemu_process;

struct qemu_process_events {
	void (*console)(void *data, const void *bytes, size_t len);
	unsigned (*output_idle)(void *data);	/* no more output for now; returns for how many ms not to read the console */
	void (*writable)(void *data);	/* after a short qemu_process_type: the guest reads again */
	void (*ready)(void *data);	/* QMP answers */
	void (*event)(void *data, const char *name, const char *detail);	/* as in qmp.h */
	void (*deaf)(void *data, const char *why);	/* QMP is lost, although QEMU is still running */
	void (*ended)(void *data, int status);	/* status as of waitpid, after all output; nothing follows */
};

/* Starts QEMU with the program and argv of the plan. It inherits lock_fd as PLAN_LOCK_FD. */
struct qemu_process *qemu_process_start(struct loop *, const struct plan *, int lock_fd, const struct qemu_process_events *,
                                        void *data, struct error *);
void qemu_process_free(struct qemu_process *);	/* only after its end; accepts NULL */

pid_t qemu_process_pid(const struct qemu_process *);
/* Sends bytes to the guest and returns how many it accepted. Try the rest when it reads again. */
size_t qemu_process_type(struct qemu_process *, const void *bytes, size_t len);
void qemu_process_signal(struct qemu_process *, int signo);
bool qemu_process_answers(const struct qemu_process *);		/* returns true if QMP answers */
void qemu_process_execute(struct qemu_process *, const char *command, const char *arguments, qmp_reply_fn *,
                          void *data);	/* as qmp_execute */
/* Returns the client of the guest agent; NULL if QEMU has no port for it. */
struct guest_agent *qemu_process_agent(const struct qemu_process *);
/* Returns the last lines of QEMU on stderr, separated by newlines; "" if none. */
const char *qemu_process_stderr(const struct qemu_process *);

#endif
