/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/protocol.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/utf8.h"

#include <jansson.h>
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void frame_reader_init(struct frame_reader *reader, size_t max_payload)
{
	reader->max = FRAME_HEADER + max_payload;
	reader->size = reader->max < FRAME_READER_FIRST ? reader->max : FRAME_READER_FIRST;
	reader->buf = mem_resize(NULL, reader->size, 1);
	reader->begin = reader->end = 0;
}

void frame_reader_finish(struct frame_reader *reader)
{
	free(reader->buf);
	memset(reader, 0, sizeof(*reader));
}

/* Input that filled the buffer is a long frame or a busy stream: either needs a larger one. */
static void frame_reader_grow(struct frame_reader *reader)
{
	reader->size = reader->size > reader->max / 2 ? reader->max : 2 * reader->size;
	reader->buf = mem_resize(reader->buf, reader->size, 1);
}

void *frame_reader_room(struct frame_reader *reader, size_t *len)
{
	if (reader->end == reader->size && reader->size < reader->max)
		frame_reader_grow(reader);
	if (reader->begin > 0) {
		memmove(reader->buf, reader->buf + reader->begin, reader->end - reader->begin);
		reader->end -= reader->begin;
		reader->begin = 0;
	}
	*len = reader->size - reader->end;
	return reader->buf + reader->end;
}

void frame_reader_added(struct frame_reader *reader, size_t len)
{
	assert(len <= reader->size - reader->end);
	reader->end += len;
}

enum frame_outcome frame_next(struct frame_reader *reader, struct frame *out)
{
	const unsigned char *at = reader->buf + reader->begin;
	size_t left = reader->end - reader->begin;

	if (left < FRAME_HEADER)
		return FRAME_MORE;

	size_t len = at[1] | (size_t)at[2] << 8 | (size_t)at[3] << 16 | (size_t)at[4] << 24;

	if (len > reader->max - FRAME_HEADER)
		return FRAME_BROKEN;
	if (left - FRAME_HEADER < len)
		return FRAME_MORE;
	*out = (struct frame){ .type = at[0], .bytes = at + FRAME_HEADER, .len = len };
	reader->begin += FRAME_HEADER + len;
	return FRAME_READY;
}

void frame_header(unsigned char out[FRAME_HEADER], enum frame_type type, size_t len)
{
	assert(len <= FRAME_MAX);
	out[0] = (unsigned char)type;
	for (int i = 0; i < 4; i++)
		out[1 + i] = (unsigned char)(len >> 8 * i);
}

void frame_add(struct str *out, enum frame_type type, const void *bytes, size_t len)
{
	unsigned char head[FRAME_HEADER];

	frame_header(head, type, len);
	str_add(out, head, sizeof(head));
	str_add(out, bytes, len);
}

enum field_kind { FIELD_NUMBER, FIELD_FLAG, FIELD_TEXT };

struct field {
	enum frame_type type;
	enum field_kind kind;
	const char *name;
	size_t offset;
};

#define NUMBER(type, member) { type, FIELD_NUMBER, #member, offsetof(struct message, member) }
#define FLAG(type, member) { type, FIELD_FLAG, #member, offsetof(struct message, member) }
#define TEXT(type, member) { type, FIELD_TEXT, #member, offsetof(struct message, member) }

static const struct field fields[] = {
	NUMBER(FRAME_HELLO, protocol), TEXT(FRAME_HELLO, program), TEXT(FRAME_HELLO, role),
	NUMBER(FRAME_HELLO, rows), NUMBER(FRAME_HELLO, columns), FLAG(FRAME_HELLO, raw),
	TEXT(FRAME_HELLO, error),
	NUMBER(FRAME_SCREEN, rows), NUMBER(FRAME_SCREEN, columns), NUMBER(FRAME_SCREEN, log),
	NUMBER(FRAME_SIZE, rows), NUMBER(FRAME_SIZE, columns),
	NUMBER(FRAME_GAP, missed),
	TEXT(FRAME_STEP, text),
	TEXT(FRAME_STATE, phase), TEXT(FRAME_STATE, uuid), TEXT(FRAME_STATE, name),
	NUMBER(FRAME_STATE, pid), NUMBER(FRAME_STATE, started), NUMBER(FRAME_STATE, clients),
	NUMBER(FRAME_STATE, changes),
	FLAG(FRAME_STATE, unresponsive), FLAG(FRAME_STATE, paused), TEXT(FRAME_STATE, reason),
	NUMBER(FRAME_STATE, resets), FLAG(FRAME_STATE, resetting), FLAG(FRAME_STATE, panicked), FLAG(FRAME_STATE, link_down),
	FLAG(FRAME_ANSWERER, on),
	TEXT(FRAME_NOTICE, text),
	NUMBER(FRAME_REPLY, id), TEXT(FRAME_REPLY, error),
	NUMBER(FRAME_TAKEN, bytes),
	FLAG(FRAME_EXIT, ran), NUMBER(FRAME_EXIT, status), NUMBER(FRAME_EXIT, signal),
	TEXT(FRAME_EXIT, reason), TEXT(FRAME_EXIT, error), NUMBER(FRAME_EXIT, ended),
	NUMBER(FRAME_COMMAND, id), TEXT(FRAME_COMMAND, command),
};

