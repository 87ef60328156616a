/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_RESET_UEFI_H
#define CORE_MACHINES_RESET_UEFI_H

#include <stdbool.h>

struct error;
struct vm_config;

/*
 * Forget a VM's UEFI variables. Where its state directory is says the
 * configuration; state is for what has none. Refused while any QEMU, ours
 * or not, runs there.
 */
bool reset_uefi(const struct vm_config *, const char *state, bool *removed, struct error *);

#endif
