/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_REQUESTS_H
#define CORE_KEEPER_CLIENTS_REQUESTS_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The requests of protocol 3 that a client has sent and that are not answered yet.
 * Private to client.c.
 */
typedef void request_done_fn(void *data, const char *result, const char *error);

struct request {
	unsigned id;
	request_done_fn *done;
	void *data;
	const char *failure;	/* why it was not sent; static text */
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
/* Forgets all without a call. */
void requests_drop(struct requests *);

#endif