#define TEXT_MAX 2048
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/*
 * Truncates the text so that the message fits into a frame even if each byte
 * is written as \u00XX. Text that is not valid UTF-8 is reduced to ASCII.
 */
static json_t *text_value(const char *text)
{
	size_t len = utf8_cut(text, strnlen(text, TEXT_MAX));
	char *plain = mem_strndup(text, len);
	json_t *value = json_string(plain);

	if (!value) {
		for (char *c = plain; *c; c++) {
			if ((unsigned char)*c >= 0x80)
				*c = '?';
		}
		value = json_string(plain);
	}
	free(plain);
	return value;
}

static json_t *field_value(const struct field *field, const struct message *message)
{
	const char *at = (const char *)message + field->offset;
	const char *text;
	int64_t number;
	bool flag;

	switch (field->kind) {
	case FIELD_NUMBER:
		memcpy(&number, at, sizeof(number));
		return json_integer(number);
	case FIELD_FLAG:
		memcpy(&flag, at, sizeof(flag));
		return json_boolean(flag);
	case FIELD_TEXT:
		memcpy(&text, at, sizeof(text));
		return text ? text_value(text) : NULL;
	}
	return NULL;
}

static json_t *screens_value(const struct message *message)
{
	json_t *array = json_array();

	for (size_t i = 0; i < message->screen_count && i < SCREENS_MAX; i++) {
		const struct attached_screen *screen = &message->screens[i];

		json_array_append_new(array, json_pack("{s:i, s:b, s:i, s:i}", "pid", (int)screen->pid, "read_only",
		                                       screen->read_only, "rows", screen->rows, "columns", screen->columns));
	}
	return array;
}

void message_write(struct str *out, enum frame_type type, const struct message *message)
{
	json_t *object = json_object();

	for (size_t i = 0; i < FIELDS; i++) {
		if (fields[i].type == type)
			json_object_set_new(object, fields[i].name, field_value(&fields[i], message));
	}

	if (type == FRAME_STATE && message->screens)
		json_object_set_new(object, "screens", screens_value(message));

	char *json = json_dumps(object, JSON_COMPACT);

	assert(json && strlen(json) <= FRAME_MAX);
	frame_add(out, type, json, strlen(json));
	free(json);
	json_decref(object);
}

static void field_read(const struct field *field, const json_t *object, struct message *message)
{
	char *at = (char *)message + field->offset;
	const json_t *value = json_object_get(object, field->name);
	const char *text = json_string_value(value);
	int64_t number = json_integer_value(value);
	bool flag = json_is_true(value);

	switch (field->kind) {
	case FIELD_NUMBER:
		memcpy(at, &number, sizeof(number));
		break;
	case FIELD_FLAG:
		memcpy(at, &flag, sizeof(flag));
		break;
	case FIELD_TEXT:
		if (text)
			memcpy(at, &text, sizeof(text));
		break;
	}
}

/* 0 unless it is a number up to max. */
static int small_number(const json_t *object, const char *name, int max)
{
	json_int_t number = json_integer_value(json_object_get(object, name));

	return number > 0 && number <= max ? (int)number : 0;
}

static void read_screens(const json_t *array, struct message *out)
{
	size_t count = json_array_size(array) < SCREENS_MAX ? json_array_size(array) : SCREENS_MAX;

	if (!json_is_array(array))
		return;
	out->screens = out->keep_screens = mem_array(count + 1, sizeof(out->keep_screens[0]));
	out->screen_count = count;
	for (size_t i = 0; i < count; i++) {
		const json_t *screen = json_array_get(array, i);

		out->keep_screens[i] = (struct attached_screen){
			.pid = small_number(screen, "pid", INT_MAX), .read_only = json_is_true(json_object_get(screen, "read_only")),
			.rows = small_number(screen, "rows", SCREEN_ROWS_MAX), .columns = small_number(screen, "columns", SCREEN_COLUMNS_MAX),
		};
	}
}

bool message_read(const struct frame *frame, struct message *out)
{
	json_t *object = json_loadb((const char *)frame->bytes, frame->len, 0, NULL);

	*out = (struct message){ .program = "", .role = "", .phase = "", .uuid = "", .name = "",
	                         .text = "", .command = "", .reason = "", .error = "" };
	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		if (fields[i].type == (enum frame_type)frame->type)
			field_read(&fields[i], object, out);
	}
	if (frame->type == FRAME_STATE)
		read_screens(json_object_get(object, "screens"), out);
	out->keep = object;
	return true;
}

void message_finish(struct message *message)
{
	json_decref(message->keep);
	free(message->keep_screens);
	message->keep_screens = NULL;
	message->keep = NULL;
}

bool message_has_size(const struct message *message)
{
	return message->rows >= 1 && message->rows <= SCREEN_ROWS_MAX && message->columns >= 1 &&
	       message->columns <= SCREEN_COLUMNS_MAX;
}
