/* SPDX-License-Identifier: MIT */
#ifndef FAKE_KEEPERS_H
#define FAKE_KEEPERS_H

#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"

/*
 * Keepers that do what the test says, in place of core/keeper's client and
 * registry: nothing is started, and a test tells the model what a keeper
 * would by calling the events of the last connection that watches.
 */

/* What QEMU says to a request that contains `asked`: "COMMAND ARGUMENTS", or "SETTING ACTION VALUE". */
struct fake_reply {
	const char *asked;
	const char *result, *error;	/* both NULL: a setting is recorded */
};

/* A request without its answer. */
struct fake_request {
	char text[256];
	keeper_result_fn *done;
	void *data;
};

struct fake_keepers {
	struct registry_list list;	/* what registry_read gives; the test's memory */
	unsigned commands;		/* 1 << enum keeper_command, or-ed */
	unsigned launched, consoles;	/* how often */
	struct loop *loop;
	const struct keeper_events *events;
	void *data;
	const struct keeper_events *console;	/* of the console connected last */
	void *console_data;
	struct keeper_join join;	/* of that console; its size is the last one that it told */
	char typed[4096], answered[256];	/* what it sent */
	size_t typed_len, answered_len;
	bool link_down;			/* of its card */
	struct fake_request requests[8];	/* those without an answer, oldest first */
	size_t request_count;
};

extern struct fake_keepers keepers;

/* Answers the oldest request. */
void keepers_answer_one(const char *result, const char *error);
/* Answers all requests that wait, and those that follow from them. replies: the last row has .asked == NULL. */
void keepers_answer(const struct fake_reply *replies);

#endif
