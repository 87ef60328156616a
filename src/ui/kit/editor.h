/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_EDITOR_H
#define UI_KIT_EDITOR_H

#include "ui/kit/ask.h"

struct app;

/*
 * Opens a value in the user's editor ($VISUAL, $EDITOR, or else vi or nano),
 * to which the terminal is lent. If the editor exits with status 0 and the
 * text has changed, the callback gets the new text. Errors are shown on the
 * screen, and the value stays as it was.
 */
void editor_open(struct app *, const char *text, struct ask_then);
/* Shows a text in the user's pager ($PAGER, or else less or more) or editor. What is changed there is lost. */
void editor_show(struct app *, const char *text, bool in_pager);
/* Opens the file itself; the callback gets its path when the editor has ended, with whatever status. */
void editor_open_file(struct app *, const char *path, struct ask_then);

#endif
