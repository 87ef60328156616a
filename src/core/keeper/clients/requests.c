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

void requests_drop(struct requests *requests)
{
	for (size_t i = 0; i < requests->count; i++)
		str_finish(&requests->items[i].result);
	free(requests->items);
	*requests = (struct requests){ 0 };
}
