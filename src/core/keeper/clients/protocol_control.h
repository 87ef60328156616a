/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_PROTOCOL_CONTROL_H
#define CORE_KEEPER_CLIENTS_PROTOCOL_CONTROL_H

#include "core/keeper/clients/protocol.h"

/*
 * The frames of protocol 3 that carry QMP through a keeper: requests of a
 * client, results, QEMU's events, and what a client has changed. JSON is text
 * here; a text is never shortened.
 */
struct control_frame {
	unsigned id;		/* of the request; 0 for an event */
	char *name;		/* the QMP command or event, or "section.key" */
	char *detail;		/* arguments or data as a JSON object; or the value of a setting. NULL: none */
	char *action;		/* of a setting: "add", "remove" or "set"; otherwise NULL */
};

/* A value that a client adds to a setting of the running VM, removes from it, or sets as the only one. */
enum setting_action { SETTING_ADD, SETTING_REMOVE, SETTING_SET, SETTING_ACTIONS };

/*
 * FRAME_QMP or FRAME_AGENT: execute `command` with `arguments`, a JSON object or NULL. Returns false, with nothing appended, if the
 * arguments are no JSON object or the frame would be longer than `max` bytes of payload.
 */
bool qmp_frame_write(struct str *out, enum frame_type, unsigned id, const char *command, const char *arguments, size_t max);
/* FRAME_EVENT: data is a JSON object or "". Data that does not fit into a frame is left out. */
void event_frame_write(struct str *out, const char *name, const char *data);
/* FRAME_SETTING: false as above. */
bool setting_frame_write(struct str *out, unsigned id, const char *key, enum setting_action, const char *value, size_t max);
/* Reads one of the four. Returns false if it is none: not a JSON object, or a member is missing or of another kind. */
bool control_frame_read(const struct frame *, struct control_frame *out);
void control_frame_finish(struct control_frame *);
/* Returns SETTING_ACTIONS for an unknown word. */
enum setting_action setting_action_find(const char *word);

/* FRAME_RESULT: 4 bytes of the request's id, little-endian, and a piece of the result. Appends as many as are needed. */
void result_frames_write(struct str *out, unsigned id, const char *json, size_t len);
/* Returns false if the frame is too short. The piece is borrowed from the frame. */
bool result_frame_read(const struct frame *, unsigned *id, const char **piece, size_t *len);

#endif
