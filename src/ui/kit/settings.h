/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SETTINGS_H
#define UI_KIT_SETTINGS_H

#include "ui/kit/outer_looks.h"

#include <stdbool.h>

struct error;
struct store;

/* The user's settings in paddock.ini, parsed and checked. An invalid value counts as not set. */

#define SETTINGS_TRASH_DAYS 30
#define SETTINGS_PREFIX 0x07	/* Ctrl-g */

/* The console's prefix key, a control character: [keys] prefix = C-g, ^G or Ctrl-g. store may be NULL. */
unsigned char settings_prefix(struct store *);
/* True if lists and forms use the mouse; [mouse] use = no leaves it to the terminal. store may be NULL. */
bool settings_mouse(struct store *);
/* True if the screen measures and shows what running machines use: [list] usage = no turns it off. store may be NULL. */
bool settings_usage(struct store *);
/* After how many days in the trash something is removed; 0: never, also if the setting is invalid. [trash] days. store may be NULL. */
unsigned settings_trash_days(struct store *);
/* Which attributes of text the user's terminal gets: [terminal] attributes = auto, basic or full. store may be NULL. */
enum outer_attributes settings_attributes(struct store *);
/* Whether it gets hyperlinks: [terminal] links = auto, yes or no. store may be NULL. */
enum outer_link_use settings_links(struct store *);
/* Returns false if a value is invalid; the error names it. */
bool settings_check(struct store *, struct error *);
/*
 * "C-g", "^G", "Ctrl-g" -> 7. Returns false for anything but Ctrl with a letter or one of \ ] ^ _, and for the keys
 * that Backspace, Tab and Enter send (h, i, j, m).
 */
bool settings_parse_prefix(const char *text, unsigned char *prefix);
/* The prefix as shown to the user: "Ctrl-g". */
const char *settings_prefix_name(unsigned char prefix, char buf[8]);

#endif
