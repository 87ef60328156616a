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
 * One running QEMU: the process, its pty, its stderr and its monitor. Both
 * outputs are always drained. What QEMU itself says comes as console bytes
 * too, a marked line of its own. Nothing is decided here.
 */
struct machine;

struct machine_events {
	void (*console)(void *data, const void *bytes, size_t len);
	unsigned (*drained)(void *data);	/* that was all for now; how many ms to leave the console alone */
	void (*hungry)(void *data);	/* after a short machine_type: the guest reads again */
	void (*ready)(void *data);	/* QMP answers */
	void (*event)(void *data, const char *name, const char *detail);	/* as in qmp.h */
	void (*deaf)(void *data, const char *why);	/* QMP is lost for good, though QEMU has not ended */
	void (*ended)(void *data, int status);	/* as of waitpid; all output was seen. Nothing follows */
};

/* QEMU's argv and program are the plan's; it inherits lock_fd as PLAN_LOCK_FD. */
struct machine *machine_start(struct loop *, const struct plan *, int lock_fd, const struct machine_events *,
                              void *data, struct error *);
void machine_free(struct machine *);	/* after its end; NULL is fine */

pid_t machine_pid(const struct machine *);
/* Bytes to the guest; how many of them it took. The rest may be tried when it is hungry. */
size_t machine_type(struct machine *, const void *bytes, size_t len);
void machine_signal(struct machine *, int signo);
bool machine_answers(const struct machine *);		/* QMP does */
void machine_execute(struct machine *, const char *command, qmp_reply_fn *, void *data);
/* The last lines that QEMU said on stderr, newline between them; "" if none. */
const char *machine_words(const struct machine *);

#endif
