/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_TRASH_H
#define PERSIST_TRASH_H

#include "core/vm/store.h"

#include <stdbool.h>
#include <time.h>

/*
 * Deleted profiles and state directories: ROOT/ID/ with item.ini, the record of where they were, and what was there,
 * unless that was on another file system: then it is in .paddock-trash next to its old place. Nothing is copied. The record is written
 * before anything is moved, and what is in the trash is what is found there, so a paddock that is killed in between loses nothing.
 */

/*
 * Moves a profile's file, a state directory, or both. The name is shown to the user. If one cannot be moved, neither is. *id is set on
 * success; the caller frees it.
 */
bool trash_put(const char *root, const char *name, const char *profile, const char *state, char **id, struct error *);
/* What is in it, oldest first. The caller finishes the list, also on failure. */
bool trash_list(const char *root, struct trash_list *, struct error *);
/* Moves an item back. Fails, and moves nothing, if something is at an old place. */
bool trash_restore(const char *root, const char *id, struct error *);
/* Removes an item for good. */
bool trash_remove(const char *root, const char *id, struct error *);
/*
 * Removes up to `entries` files of what was put there before a time, or was being removed, and sets *more if there is
 * more. *cursor is what was done so far: NULL at first, and freed by the caller. Never waits for another paddock.
 */
void trash_expire(const char *root, time_t before, unsigned entries, char **cursor, bool *more);

#endif
