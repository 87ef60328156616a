/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_CONTROL_H
#define CORE_CONTROL_CONTROL_H

#include "core/vm/config.h"

struct error;
struct keeper_client;
struct record_io;

/*
 * Changes of a running VM, over the QMP connection of its keeper. Each function
 * of this folder begins one change, does not block, and calls back exactly
 * once, from the loop or from keeper_close. A change that cannot begin returns
 * NULL, with the reason, and does not call back. When QEMU has done it, the
 * settings of the running VM (STATE/started.ini) are changed too. doc/control.md lists
 * what can be changed and by which commands.
 */
struct control_vm {
	struct keeper_client *client;	/* must stay connected until the change is over, or it fails */
	const char *state;		/* its state directory; needed until the function returns */
	const struct record_io *records;
	const char *root;		/* prefix of /sys and /dev, for tests; NULL: none */
	unsigned guest_ms;		/* how long the guest may take to do its part of a change; 0: CONTROL_GUEST_MS */
};

#define CONTROL_GUEST_MS 10000

/* err: NULL when it is done; otherwise QEMU's words, with the setting. Nothing was changed then, unless it says so. */
typedef void control_done_fn(void *data, const struct error *err);

/* A change that has begun. Valid until it has called back. */
struct control_job;
void control_forget(struct control_job *);	/* does not call back; the change goes on. Accepts NULL */

/* Reads the present settings of the running VM, as in a profile, into an initialised config. */
bool control_running(const struct control_vm *, struct vm_config *, struct error *);

#endif
