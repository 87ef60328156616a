/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_KEEPER_ASK_H
#define CORE_MACHINES_KEEPER_ASK_H

#include "core/keeper/clients/keeper_state.h"

#include "core/base/error.h"

#include <stddef.h>

struct registry_entry;

/* Sends the same command to several keepers at once, and waits for their replies in one loop. For `pause`, `resume` and `reset`. */
struct keeper_ask {
	const struct registry_entry *entry;
	struct error why;	/* text[0] == '\0': done; otherwise why not, without the VM's name */
};

void keepers_ask(struct keeper_ask *, size_t count, enum keeper_command);

#endif
