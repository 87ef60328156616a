/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_PROFILE_H
#define PERSIST_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;
struct vm_config;

/* A profile as text and as configuration. Pure. */

/* Reads the settings into an initialised config and keeps its name. Unknown keys are noted, see core/vm/unknown_key.h. */
bool profile_read(const char *text, size_t len, struct vm_config *, struct error *);

/*
 * Changes a text that profile_read accepts ("" for a new one) so that it has the
 * settings of config; everything else is kept. On failure (a value that is too
 * long) the text is unchanged.
 */
bool profile_edit(struct str *text, const struct vm_config *, struct error *);

#endif
