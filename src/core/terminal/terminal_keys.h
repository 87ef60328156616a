/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_KEYS_H
#define CORE_TERMINAL_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Encodes keys and mouse events as xterm does, in the modes that the guest has
 * set. Pure. The encoder of libvterm is not used, because it sends CSI u for
 * keys that a guest on a serial line expects as control bytes.
 */
enum terminal_key {
	TERM_KEY_ENTER, TERM_KEY_TAB, TERM_KEY_BACKTAB, TERM_KEY_BACKSPACE, TERM_KEY_ESCAPE,
	TERM_KEY_UP, TERM_KEY_DOWN, TERM_KEY_LEFT, TERM_KEY_RIGHT,
	TERM_KEY_INSERT, TERM_KEY_DELETE, TERM_KEY_HOME, TERM_KEY_END, TERM_KEY_PAGEUP, TERM_KEY_PAGEDOWN,
	TERM_KEY_F1, TERM_KEY_F12 = TERM_KEY_F1 + 11
};
enum { TERM_SHIFT = 1, TERM_ALT = 2, TERM_CTRL = 4 };

enum mouse_mode { TERM_MOUSE_NONE, TERM_MOUSE_PRESS, TERM_MOUSE_CLICK, TERM_MOUSE_DRAG, TERM_MOUSE_ANY };

struct input_modes {
	bool application_cursor;	/* DECCKM */
	bool bracketed_paste;		/* 2004 */
	bool sgr_mouse;			/* 1006 */
	enum mouse_mode mouse;		/* 9, 1000, 1002, 1003 */
	int held;			/* mouse button that is down, or 0 */
	int last_row, last_column;	/* of the mouse */
};

/* Sets or resets a DEC private mode; ignores unrelated ones. */
void input_mode(struct input_modes *, int mode, bool on);
/* Returns the control byte for Ctrl with a character, or the character itself if there is none. */
uint32_t control_character(uint32_t character);
/* The encoders of terminal.h, which depend only on the modes. */
size_t encode_key(const struct input_modes *, enum terminal_key, int modifiers, char out[64]);
size_t encode_char(uint32_t character, int modifiers, char out[64]);
size_t encode_mouse(struct input_modes *, int row, int column, int button, bool pressed, int modifiers, char out[64]);

#endif
