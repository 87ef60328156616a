/* SPDX-License-Identifier: MIT */
#ifndef UI_UNDO_H
#define UI_UNDO_H

#include <stdbool.h>

struct app;
struct undo;

/* The changes of saved machines that were made in this screen, so that each can be undone, the last one first. */

struct undo *undo_new(void);
void undo_free(struct undo *);

/* Notes that a profile or a state directory went to the trash, as this item. */
void undo_note_deleted(struct app *, const char *name, const char *id);
void undo_note_renamed(struct app *, const char *from, const char *to);
/* Notes that a profile was saved, whose text was this before; NULL: there was none. Returns false, and notes nothing, if its text is the
 * same now. */
bool undo_note_saved(struct app *, const char *name, const char *before);
/* Undoes the last change and says what it was, or why that is not possible; it can then be tried again. */
void undo_last(struct app *);

#endif
