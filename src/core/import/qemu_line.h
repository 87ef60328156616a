/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_QEMU_LINE_H
#define CORE_IMPORT_QEMU_LINE_H

#include "core/import/imported.h"

struct error;

/*
 * Reads a command line of QEMU into settings. Pure: no file is looked at.
 * What no setting can hold stays an argument; what paddock itself sets, or
 * what would take the process out of its hands, is left out.
 */

/* Returns true if this word, without its directory, is the name of an emulator: qemu-system-ARCH, qemu-kvm or kvm. */
bool qemu_program_check(const char *word);

/* Returns true if this option, written with one dash, takes no value. */
bool qemu_option_is_flag(const char *option);

/*
 * argv[0] is the program. cwd is the absolute directory that relative paths
 * start at. Fails for an architecture that paddock has no guests of, and for
 * options without their value. The caller finishes `out` in any case.
 */
bool qemu_line_read(const struct strv *argv, const char *cwd, struct imported *out, struct error *);

#endif
