/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_ASK_GUEST_H
#define UI_CLI_ASK_GUEST_H

#include <stdbool.h>

struct guest_figures;

/*
 * Waits for this time, in ms, while the guest of the VM with this UUID reports its memory, then asks for its figures. Returns
 * false, perhaps early, if its keeper cannot be asked.
 */
bool ask_guest(const char *uuid, unsigned ms, struct guest_figures *out);

#endif
