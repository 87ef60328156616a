/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PAUSE_H
#define CORE_KEEPER_RUN_PAUSE_H

#include <stdbool.h>

struct qemu_process;

/*
 * Keeps track of whether the guest is paused, and why. QEMU itself pauses a guest when the host's disk is full, and
 * reports that in a single event, without the disk, which must be queried. A guest may also be started paused (-S).
 */
struct pause {
	void (*changed)(void *data);	/* `paused`, `why` or `io_error` has changed */
	void *data;
	struct qemu_process *qemu;	/* NULL while QMP does not answer */
	bool paused;
	char why[512];			/* "No space left on device: /vm/data.qcow2"; "" if not known or requested */
	char io_error[512];		/* the last error of a disk in this form, whether QEMU has paused the guest or not */
	char device[64];		/* the disk of that error */
	bool asking;			/* which file it is */
};

void pause_ready(struct pause *, struct qemu_process *);	/* QMP answers */
/* Handles a QMP event, as in qmp.h; ignores unrelated ones. */
void pause_event(struct pause *, const char *name, const char *detail);

#endif
