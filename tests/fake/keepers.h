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
struct fake_keepers {
	struct registry_list list;	/* what registry_read gives; the test's memory */
	unsigned commands;		/* 1 << enum keeper_command, or-ed */
	unsigned launched, consoles;	/* how often */
	const struct keeper_events *events;
	void *data;
	const struct keeper_events *console;	/* of the console connected last */
	void *console_data;
	struct keeper_join join;	/* of that console; its size is the last one that it told */
	char request[256];		/* the last one: of QMP, or "section.key add VALUE" of a setting */
	keeper_result_fn *answer;	/* to be called once with its result; NULL: none is open */
	void *answer_data;
	char typed[4096], answered[256];	/* what it sent */
	size_t typed_len, answered_len;
};

extern struct fake_keepers keepers;

#endif
