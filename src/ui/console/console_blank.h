/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_BLANK_H
#define UI_CONSOLE_CONSOLE_BLANK_H

#include <stdbool.h>

struct plan;
struct terminal;

/*
 * Explains a blank console: the guest may draw on its graphical screen, or may
 * not run at all. Pure.
 */

/* True if there is no character and no colour on the screen, for example after firmware has cleared it. */
bool console_is_blank(const struct terminal *);
/* The likely reason and what to do, as one paragraph, which the caller frees. argv: QEMU's arguments; empty if unknown. */
char *console_blank_advice(const struct plan *argv);

#endif
