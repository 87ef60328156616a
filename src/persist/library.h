/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_LIBRARY_H
#define PERSIST_LIBRARY_H

#include <stdbool.h>

struct error;
struct library_item;
struct strv;

/*
 * Searches for images and state directories, in slices: in the given
 * directories and in their subdirectories. Ignores hidden names, symbolic links
 * to directories, and everything in state directories.
 */
struct library;

typedef void library_fn(void *data, const struct library_item *);

/*
 * Begins a search in absolute directories. Never returns NULL. The error is that
 * of the first directory that cannot be read, or empty; the search covers the
 * others.
 */
struct library *library_new(const struct strv *dirs, struct error *);
void library_free(struct library *);
/* Reads up to `entries` directory entries. Returns false after the last one. */
bool library_step(struct library *, unsigned entries, library_fn *found, void *data);

#endif
