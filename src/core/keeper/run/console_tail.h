/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_CONSOLE_TAIL_H
#define CORE_KEEPER_RUN_CONSOLE_TAIL_H

#include <stddef.h>

struct ring;
struct terminal;

/* The end of a console as text. Pure. */
#define CONSOLE_TAIL_LINES 20

/*
 * Writes the last lines of the screen that are not blank, at most CONSOLE_TAIL_LINES, separated by newlines and without
 * escape sequences. A line that continues on the next row is one. Leaves out the oldest lines that do not fit into size.
 */
void console_tail(const struct terminal *, char *out, size_t size);

/*
 * Finds the reason of a Linux kernel's panic in the newest bytes of the console: "not syncing: ...", at most size - 1 bytes of
 * ASCII. out is "" if there is none. The last panic counts. A call trace of many lines follows it, so that it may have left
 * the screen.
 */
void console_panic(const struct ring *, char *out, size_t size);

#endif
