/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_TEXT_DIFF_H
#define UI_CLI_TEXT_DIFF_H

struct str;

/*
 * Appends the differences of two texts as `diff -u` prints them, without its two lines of names; nothing if the lines are
 * the same. Pure. A missing newline at the end is not a difference.
 */
void text_diff(const char *from, const char *to, struct str *out);

#endif
