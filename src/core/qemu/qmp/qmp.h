/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_QMP_QMP_H
#define CORE_QEMU_QMP_QMP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct loop;

/*
 * Our end of QEMU's monitor (docs/interop/qmp-spec). The greeting is
 * answered with qmp_capabilities; what is asked before that is queued.
 * Nothing blocks. No jansson type is in this header.
 */
struct qmp;

struct qmp_events {
	void (*ready)(void *data);				/* capabilities are negotiated */
	/* An event: name as in QEMU's schema; detail is the event's "data" as JSON text ("" if none). */
	void (*event)(void *data, const char *name, const char *detail);
	void (*closed)(void *data, const char *why);		/* NULL: QEMU closed it */
};

struct qmp *qmp_new(struct loop *, int fd, const struct qmp_events *, void *data);	/* takes fd */
void qmp_free(struct qmp *);

/* Called once for each command, with the monitor's closing as an error too; not after qmp_free. */
typedef void qmp_reply_fn(void *data, const char *result, const char *error);	/* result: JSON text; one of both is NULL */
/* arguments: JSON object text or NULL. reply may be NULL. */
void qmp_execute(struct qmp *, const char *command, const char *arguments, qmp_reply_fn *, void *data);

#endif
