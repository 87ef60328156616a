/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_STORE_FILES_H
#define PERSIST_STORE_FILES_H

#include <stdbool.h>

struct error;
struct store;
struct strv;

/*
 * The store on the user's files: $XDG_CONFIG_HOME/paddock/vms/NAME.ini and
 * $XDG_CONFIG_HOME/paddock/paddock.ini (doc/paddock.5). Nothing is made
 * before the first save.
 */

/*
 * library_dirs (may be NULL): the library as told on the command line,
 * instead of that of paddock.ini; without both it is the working directory.
 * Never NULL.
 */
struct store *store_files_new(const struct strv *library_dirs);
void store_files_free(struct store *);

/* Whether paddock.ini could be read (where not, every setting counts as not set) and has nothing in it that is no setting. */
bool store_files_settings_good(const struct store *, struct error *);

#endif
