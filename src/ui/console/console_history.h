/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_HISTORY_H
#define UI_CONSOLE_CONSOLE_HISTORY_H

#include <stddef.h>

struct str;
struct terminal;

/*
 * Lines from before a client was there. The keeper sends the screen only; what
 * led to it is in the log. Pure.
 */

/*
 * Makes a terminal that has been given `log` the one that the keeper's screen
 * belongs to: rows that are above the screen become scrollback, the others are
 * replaced by it. Neither loses rows nor shows any twice as long as the screen
 * is where the log has ended. log: a terminal of the screen's size; screen: the
 * bytes of a snapshot.
 */
void console_history_join(struct terminal *log, const struct str *screen);

#endif
