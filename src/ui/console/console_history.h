/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_HISTORY_H
#define UI_CONSOLE_CONSOLE_HISTORY_H

#include <stdbool.h>

struct str;
struct terminal;

/*
 * Lines from before a client was there. The keeper sends the screen only; what
 * led to it is in the log. Pure.
 */

/*
 * Returns true if the guest was in the alternate screen where the log begins,
 * so that what it drew there does not become scrollback. since: the output that
 * has followed the log; after: whether it is in the alternate screen now.
 */
bool console_history_alternate(const struct str *log, const struct str *since, bool after);

/*
 * Makes a terminal that has been given `log` the one that the keeper's screen
 * belongs to: rows that are above the screen become scrollback, the others are
 * replaced by it. Neither loses rows nor shows any twice as long as the screen
 * is where the log has ended. log: a terminal of the screen's size; screen: the
 * bytes of a snapshot.
 */
void console_history_join(struct terminal *log, const struct str *screen);

#endif
