/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_PROTOCOL_H
#define CORE_KEEPER_CLIENTS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * What goes over the socket between a keeper and its clients, as
 * doc/protocol.md describes it: frames of type (1 byte), length of the
 * payload (4 bytes, little end first) and payload. Console bytes are raw,
 * everything else is one JSON object. No jansson type is in this header.
 */
#define PROTOCOL_VERSION 1
#define FRAME_HEADER 5
#define FRAME_MAX (64 * 1024)		/* payload, keeper to client */
#define FRAME_MAX_TYPED (16 * 1024)	/* payload, client to keeper */
/* Bytes a client may have typed that the keeper has not yet handed to the guest. */
#define TYPED_WINDOW (16 * 1024)

/* The numbers are on the wire: never change one, add at the end. */
enum frame_type {
	FRAME_HELLO = 1,	/* both ways, first: protocol, program; role of a client; error of a keeper that is full */
	FRAME_CONSOLE,		/* raw: the guest's output as it comes */
	FRAME_HISTORY,		/* raw: output from before, never to be answered */
	FRAME_HISTORY_END,	/* nothing in it */
	FRAME_GAP,		/* missed */
	FRAME_STEP,		/* text */
	FRAME_STATE,		/* phase uuid name pid started unresponsive paused reason clients */
	FRAME_ANSWERER,		/* on */
	FRAME_NOTICE,		/* text */
	FRAME_REPLY,		/* id error */
	FRAME_TAKEN,		/* bytes: so many of those typed the guest has by now */
	FRAME_EXIT,		/* ran status signal reason error ended */
	FRAME_TYPED,		/* raw: a person's input */
	FRAME_ANSWER,		/* raw: a terminal's answer to a query */
	FRAME_COMMAND,		/* id command */
	FRAME_TYPES = 17	/* 16 was a client's request to pause; no program sent it */
};

struct frame {
	unsigned type;		/* maybe none of the above: skip it */
	const unsigned char *bytes;	/* in the reader, until its next room */
	size_t len;
};

/* Cuts a stream into frames; allocates once. */
struct frame_reader {
	unsigned char *buf;
	size_t size, begin, end;
};

enum frame_outcome {
	FRAME_MORE,		/* not all of it is there yet */
	FRAME_READY,
	FRAME_BROKEN		/* a length over the limit: close the connection */
};

void frame_reader_init(struct frame_reader *, size_t max_payload);
void frame_reader_finish(struct frame_reader *);
/* Where to read to, and how much fits: never 0 unless a whole frame waits. */
void *frame_reader_room(struct frame_reader *, size_t *len);
void frame_reader_added(struct frame_reader *, size_t len);
enum frame_outcome frame_next(struct frame_reader *, struct frame *out);

void frame_header(unsigned char out[FRAME_HEADER], enum frame_type, size_t len);
void frame_add(struct str *out, enum frame_type, const void *bytes, size_t len);

/*
 * The JSON of all frames in one flat value; each type uses the members
 * named beside it above. What is missing reads as 0, false or "".
 */
struct message {
	int64_t protocol, pid, started, clients, missed, bytes, id, status, signal, ended;
	bool unresponsive, paused, on, ran;
	const char *program, *role, *phase, *uuid, *name, *text, *command, *reason, *error;
	void *keep;		/* what message_read made the texts of */
};

/* A text that is no UTF-8 loses the bytes that are not. NULL is not written. */
void message_write(struct str *out, enum frame_type, const struct message *);
/* false: not a JSON object. Texts live until message_finish and are never NULL. */
bool message_read(const struct frame *, struct message *out);
void message_finish(struct message *);

#endif
