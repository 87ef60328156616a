/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_STORE_FILES_H
#define PERSIST_STORE_FILES_H

#include <stdbool.h>

struct error;
struct store;
struct strv;

/*
 * A store that uses files: $XDG_CONFIG_HOME/paddock/vms/NAME.ini and
 * $XDG_CONFIG_HOME/paddock/paddock.ini (doc/paddock.5). Creates nothing before
 * the first save.
 */

/*
 * library_dirs: the library directories of the command line, or NULL to use
 * those of paddock.ini or, without them, the working directory. Never returns
 * NULL.
 */
struct store *store_files_new(const struct strv *library_dirs);
void store_files_free(struct store *);

/* Returns true if paddock.ini can be read and contains no unknown settings. If it cannot be read, no setting is set. */
bool store_files_settings_good(const struct store *, struct error *);

#endif
