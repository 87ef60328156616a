/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_COPY_H
#define UI_CONSOLE_CONSOLE_COPY_H

#include "core/base/str.h"

#include <stddef.h>

struct record_io;

/*
 * Copies a text that the user has selected: to the clipboard of the user's
 * terminal, and into $XDG_STATE_HOME/paddock/copied.txt (mode 0600), since
 * terminals do not say whether they take it. Writes a sentence about that to `said`.
 */
void console_copy(const struct record_io *, const struct str *text, char *said, size_t size);

#endif
