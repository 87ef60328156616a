/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_PROTOCOL_H
#define CORE_KEEPER_CLIENTS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct str;

/*
 * The protocol between a keeper and its clients (doc/protocol.md). A frame is
 * a type (1 byte), the length of the payload (4 bytes, little-endian) and the
 * payload. Console bytes are raw; everything else is one JSON object. This
 * header contains no jansson types.
 */
#define PROTOCOL_VERSION 3
#define PROTOCOL_CONTROL 3		/* the first version with the frames of protocol_control.h */
#define FRAME_HEADER 5
#define FRAME_MAX (64 * 1024)		/* payload, keeper to client */
#define FRAME_MAX_TYPED (16 * 1024)	/* payload, client to keeper */
/* Limit on typed bytes of a client that the guest has not accepted yet. */
#define TYPED_WINDOW (16 * 1024)
/* Of a terminal's size. Others are ignored by a keeper, and do not come from one. */
#define SCREEN_ROWS_MAX 500
#define SCREEN_COLUMNS_MAX 1000

/* These numbers are part of the protocol: never change one, add new ones at the end. */
enum frame_type {
	FRAME_HELLO = 1,	/* first frame of both sides: protocol, program; role rows columns raw (client); error (keeper without room) */
	FRAME_CONSOLE,		/* raw: current output of the guest */
	FRAME_HISTORY,		/* raw: the screen, or earlier output; queries in it must not be answered */
	FRAME_HISTORY_END,	/* no payload */
	FRAME_GAP,		/* missed */
	FRAME_STEP,		/* text */
	FRAME_STATE,		/* phase uuid name pid started unresponsive paused reason clients changes resets resetting panicked link_down screens */
	FRAME_ANSWERER,		/* on; only keepers of protocol 1 send it */
	FRAME_NOTICE,		/* text */
	FRAME_REPLY,		/* id error */
	FRAME_TAKEN,		/* bytes: number of typed bytes that the guest has accepted since the last TAKEN */
	FRAME_EXIT,		/* ran status signal reason error ended */
	FRAME_TYPED,		/* raw: input of a user */
	FRAME_ANSWER,		/* raw: answer of a terminal to a query, for keepers of protocol 1 */
	FRAME_COMMAND,		/* id command */
	FRAME_SCREEN = 17,	/* rows columns log: HISTORY frames with a screen of this size follow, up to HISTORY_END */
	FRAME_SIZE,		/* rows columns: of the client's terminal, when it changes */
	/* Protocol 3, see protocol_control.h. */
	FRAME_QMP,		/* id execute arguments: a client's request to QEMU */
	FRAME_RESULT,		/* raw: id, and a piece of what QEMU returned; REPLY follows the last one */
	FRAME_EVENT,		/* name data: of QEMU, for clients that have sent a QMP frame */
	FRAME_SETTING,		/* id setting action value: a client has changed a setting of the running VM */
	FRAME_AGENT,		/* as FRAME_QMP, to the guest agent */
	FRAME_TYPES		/* 16 was a request to pause, which no program ever sent */
};

struct frame {
	unsigned type;		/* may be unknown; skip such frames */
	const unsigned char *bytes;	/* in the reader, valid until the next frame_reader_room */
	size_t len;
};

/*
 * Splits a stream into frames. Its buffer has FRAME_READER_FIRST bytes, enough for a client that only watches, and
 * doubles each time that it was filled, up to one frame of the largest size.
 */
#define FRAME_READER_FIRST 512
struct frame_reader {
	unsigned char *buf;
	size_t size, begin, end;
	size_t max;		/* limit of size */
};

enum frame_outcome {
	FRAME_MORE,		/* the frame is not complete yet */
	FRAME_READY,
	FRAME_BROKEN		/* its length exceeds the limit: close the connection */
};

void frame_reader_init(struct frame_reader *, size_t max_payload);
void frame_reader_finish(struct frame_reader *);
/* Returns where to store input, and how much fits: 0 only if a complete frame waits. */
void *frame_reader_room(struct frame_reader *, size_t *len);
void frame_reader_added(struct frame_reader *, size_t len);
enum frame_outcome frame_next(struct frame_reader *, struct frame *out);

void frame_header(unsigned char out[FRAME_HEADER], enum frame_type, size_t len);
void frame_add(struct str *out, enum frame_type, const void *bytes, size_t len);

/* An attached console, in the state. */
#define SCREENS_MAX 64
struct attached_screen {
	pid_t pid;		/* of the program that shows it; 0: unknown */
	bool read_only;
	int rows, columns;	/* of its terminal; 0: unknown */
};

/*
 * The JSON members of all frame types; each type uses those listed next to it
 * above. Missing members are read as 0, false or "".
 */
struct message {
	int64_t protocol, pid, started, clients, changes, missed, bytes, id, status, signal, ended;
	int64_t rows, columns;	/* 0: unknown */
	int64_t resets;
	int64_t log;		/* bytes of console.log up to here, or -1 */
	bool unresponsive, paused, resetting, panicked, link_down, on, ran;
	bool raw;		/* history as it came, instead of the screen */
	const char *program, *role, *phase, *uuid, *name, *text, *command, *reason, *error;
	const struct attached_screen *screens;	/* NULL: not sent, as by older keepers */
	size_t screen_count;	/* at most SCREENS_MAX */
	struct attached_screen *keep_screens;
	void *keep;		/* owns the texts of message_read */
};

/* Bytes of a text that are not valid UTF-8 are dropped. NULL members are omitted. */
void message_write(struct str *out, enum frame_type, const struct message *);
/* Returns false if the payload is not a JSON object. Texts are valid until message_finish and never NULL. */
bool message_read(const struct frame *, struct message *out);
void message_finish(struct message *);
/* Returns true if its rows and columns are within the limits above. */
bool message_has_size(const struct message *);

#endif
