/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_LOG_CLEAN_H
#define UI_DETAILS_LOG_CLEAN_H

#include <stddef.h>

/*
 * Turns a console log into text: drops control sequences; a carriage return
 * restarts its line, and a backspace removes one character. The caller frees it.
 */
char *log_clean(const char *bytes, size_t len);

#endif
