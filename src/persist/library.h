/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_LIBRARY_H
#define PERSIST_LIBRARY_H

#include <stdbool.h>

struct error;
struct library_item;
struct strv;

/*
 * A search for images and state directories, done in slices: the
 * directories themselves and those in them. Hidden names and symbolic links
 * to directories are left out; nothing inside a state directory counts.
 */
struct library;

typedef void library_fn(void *data, const struct library_item *);

/*
 * dirs are absolute. The error is that of the first that cannot be read,
 * empty if all can; the search covers the others. Never NULL.
 */
struct library *library_new(const struct strv *dirs, struct error *);
void library_free(struct library *);
/* Look at up to so many directory entries; false: that was the last. */
bool library_step(struct library *, unsigned entries, library_fn *found, void *data);

#endif
