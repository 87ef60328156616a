/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_PROFILE_H
#define PERSIST_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;
struct vm_config;

/* A profile as text and as configuration. Pure. */

/* Fills the settings of config (initialised; its name stays). Keys that are no setting are left aside: core/vm/stray.h. */
bool profile_read(const char *text, size_t len, struct vm_config *, struct error *);

/*
 * Change a text that profile_read takes ("" for a new one) so that it says
 * just what config does; all that is no setting stays. On failure (a value
 * that is too long) it is as it was.
 */
bool profile_edit(struct str *text, const struct vm_config *, struct error *);

#endif
