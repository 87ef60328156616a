/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_TERMINFO_H
#define UI_KIT_KEY_TERMINFO_H

#include "ui/kit/key_parser.h"

/* The keys that the terminal's entry in terminfo names, of those that paddock knows; curses must be open. Caller frees. */
struct key_known *key_terminfo(size_t *count);

#endif
