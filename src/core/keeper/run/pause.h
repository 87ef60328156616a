/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PAUSE_H
#define CORE_KEEPER_RUN_PAUSE_H

#include <stdbool.h>

struct machine;

/*
 * Whether the guest is paused, and why. QEMU pauses a guest itself when the host's disk is full, and says so in an
 * event that comes once; which disk it is must be asked for. A guest may also be started paused (-S).
 */
struct pause {
	void (*changed)(void *data);	/* what follows is another now */
	void *data;
	struct machine *machine;	/* NULL: QMP does not answer yet */
	bool paused;
	char why[512];			/* "No space left on device: /vm/data.qcow2"; "": nobody knows, or somebody asked */
};

void pause_ready(struct pause *, struct machine *);	/* QMP answers */
/* An event of QMP, as in qmp.h; those of others are nothing. */
void pause_event(struct pause *, const char *name, const char *detail);

#endif
