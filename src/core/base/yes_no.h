/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_YES_NO_H
#define CORE_BASE_YES_NO_H

#include <stdbool.h>

/*
 * The one reader of switches: yes, true, on, 1 and no, false, off, 0 in any
 * case. Returns false, and leaves out alone, when text is something else.
 */
bool yes_no_parse(const char *text, bool *out);

#endif
