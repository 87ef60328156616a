/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_RENAME_NEW_H
#define CORE_BASE_RENAME_NEW_H

#include <stdbool.h>

/*
 * Renames a file or a directory, but never replaces one. Returns false and sets errno, to EEXIST if `to` exists. On file
 * systems that cannot do that in one step, the caller's lock must keep others from creating it.
 */
bool rename_new(const char *from, const char *to);

#endif
