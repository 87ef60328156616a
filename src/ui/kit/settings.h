/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SETTINGS_H
#define UI_KIT_SETTINGS_H

#include <stdbool.h>

struct error;
struct store;

/* What the user set in paddock.ini, read and checked; a wrong value counts as not set. */

#define SETTINGS_PREFIX 0x07	/* Ctrl-g */

/* The console's prefix key, a control character: [keys] prefix = C-g, ^G or Ctrl-g. store may be NULL. */
unsigned char settings_prefix(struct store *);
/* Whether the mouse is used in lists and forms: [mouse] use = no leaves it to the terminal. store may be NULL. */
bool settings_mouse(struct store *);
/* false: a value is not taken, and why. */
bool settings_check(struct store *, struct error *);
/* "C-g", "^G", "Ctrl-g" -> 7; false for anything but Ctrl and a letter or one of \ ] ^ _, and for what
 * Backspace, Tab and Enter send (h, i, j, m). */
bool settings_parse_prefix(const char *text, unsigned char *prefix);
/* "Ctrl-g", as people are told of it. */
const char *settings_prefix_name(unsigned char prefix, char buf[8]);

#endif
