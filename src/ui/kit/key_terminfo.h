/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_TERMINFO_H
#define UI_KIT_KEY_TERMINFO_H

#include "ui/kit/key_parser.h"

/* The keys in the terminal's terminfo entry that paddock knows. Curses must be open. The caller frees the result. */
struct key_known *key_terminfo(size_t *count);
/* True if there is an entry for this $TERM. newterm would say so, too, but leaks memory when it fails. */
bool key_terminfo_exists(const char *term);
/* The byte that Backspace sends, BS or DEL; 0 if the entry names another or none. */
unsigned char key_terminfo_backspace(void);

#endif
