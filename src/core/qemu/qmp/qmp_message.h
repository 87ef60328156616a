/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_QMP_QMP_MESSAGE_H
#define CORE_QEMU_QMP_QMP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/*
 * Parses lines of QMP and the details in them. Pure. Only qmp_message.c uses
 * JSON here.
 */
enum qmp_kind {
	QMP_GREETING,
	QMP_RETURN,		/* detail: the result as JSON text */
	QMP_ERROR,		/* detail: the error text of QEMU */
	QMP_EVENT,		/* name; detail: its data as JSON text, "" if none */
	QMP_UNKNOWN		/* unknown object, perhaps of a later protocol; ignored */
};

struct qmp_message {
	enum qmp_kind kind;
	bool has_id;
	uint64_t id;		/* valid if has_id; only numbers are used */
	char *name;
	char *detail;
};

/* Returns false if the line is not a JSON object; there is then nothing to finish. */
bool qmp_message_read(const char *line, size_t len, struct qmp_message *out, struct error *);
void qmp_message_finish(struct qmp_message *);

/* Returns a member of a flat JSON object as text (booleans as "true" or "false"), or NULL. The caller frees it. */
char *qmp_member(const char *json, const char *name);
/* Returns a member that is an object as JSON text, or NULL. The caller frees it. */
char *qmp_object(const char *json, const char *name);
/* Returns the file of the disk with this name (`device`) from the result of query-block; if there is none, of the first disk
 * whose last request failed; or NULL. The caller frees it. */
char *qmp_failed_disk(const char *json, const char *device);

#endif
