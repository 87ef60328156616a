/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_REQUESTS_H
#define CORE_KEEPER_CLIENTS_REQUESTS_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The requests of protocol 3 that a client has sent and that are not answered yet, and its waits for QEMU's events.
 * Private to client.c.
 */
typedef void request_done_fn(void *data, const char *result, const char *error);

struct request {
	unsigned id;
	request_done_fn *done;
	void *data;
	uint64_t deadline;	/* when it is over, as loop_now */
	const char *late;	/* its error then; static text */
	bool (*accepts)(void *data, const char *name, const char *detail);	/* the event that a wait is for, or NULL */
	struct str result;	/* the pieces so far */
};

struct requests {
	struct request *items;
	size_t count, size;
	unsigned last;
};

/* Ids of requests begin above those of commands. */
#define REQUEST_IDS 0x40000000u

/* Returns the new request, which is valid until the next call. */
struct request *requests_add(struct requests *, request_done_fn *, void *data);
/* A piece of its result has arrived. Returns false if that would be more than a keeper sends. Unknown ids are ignored. */
bool requests_piece(struct requests *, unsigned id, const char *piece, size_t len);
/* Removes a request and calls it: with its result if error is NULL, otherwise with the error. False for an unknown id. */
bool requests_finish(struct requests *, unsigned id, const char *error);
/* Offers an event to all waits, and finishes those that accept it; not those that begin meanwhile. */
void requests_event(struct requests *, const char *name, const char *detail);
/* Finishes those whose deadline is over. Returns the next deadline, or 0. */
uint64_t requests_expire(struct requests *, uint64_t now);
/* Forgets one without a call. */
void requests_forget(struct requests *, unsigned id);
/* Forgets all without a call. */
void requests_drop(struct requests *);

#endif
