/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_QMP_QMP_H
#define CORE_QEMU_QMP_QMP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct loop;

/*
 * A QMP client (docs/interop/qmp-spec). It answers the greeting with
 * qmp_capabilities and queues commands until that is done. Never blocks.
 * This header contains no jansson types.
 */
struct qmp;

struct qmp_events {
	void (*ready)(void *data);				/* capabilities are negotiated */
	/* An event: its name as in QEMU's schema, and its "data" as JSON text ("" if none). */
	void (*event)(void *data, const char *name, const char *detail);
	void (*closed)(void *data, const char *why);		/* NULL: QEMU closed it */
};

struct qmp *qmp_new(struct loop *, int fd, const struct qmp_events *, void *data);	/* takes ownership of fd */
void qmp_free(struct qmp *);

/* Called once for each command, with an error if the monitor closes first; not called after qmp_free. */
typedef void qmp_reply_fn(void *data, const char *result, const char *error);	/* result is JSON text; one of the two is NULL */
/* arguments: a JSON object as text, or NULL. The reply function may be NULL. */
void qmp_execute(struct qmp *, const char *command, const char *arguments, qmp_reply_fn *, void *data);

#endif
