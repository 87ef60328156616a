/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_LOG_CLEAN_H
#define UI_DETAILS_LOG_CLEAN_H

#include <stddef.h>

/*
 * A console's log as text: control sequences are dropped, a carriage return
 * begins its line again, a backspace takes one character. The caller's.
 */
char *log_clean(const char *bytes, size_t len);

#endif
