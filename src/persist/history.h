/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_HISTORY_H
#define PERSIST_HISTORY_H

#include "core/vm/store.h"
#include "persist/atomic.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The texts that a profile had: ROOT/NAME/NUMBER.ini, whose time is when paddock wrote or noticed that text. The newest
 * is the profile's text now, if paddock has seen it; 20 earlier ones are kept. It outlives the profile. Callers
 * hold the lock of the profiles. root NULL: nothing is kept, and there is no history.
 */

/*
 * Adds a text unless it is the newest already. Sets *number, which may be NULL, to that of the text, or to 0 without a
 * root. Creates directories with mode 0700.
 */
bool history_keep(const char *root, const char *name, const char *text, size_t len, enum atomic_sync sync,
                  unsigned *number, struct error *);
/* The revisions, oldest first; none is not an error. The caller finishes the list, also on failure. */
bool history_list(const char *root, const char *name, struct revision_list *, struct error *);
/* The text of a revision; NULL on error. The caller frees it. */
char *history_text(const char *root, const char *name, unsigned number, struct error *);
/* After the profile got a new name. If that name has a history, the revisions are added to it. */
bool history_rename(const char *root, const char *from, const char *to, struct error *);

#endif
