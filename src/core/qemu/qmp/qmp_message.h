/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_QMP_QMP_MESSAGE_H
#define CORE_QEMU_QMP_QMP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/*
 * One line of QEMU's monitor as a value, and what its details say. Pure; all that knows JSON here.
 */
enum qmp_kind {
	QMP_GREETING,
	QMP_RETURN,		/* detail: the result as JSON text */
	QMP_ERROR,		/* detail: QEMU's words */
	QMP_EVENT,		/* name; detail: its data as JSON text, "" if none */
	QMP_UNKNOWN		/* an object of a later protocol: skipped */
};

struct qmp_message {
	enum qmp_kind kind;
	bool has_id;
	uint64_t id;		/* ours are numbers; another id is none */
	char *name;
	char *detail;
};

/* false: no JSON object; nothing to finish then. */
bool qmp_message_read(const char *line, size_t len, struct qmp_message *out, struct error *);
void qmp_message_finish(struct qmp_message *);

/* A member of a flat JSON object as text: strings as they are, booleans "true"/"false"; the caller's, or NULL. */
char *qmp_member(const char *json, const char *name);
/* From what query-block returned: the file of the first disk whose last request failed; the caller's, or NULL. */
char *qmp_failed_disk(const char *json);

#endif
