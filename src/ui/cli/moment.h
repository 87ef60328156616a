/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_MOMENT_H
#define UI_CLI_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct error;

/*
 * A moment as a user types it, in local time: "2026-11-29 13:00", with seconds
 * or without a time (the beginning of the day), "13:00" (today), "now", "today",
 * "yesterday", "boot" (before everything else); or how long ago: "10m", "2h ago",
 * "1h30m", "3d". Pure but for the time zone.
 */
bool moment_parse(const char *text, time_t now, int64_t *ms, struct error *err);

#define MOMENT_SIZE 40
/* ISO 8601 with the offset of local time: "2026-11-29T13:00:05.123+01:00". buf has MOMENT_SIZE bytes. Returns buf. */
const char *moment_text(int64_t ms, char *buf);

#endif
