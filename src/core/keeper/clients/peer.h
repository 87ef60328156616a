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

/*
 * One client of a keeper. Private to serve.c (the list of peers), peer_in.c
 * (what one says) and peer.c (what it is sent); each calls only those behind it.
 */
struct serve_peer {
	struct serve_peer *next;
	struct serve *serve;
	int fd;
	struct loop_watch *watch;
	struct frame_reader in;
	struct str out;			/* messages, and the rest of a frame that was cut */
	unsigned number;		/* never used twice */
	bool dead;			/* closed; freed when nobody walks the list */
	bool greeted;			/* has said hello: we know what it is */
	bool console, may_type;
	bool stuck;			/* its socket is full, or others have their turn: wait for POLLOUT */
	bool late;			/* was stuck: look how far behind it is */
	bool in_history;
	bool told_end;
	uint64_t position;		/* in the stream: what it gets next */
	uint64_t history_until;
	unsigned char *typed;		/* TYPED_WINDOW, what the guest did not take yet */
	size_t typed_len;
	size_t taken;			/* taken by the guest, not yet told */
};

struct serve {
	struct loop *loop;
	struct ring *ring;
	const struct serve_events *events;
	void *data;
	int listener;
	struct loop_watch *listen_watch;
	struct loop_timer *shortage;	/* of descriptors: the listener is not looked at for now */
	struct serve_peer *peers;
	const struct serve_peer *answerer;
	bool answerer_typed;		/* so it stays the answerer when somebody else comes */
	bool answerer_gone;		/* another one has to be chosen */
	struct str state;		/* the newest STATE and STEP frames, for who comes later */
	struct str step;
	struct str end;			/* the EXIT frame once there is one */
	uint64_t sent;
	uint64_t credit, credit_at;	/* of throttling: 1/THROTTLE_SHARE ms; and ms of its last growth */
	unsigned numbers;
	unsigned walking;		/* depth of calls that hold a peer */
	bool consoles_changed;
};

/* ---- peer.c ---- */

/* Closes it; it is freed when nobody who may hold it is left. */
void peer_drop(struct serve_peer *);
/* Send until there is no more or the socket is full. May drop the peer. */
void peer_flush(struct serve_peer *);
/* Only what is queued already; false: the connection is broken. */
bool peer_send_queue(struct serve_peer *);
void peer_queue(struct serve_peer *, enum frame_type, const struct message *);
void peer_interest(struct serve_peer *);	/* watch for what it waits for */
/* It has just said hello: from the oldest place in the ring where a terminal can begin. */
void peer_begin_history(struct serve_peer *);
/* If it is too far behind, on to newer bytes. */
void peer_catch_up(struct serve_peer *);

/* ---- peer_in.c ---- */

/* Everything it has said; false: it has to go. */
bool peer_listen(struct serve_peer *);
/* The answerer has gone: of those who may type, the one that came last follows. */
void serve_follow_answerer(struct serve *);
/* The guest took some of what this one typed. */
void peer_took(struct serve_peer *, size_t len);

#endif
