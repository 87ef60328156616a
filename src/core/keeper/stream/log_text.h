/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_TEXT_H
#define CORE_KEEPER_STREAM_LOG_TEXT_H

#include <stddef.h>

struct str;

/*
 * A line of the log as it looked on the screen: without control sequences, with
 * what was written over by carriage returns, backspaces and erasing, as it was
 * at the end of the line. Pure.
 */

/* Replaces `out` by the text of a line: UTF-8 without control characters, tabs as blanks. */
void log_text(const char *bytes, size_t len, struct str *out);

#endif
