/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_KEYS_H
#define CORE_TERMINAL_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Keys and mouse to the bytes xterm sends for them, in the modes the guest
 * asked for. Pure. libvterm's own encoder is not used: it sends CSI u for
 * what a serial guest expects as a control byte.
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
	int held;			/* mouse button that is down, 0: none */
	int last_row, last_column;	/* of the mouse */
};

/* DEC private mode set or reset; others are ignored. */
void input_mode(struct input_modes *, int mode, bool on);
/* The control byte that Ctrl makes of a character; the character where it makes none. */
uint32_t control_character(uint32_t character);
/* The encoders of terminal.h, over modes alone. */
size_t encode_key(const struct input_modes *, enum terminal_key, int modifiers, char out[64]);
size_t encode_char(uint32_t character, int modifiers, char out[64]);
size_t encode_mouse(struct input_modes *, int row, int column, int button, bool pressed, int modifiers, char out[64]);

#endif
