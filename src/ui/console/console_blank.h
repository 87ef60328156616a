/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_BLANK_H
#define UI_CONSOLE_CONSOLE_BLANK_H

#include <stdbool.h>

struct plan;
struct terminal;

/*
 * A console on which nothing is to be seen, since the guest draws on its
 * graphical screen or does not run at all. Pure.
 */

/* No character and no colour anywhere; firmware that clears the screen leaves it so, whatever it wrote before. */
bool console_is_blank(const struct terminal *);
/* Why that may be and what to do, as one paragraph. argv: QEMU's arguments, none if they are not known. The caller's. */
char *console_blank_advice(const struct plan *argv);

#endif
