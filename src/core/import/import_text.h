/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_IMPORT_TEXT_H
#define CORE_IMPORT_IMPORT_TEXT_H

#include "core/import/imported.h"
#include "core/import/shell_script.h"

struct error;

/* The longest text that is read. */
#define IMPORT_TEXT_MAX (1 << 20)

/*
 * Reads a file that a user has, of whichever kind it is, into settings. Pure.
 * argv gets QEMU's command line, if there is one in it, for comparisons. The
 * caller finishes both in any case.
 */
bool import_text(const char *text, size_t len, const struct shell_place *, struct imported *out, struct strv *argv,
                 struct error *);

#endif
