/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_EDITOR_H
#define UI_KIT_EDITOR_H

#include "ui/kit/ask.h"

struct app;

/*
 * A value in the user's editor ($VISUAL, $EDITOR, else vi or nano): the
 * terminal is lent to it, and the text comes back by callback when it ends
 * with status 0 and something was changed. What goes wrong is said on the
 * screen; the value is then as it was.
 */
void editor_open(struct app *, const char *text, ask_fn *, const char *subject);
/* The file itself, which is the user's to change; whoever shows it sees that it did. */
void editor_open_file(struct app *, const char *path);

#endif
