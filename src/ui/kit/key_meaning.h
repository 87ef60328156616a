/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_MEANING_H
#define UI_KIT_KEY_MEANING_H

#include "core/terminal/terminal.h"
#include "ui/kit/key_parser.h"
#include "ui/kit/keys.h"

/*
 * What a token of the terminal's input is for. Pure. Keys may be spelled in
 * several ways, which all become the same struct key: Ctrl-u is the byte 0x15,
 * CSI 117;5u or CSI 27;5;117~.
 */
enum key_meaning {
	KEY_MEANS_NOTHING,	/* unknown, or broken off */
	KEY_MEANS_KEY,
	KEY_MEANS_MOUSE,	/* the key is KEY_MOUSE; a button that is not supported is KEY_MEANS_REPORT */
	KEY_MEANS_REPORT,	/* focus */
	KEY_MEANS_ANSWER	/* to a question that somebody asked the terminal */
};

/* The parser is the one that the token is from: which button X10's reports release is kept there. */
enum key_meaning key_meaning(struct key_parser *, const struct key_token *, struct key *out);
/* The key that terminfo's kf13 and up stand for: F1.. with modifiers, as xterm numbers them. number: from 1 on. */
struct key key_function(int number);
/* Its name for encode_key, and TERM_SHIFT and so on; false: it is a character, or a key that guests do not get. */
bool key_special(const struct key *, enum terminal_key *, int *modifiers);

#endif
