/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/listeners.h"

#include "core/base/alloc.h"

#include <stdlib.h>

struct keeper_listener {
	struct keeper_listener *next;
	struct listeners *list;
	listener_fn *fn;		/* NULL: removed */
	void *data;
};

static void sweep(struct listeners *list)
{
	struct keeper_listener **at = &list->first;

	while (list->calling == 0 && *at) {
		struct keeper_listener *listener = *at;

		if (listener->fn) {
			at = &listener->next;
			continue;
		}
		*at = listener->next;
		free(listener);
	}
}

struct keeper_listener *listeners_add(struct listeners *list, listener_fn *fn, void *data)
{
	struct keeper_listener *listener = mem_alloc(sizeof(*listener));

	*listener = (struct keeper_listener){ .next = list->first, .list = list, .fn = fn, .data = data };
	list->first = listener;
	return listener;
}

void listeners_remove(struct keeper_listener *listener)
{
	if (!listener)
		return;
	listener->fn = NULL;
	sweep(listener->list);
}

void listeners_call(struct listeners *list, const char *name, const char *detail)
{
	list->calling++;
	for (struct keeper_listener *listener = list->first; listener; listener = listener->next)
		if (listener->fn)
			listener->fn(listener->data, name, detail);
	list->calling--;
	sweep(list);
}

void listeners_end(struct listeners *list, const char *why)
{
	list->calling++;
	for (struct keeper_listener *listener = list->first; listener; listener = listener->next) {
		listener_fn *fn = listener->fn;

		listener->fn = NULL;
		if (fn)
			fn(listener->data, NULL, why);
	}
	list->calling--;
	sweep(list);
}
