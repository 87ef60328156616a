/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_GATHER_H
#define CORE_QEMU_HOST_GATHER_H

#include <stdbool.h>

struct host_facts;
struct problems;
struct vm_spec;

/*
 * Where the state of an image is kept when nobody says: beside it, or below XDG_STATE_HOME where that cannot be
 * (*elsewhere: a block device, a place that is not writable). name: of the VM; the caller's.
 */
char *host_state_place(const char *image, const char *name, bool *elsewhere);
/* fresh: make a UUID and a MAC; otherwise the placeholders stand in. */
void host_gather(const struct vm_spec *, bool fresh, struct host_facts *out, struct problems *);

/* The pure part of it: fills kept_uuid and kept_mac from the texts of STATE/uuid and STATE/mac-addr. */
void host_read_kept(const struct vm_spec *, struct host_facts *, struct problems *);

#endif
