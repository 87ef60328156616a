/* SPDX-License-Identifier: MIT */
#ifndef FAKE_SERVE_STAGE_H
#define FAKE_SERVE_STAGE_H

#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/clients/serve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The keeper's serving side with nothing behind it: a ring that a test fills,
 * a guest that takes what a test lets it, and clients by hand.
 */

/* A keeper's side with a guest that takes `appetite` bytes. */
struct stage {
	struct loop *loop;
	struct ring *ring;
	struct terminal *screen;
	struct serve *serve;
	struct str guest;		/* what it was given */
	size_t appetite;
	unsigned commands, command_peer, command_id;
	enum keeper_command command;
	struct str requests;		/* "NAME DETAIL\n" of QMP requests, "KEY ACTION VALUE\n" of settings */
	unsigned changes;		/* of the number of consoles */
	const char *log_notice;		/* said whenever the log is written; NULL: nothing */
};

/* A client by hand. */
struct peer {
	int fd;
	struct frame_reader in;
	bool gone;
	struct str order;		/* a letter for each frame; runs of console and history are one */
	struct str history, console, text;
	int64_t missed, taken;
	unsigned gaps;
	int64_t rows, columns;		/* of the screen that came last */
};

extern const struct serve_events stage_events;

void stage_init(struct stage *stage);
void stage_finish(struct stage *stage);
void peer_finish(struct peer *peer);
void say_bytes(struct peer *peer, const void *bytes, size_t len);
void say(struct peer *peer, enum frame_type what, const void *bytes, size_t len);
void say_message(struct peer *peer, enum frame_type what, const struct message *message);
/* Reads what is there; false: nothing was. */
bool hear(struct peer *peer);
/* Until neither side has anything to say; b may be NULL. */
void settle(struct stage *stage, struct peer *a, struct peer *b);
/* role NULL: it says no hello */
void join(struct stage *stage, struct peer *peer, const char *role);
void join_as(struct stage *stage, struct peer *peer, const struct message *hello);	/* protocol 2 */
void output(struct stage *stage, const char *text);

#endif
