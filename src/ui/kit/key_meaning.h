/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_MEANING_H
#define UI_KIT_KEY_MEANING_H

#include "core/terminal/input_modes.h"
#include "ui/kit/key_parser.h"
#include "ui/kit/keys.h"

#include <stddef.h>

/*
 * The meaning of a token of the terminal's input. Pure. All encodings of a key
 * become the same struct key: Ctrl-u is the byte 0x15, CSI 117;5u or
 * CSI 27;5;117~.
 */
enum key_meaning {
	KEY_MEANS_NOTHING,	/* unknown, or incomplete */
	KEY_MEANS_KEY,
	KEY_MEANS_FOREIGN,	/* a key or a release that no view handles: only for a guest with the kitty protocol */
	KEY_MEANS_MOUSE,	/* the key is KEY_MOUSE; a button that is not supported is KEY_MEANS_REPORT */
	KEY_MEANS_REPORT,	/* focus: the key is KEY_FOCUS_IN or KEY_FOCUS_OUT; another report has no key */
	KEY_MEANS_ANSWER	/* an answer to a query */
};

/* The parser is the one that returned the token; it remembers which button an X10 report releases. */
enum key_meaning key_meaning(struct key_parser *, const struct key_token *, struct key *out);
/* The key for terminfo's kfNUMBER: from kf13 on, F1 and up with modifiers, numbered as xterm does. number: from 1. */
struct key key_function(int number);
/* The bytes that a guest in these modes gets for a key; 0 for a key that is not for guests. */
size_t key_encode(const struct input_modes *, const struct key *, char out[64]);

#endif
