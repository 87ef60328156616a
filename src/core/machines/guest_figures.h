/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_GUEST_FIGURES_H
#define CORE_MACHINES_GUEST_FIGURES_H

#include "core/control/memory.h"
#include "core/usage/qmp_text.h"

struct keeper_client;

/* Figures of one running VM that only its QEMU has, asked for over its keeper. Keepers of protocol 1 and 2 cannot be asked. */
struct guest_figures {
	char address[16];	/* IPv4, of the guest: from its agent, or in the user network; "": unknown */
	struct guest_block blocks[GUEST_BLOCKS];
	size_t block_count;
	bool memory_known;	/* the guest has reported it: it has a driver, and somebody has asked it to */
	struct memory_state memory;	/* only the guest's part */
};

/* What is asked, and the newest answers; a zeroed one has none. It must stay until the client is closed. */
struct guest_inquiry {
	struct guest_figures figures;
	unsigned open;				/* answers that have not come */
	void (*done)(void *data);		/* all answers have come, or failed; may be NULL */
	void *data;
};

/* Asks for all figures. Does nothing while answers are open. What fails stays as it was. */
void guest_inquiry_begin(struct guest_inquiry *, struct keeper_client *);
/* Makes the guest report its memory every second, or stop doing so. Needs the balloon that profiles have. */
void guest_memory_poll(struct keeper_client *, bool on);

#endif
