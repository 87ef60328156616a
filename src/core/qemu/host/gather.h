/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_GATHER_H
#define CORE_QEMU_HOST_GATHER_H

#include <stdbool.h>

struct host_facts;
struct problems;
struct vm_spec;

/*
 * Returns the default state directory of an image: next to it or, if that is impossible because it is a block device
 * or in an unwritable directory, below XDG_STATE_HOME (*elsewhere is then true). name: of the VM. The caller frees it.
 */
char *host_state_place(const char *image, const char *name, bool *elsewhere);
/* Gathers all facts for a plan. fresh: generate a UUID and a MAC address; otherwise uses placeholders. */
void host_gather(const struct vm_spec *, bool fresh, struct host_facts *out, struct problems *);

#endif
