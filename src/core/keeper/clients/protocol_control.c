/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/protocol_control.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define RESULT_HEADER 4
#define RESULT_PIECE (FRAME_MAX - RESULT_HEADER)

static const char *const actions[] = { [SETTING_ADD] = "add", [SETTING_REMOVE] = "remove", [SETTING_SET] = "set" };

enum setting_action setting_action_find(const char *word)
{
	int action = SETTING_ADD;

	while (action < SETTING_ACTIONS && !text_equal(actions[action], word))
		action++;
	return (enum setting_action)action;
}

/* Takes over the object. Returns false if it is NULL or too long. */
static bool write_object(struct str *out, enum frame_type type, json_t *object, size_t max)
{
	char *json = object ? json_dumps(object, JSON_COMPACT) : NULL;
	bool fits = json && strlen(json) <= max;

	if (fits)
		frame_add(out, type, json, strlen(json));
	free(json);
	json_decref(object);
	return fits;
}

/* Numbers that jansson cannot hold as integers become reals. */
static json_t *load_object(const char *text, size_t len)
{
	json_error_t why;
	json_t *object = json_loadb(text, len, 0, &why);

	if (!object && json_error_code(&why) == json_error_numeric_overflow)
		object = json_loadb(text, len, JSON_DECODE_INT_AS_REAL, NULL);
	if (object && !json_is_object(object)) {
		json_decref(object);
		object = NULL;
	}
	return object;
}

bool qmp_frame_write(struct str *out, enum frame_type type, unsigned id, const char *command, const char *arguments, size_t max)
{
	json_t *object = json_pack("{s:I, s:s}", "id", (json_int_t)id, "execute", command);
	json_t *parsed = arguments ? load_object(arguments, strlen(arguments)) : NULL;

	if (arguments && (!parsed || json_object_set_new(object, "arguments", parsed) < 0)) {
		json_decref(object);
		return false;
	}
	return write_object(out, type, object, max);
}

void event_frame_write(struct str *out, const char *name, const char *data)
{
	json_t *object = json_pack("{s:s, s:o*}", "name", name, "data", load_object(data, strlen(data)));

	if (!write_object(out, FRAME_EVENT, object, FRAME_MAX))
		write_object(out, FRAME_EVENT, json_pack("{s:s}", "name", name), FRAME_MAX);
}

bool setting_frame_write(struct str *out, unsigned id, const char *key, enum setting_action action, const char *value,
                         size_t max)
{
	return write_object(out, FRAME_SETTING, json_pack("{s:I, s:s, s:s, s:s}", "id", (json_int_t)id, "setting", key,
	                                                  "action", actions[action], "value", value), max);
}

static char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? mem_strdup(text) : NULL;
}

bool control_frame_read(const struct frame *frame, struct control_frame *out)
{
	json_t *object = load_object((const char *)frame->bytes, frame->len);
	bool executes = frame->type == FRAME_QMP || frame->type == FRAME_AGENT;
	const char *inner = executes ? "arguments" : frame->type == FRAME_EVENT ? "data" : NULL;
	const json_t *detail = inner ? json_object_get(object, inner) : NULL;
	bool good;

	*out = (struct control_frame){ .id = (unsigned)json_integer_value(json_object_get(object, "id")) };
	out->name = member(object, executes ? "execute" : frame->type == FRAME_EVENT ? "name" : "setting");
	if (json_is_object(detail))
		out->detail = json_dumps(detail, JSON_COMPACT);
	else if (!inner)
		out->detail = member(object, "value");
	if (!inner)
		out->action = member(object, "action");
	good = out->name && (inner ? !detail || out->detail : out->detail && out->action);
	json_decref(object);
	if (!good)
		control_frame_finish(out);
	return good;
}

void control_frame_finish(struct control_frame *frame)
{
	free(frame->name);
	free(frame->detail);
	free(frame->action);
	*frame = (struct control_frame){ 0 };
}

void result_frames_write(struct str *out, unsigned id, const char *json, size_t len)
{
	while (len > 0) {
		size_t piece = len < RESULT_PIECE ? len : RESULT_PIECE;
		unsigned char head[FRAME_HEADER + RESULT_HEADER];

		frame_header(head, FRAME_RESULT, RESULT_HEADER + piece);
		for (int i = 0; i < RESULT_HEADER; i++)
			head[FRAME_HEADER + i] = (unsigned char)(id >> 8 * i);
		str_add(out, head, sizeof(head));
		str_add(out, json, piece);
		json += piece;
		len -= piece;
	}
}

bool result_frame_read(const struct frame *frame, unsigned *id, const char **piece, size_t *len)
{
	if (frame->len < RESULT_HEADER)
		return false;
	*id = 0;
	for (int i = 0; i < RESULT_HEADER; i++)
		*id |= (unsigned)frame->bytes[i] << 8 * i;
	*piece = (const char *)frame->bytes + RESULT_HEADER;
	*len = frame->len - RESULT_HEADER;
	return true;
}
