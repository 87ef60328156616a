/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_QUICKEMU_CONF_H
#define CORE_IMPORT_QUICKEMU_CONF_H

#include "core/import/imported.h"
#include "core/import/shell_script.h"

struct error;

/* Returns true if these are the variables of quickemu. */
bool quickemu_conf_check(const struct shell_variables *);
/*
 * Reads the variables of a configuration of quickemu, whose relative paths start at `directory`. exists says whether there
 * is a file of this path: an ISO is only for a disk that is not there yet. The caller initialises and finishes `out`.
 */
bool quickemu_conf_read(const struct shell_variables *, const char *directory, bool (*exists)(const char *path),
                        struct imported *out, struct error *);

#endif
