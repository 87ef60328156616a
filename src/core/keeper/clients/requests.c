/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/requests.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define RESULT_MAX (2 * 1024 * 1024)	/* twice what a keeper sends */

struct request *requests_add(struct requests *requests, request_done_fn *done, void *data)
{
	struct request *request;

	requests->items = mem_grow(requests->items, &requests->size, requests->count + 1, sizeof(*requests->items));
	request = &requests->items[requests->count++];
	*request = (struct request){ .id = REQUEST_IDS + requests->last++, .done = done, .data = data };
	str_init(&request->result);
	return request;
}

static struct request *find(struct requests *requests, unsigned id)
{
	for (size_t i = 0; i < requests->count; i++)
		if (requests->items[i].id == id)
			return &requests->items[i];
	return NULL;
}

bool requests_piece(struct requests *requests, unsigned id, const char *piece, size_t len)
{
	struct request *request = find(requests, id);

	if (!request)
		return true;
	if (len > RESULT_MAX - request->result.len)
		return false;
	str_add(&request->result, piece, len);
	return true;
}

bool requests_finish(struct requests *requests, unsigned id, const char *error)
{
	struct request *request = find(requests, id), found;

	if (!request)
		return false;
	found = *request;
	*request = requests->items[--requests->count];
	if (found.done)
		found.done(found.data, error || !found.result.len ? NULL : found.result.text, error);
	str_finish(&found.result);
	return true;
}

void requests_forget(struct requests *requests, unsigned id)
{
	struct request *request = find(requests, id);

	if (request)
		request->done = NULL;
	requests_finish(requests, id, NULL);
}

/* The oldest request whose id is at least `from` and less than `to`, or NULL. */
static struct request *next_after(const struct requests *requests, unsigned from, unsigned to)
{
	struct request *next = NULL;

	for (size_t i = 0; i < requests->count; i++) {
		struct request *request = &requests->items[i];

		if (request->id >= from && request->id < to && (!next || request->id < next->id))
			next = request;
	}
	return next;
}

void requests_event(struct requests *requests, const char *name, const char *detail)
{
	unsigned from = REQUEST_IDS, to = REQUEST_IDS + requests->last;

	for (struct request *wait; (wait = next_after(requests, from, to)); ) {
		from = wait->id + 1;
		if (!wait->accepts || !wait->accepts(wait->data, name, detail))
			continue;
		str_adds(&wait->result, *detail ? detail : "{}");
		requests_finish(requests, wait->id, NULL);
	}
}

uint64_t requests_expire(struct requests *requests, uint64_t now)
{
	unsigned from = REQUEST_IDS, to = REQUEST_IDS + requests->last;
	uint64_t next = 0;

	for (const struct request *request; (request = next_after(requests, from, to)); ) {
		from = request->id + 1;
		if (request->deadline <= now)
			requests_finish(requests, request->id, request->late);
	}
	for (size_t i = 0; i < requests->count; i++)
		if (!next || requests->items[i].deadline < next)
			next = requests->items[i].deadline;
	return next;
}

void requests_drop(struct requests *requests)
{
	for (size_t i = 0; i < requests->count; i++)
		str_finish(&requests->items[i].result);
	free(requests->items);
	*requests = (struct requests){ 0 };
}
