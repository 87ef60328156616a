/* SPDX-License-Identifier: MIT */
#include "core/qemu/qmp/qmp_message.h"

#include "core/base/alloc.h"
#include "core/base/error.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *load(const char *text, size_t len, json_error_t *why)
{
	json_t *root = json_loadb(text, len, JSON_ALLOW_NUL, why);

	/* QEMU uses numbers up to 2^64 - 1, but jansson only up to 2^63 - 1. */
	if (!root && json_error_code(why) == json_error_numeric_overflow)
		root = json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, why);
	return root;
}

/* Returns "" for NULL. */
static char *dump(const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	return text ? text : mem_strdup("");
}

bool qmp_message_read(const char *line, size_t len, struct qmp_message *out, struct error *err)
{
	json_error_t why;
	json_t *root = load(line, len, &why);

	memset(out, 0, sizeof(*out));
	if (!root)
		return error_set(err, "not JSON: %s", why.text);
	if (!json_is_object(root)) {
		json_decref(root);
		return error_set(err, "not a JSON object");
	}

	const json_t *id = json_object_get(root, "id"), *value;

	out->has_id = json_is_number(id) && json_number_value(id) >= 0 && json_number_value(id) < 0x1p53;
	out->id = out->has_id ? (uint64_t)json_number_value(id) : 0;
	if (json_object_get(root, "QMP")) {
		out->kind = QMP_GREETING;
	} else if ((value = json_object_get(root, "return"))) {
		out->kind = QMP_RETURN;
		out->detail = dump(value);
	} else if ((value = json_object_get(root, "error"))) {
		const char *said = json_string_value(json_object_get(value, "desc"));

		out->kind = QMP_ERROR;
		out->detail = mem_strdup(said ? said : "QEMU reports an error without a reason");
	} else if (json_is_string(value = json_object_get(root, "event"))) {
		out->kind = QMP_EVENT;
		out->name = mem_strdup(json_string_value(value));
		out->detail = dump(json_object_get(root, "data"));
	} else {
		out->kind = QMP_UNKNOWN;
	}
	json_decref(root);
	return true;
}

void qmp_message_finish(struct qmp_message *message)
{
	free(message->name);
	free(message->detail);
	memset(message, 0, sizeof(*message));
}

char *qmp_failed_disk(const char *json, const char *name)
{
	json_error_t why;
	json_t *root = load(json, strlen(json), &why);
	const char *named = NULL, *failed = NULL;
	const json_t *disk;
	char *file;
	size_t i;

	json_array_foreach(root, i, disk) {
		const char *device = json_string_value(json_object_get(disk, "device"));
		const char *status = json_string_value(json_object_get(disk, "io-status"));
		const char *path = json_string_value(json_object_get(json_object_get(disk, "inserted"), "file"));

		if (!named && device && *name && !strcmp(device, name))
			named = path;
		if (!failed && status && strcmp(status, "ok") != 0)
			failed = path;
	}
	file = mem_strdup(named ? named : failed);
	json_decref(root);
	return file;
}

char *qmp_object(const char *json, const char *name)
{
	json_error_t why;
	json_t *root = load(json, strlen(json), &why);
	const json_t *value = json_object_get(root, name);
	char *text = json_is_object(value) ? dump(value) : NULL;

	json_decref(root);
	return text;
}

char *qmp_member(const char *json, const char *name)
{
	json_error_t why;
	json_t *root = load(json, strlen(json), &why);
	const json_t *value = json_object_get(root, name);
	char *text = NULL;

	if (json_is_string(value))
		text = mem_strdup(json_string_value(value));
	else if (json_is_boolean(value))
		text = mem_strdup(json_is_true(value) ? "true" : "false");
	else if (json_is_number(value))
		text = dump(value);
	json_decref(root);
	return text;
}
