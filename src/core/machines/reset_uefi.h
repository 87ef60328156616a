/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_RESET_UEFI_H
#define CORE_MACHINES_RESET_UEFI_H

#include <stdbool.h>

struct error;
struct vm_config;

/*
 * Removes the UEFI variables of a VM from the state directory of the config,
 * or from `state` if there is no config. Fails while any QEMU runs there.
 * *removed: true if there were variables.
 */
bool reset_uefi(const struct vm_config *, const char *state, bool *removed, struct error *);

#endif
