/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_KEYS_H
#define CORE_TERMINAL_TERMINAL_KEYS_H

#include "core/terminal/input_modes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Encodes keys as xterm does (ctlseqs, "PC-Style Function Keys", "Alt and Meta
 * Keys"), in the modes that the guest has set: cursor and keypad modes,
 * modifyOtherKeys, and the kitty keyboard protocol. Without such modes a guest
 * on a serial line gets control bytes and ESC for Alt. Pure.
 */
enum terminal_key {
	TERM_KEY_ENTER, TERM_KEY_TAB, TERM_KEY_BACKTAB, TERM_KEY_BACKSPACE, TERM_KEY_ESCAPE,
	TERM_KEY_UP, TERM_KEY_DOWN, TERM_KEY_LEFT, TERM_KEY_RIGHT, TERM_KEY_BEGIN,
	TERM_KEY_INSERT, TERM_KEY_DELETE, TERM_KEY_HOME, TERM_KEY_END, TERM_KEY_PAGEUP, TERM_KEY_PAGEDOWN,
	TERM_KEY_F1, TERM_KEY_F12 = TERM_KEY_F1 + 11, TERM_KEY_F24 = TERM_KEY_F1 + 23, TERM_KEY_MENU,
	TERM_KEY_KP_0, TERM_KEY_KP_9 = TERM_KEY_KP_0 + 9, TERM_KEY_KP_DECIMAL, TERM_KEY_KP_DIVIDE,
	TERM_KEY_KP_MULTIPLY, TERM_KEY_KP_SUBTRACT, TERM_KEY_KP_ADD, TERM_KEY_KP_ENTER, TERM_KEY_KP_EQUAL,
	TERM_KEY_KP_SEPARATOR,
	TERM_KEY_LAST = TERM_KEY_KP_SEPARATOR
};

/* As in the kitty protocol. Only its guests get a character with one of the last three. */
enum { TERM_SHIFT = 1, TERM_ALT = 2, TERM_CTRL = 4, TERM_SUPER = 8, TERM_HYPER = 16, TERM_META = 32 };
/* With the modifiers: the key is repeated, or released. Only guests that have asked for it see the difference, or a release. */
enum { TERM_REPEATED = 256, TERM_RELEASED = 512 };

/* A key as a terminal with the kitty protocol reports it; 0: not reported. */
struct key_alternates {
	uint32_t base;			/* the character without Shift */
	uint32_t shifted, latin;	/* with Shift; in the same place of a Latin keyboard */
};

/* Returns the control byte for Ctrl with a character, or the character itself if there is none. */
uint32_t control_character(uint32_t character);
/* The key on the keypad with this character ('\r' is Enter); false if there is none. */
bool keypad_key(uint32_t character, enum terminal_key *out);

/* Each writes at most 64 bytes and returns their number; 0 if the guest gets nothing for the key. */
size_t encode_key(const struct input_modes *, enum terminal_key, int modifiers, char out[64]);
/* character: without Ctrl, or the control byte itself; upper case is one of its own, with or without TERM_SHIFT. */
size_t encode_char(const struct input_modes *, uint32_t character, int modifiers, char out[64]);
/* The same with alternates, for guests that have asked for them. */
size_t encode_alternates(const struct input_modes *, uint32_t character, const struct key_alternates *, int modifiers,
                         char out[64]);
/* A key that only the kitty protocol has a number for, 57344 to 63743. */
size_t encode_functional(const struct input_modes *, uint32_t number, int modifiers, char out[64]);

#endif
