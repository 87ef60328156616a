/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_LINK_H
#define CORE_CONTROL_LINK_H

#include "core/control/control.h"

/*
 * Sets the link of the VM's network card up or down, as if its cable were plugged in or pulled. The state directory
 * records nothing: the link is up at the next start.
 */
struct control_job *control_link_set(const struct control_vm *, bool up, control_done_fn *, void *data, struct error *);

struct link_state {
	char model[32];		/* "virtio-net-pci" */
	char mac[18];
	char backend[16];	/* "user", "tap" or "bridge" */
	bool up;
};

/* state: valid during the call; NULL, with err, on failure and if the VM has no network card. */
typedef void control_link_fn(void *data, const struct link_state *state, const struct error *err);
struct control_job *control_link_query(const struct control_vm *, control_link_fn *, void *data);
/* Parses the output of `info network`, which does not say whether the link is up. Returns false if it has no card. */
bool link_state_read(const char *text, struct link_state *out);

#endif
