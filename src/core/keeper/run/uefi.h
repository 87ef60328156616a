/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_UEFI_H
#define CORE_KEEPER_RUN_UEFI_H

#include <stdbool.h>

struct error;

/*
 * Remove what a VM's firmware has stored, under the lock of its state
 * directory, so that the next start begins with the firmware's template.
 * *removed: there was something. Refused while anything runs there.
 */
bool uefi_reset(const char *state_dir, bool *removed, struct error *);

#endif
