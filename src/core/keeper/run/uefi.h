/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_UEFI_H
#define CORE_KEEPER_RUN_UEFI_H

#include <stdbool.h>

struct error;

/*
 * Removes the variables that a VM's firmware has stored, so that the next
 * start uses the template again. Holds the lock of the state directory, and
 * fails if a VM is running there. *removed: true if there were variables.
 */
bool uefi_reset(const char *state_dir, bool *removed, struct error *);

#endif
