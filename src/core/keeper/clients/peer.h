/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_PEER_H
#define CORE_KEEPER_CLIENTS_PEER_H

#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/clients/serve_events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop_timer;
struct loop_watch;
struct terminal;

/*
 * A client of a keeper. Private to serve.c (the list of peers), peer_in.c (input
 * from a peer) and peer.c (output to a peer); each calls only those after it.
 */
struct serve_peer {
	struct serve_peer *next;
	struct serve *serve;
	int fd;
	struct loop_watch *watch;
	struct frame_reader in;
	struct str out;			/* messages, and the rest of a frame that was sent in part */
	size_t screen_len;		/* bytes of the newest screen, which may be among them */
	unsigned number;		/* never reused */
	bool dead;			/* closed; freed when no caller walks the list */
	bool greeted;			/* has sent its hello, so its role is known */
	bool console, may_type;
	bool raw;			/* begins with the bytes of the ring instead of the screen */
	bool knows_screens;		/* protocol 2 */
	bool wants_events;		/* has sent a QMP request */
	int rows, columns;		/* of its terminal; 0: unknown */
	pid_t pid;			/* of the program that connected; 0: unknown */
	bool stuck;			/* waits for POLLOUT: its socket is full, or it is the turn of others */
	bool late;			/* was stuck: check how far it is behind */
	bool in_history;		/* raw, up to history_until */
	bool told_end;
	uint64_t position;		/* position in the stream of the next byte to send */
	uint64_t history_until;
	unsigned char *typed;		/* buffer of TYPED_WINDOW bytes that the guest has not accepted yet */
	size_t typed_len;
	size_t taken;			/* bytes that the guest has accepted, not reported yet */
};

struct serve {
	struct loop *loop;
	struct ring *ring;
	struct terminal *screen;	/* has seen all bytes of the ring */
	const struct serve_events *events;
	void *data;
	int listener;
	struct loop_watch *listen_watch;
	struct loop_timer *shortage;	/* armed during a shortage of descriptors, while the listener is not watched */
	struct serve_peer *peers;
	const struct serve_peer *typist;	/* has typed last, so the screen has its size; NULL: nobody */
	struct str state;		/* the newest STATE and STEP frames, for new clients */
	struct str step;
	struct str end;			/* the EXIT frame, once there is one */
	struct str answer;		/* the rest of an answer of the screen, of which the guest has accepted a part */
	uint64_t sent;
	uint64_t credit, credit_at;	/* for throttling, in 1/THROTTLE_SHARE ms; and when it last grew, in ms */
	unsigned last_number;		/* of the newest peer */
	unsigned walking;		/* nesting depth of calls that hold a peer */
	bool consoles_changed;		/* one came, went, or has another size */
};

/* peer.c */

/* Closes a peer. It is freed when no caller holds it any more. */
void peer_drop(struct serve_peer *);
/* Sends until there is nothing left or the socket is full. May drop the peer. */
void peer_flush(struct serve_peer *);
/* Sends only what is already queued. Returns false if the connection is broken. */
bool peer_send_queue(struct serve_peer *);
void peer_queue(struct serve_peer *, enum frame_type, const struct message *);
void peer_interest(struct serve_peer *);	/* updates the events that it is watched for */
/* Called after its hello: sends the screen, or what the ring has. log: bytes of console.log so far, or -1. */
void peer_begin(struct serve_peer *, int64_t log);

/* peer_in.c */

/* Handles everything that it has sent. Returns false if it must be dropped. */
bool peer_listen(struct serve_peer *);
/* Gives the screen the size of the client that typed last, or of the only one that may type. */
void peer_follow_size(struct serve *);
/* True if input of a client, or the rest of an answer, waits until the guest reads. */
bool peer_anybody_waits(const struct serve *);
/* The guest has accepted `len` of the bytes that this peer typed. */
void peer_took(struct serve_peer *, size_t len);

#endif
