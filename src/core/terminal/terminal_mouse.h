/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_MOUSE_H
#define CORE_TERMINAL_TERMINAL_MOUSE_H

#include "core/terminal/input_modes.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Encodes the mouse and the focus as xterm does (ctlseqs, "Mouse Tracking"), in
 * the modes that the guest has set. Pure. An event that the guest has not asked
 * for, or that its encoding cannot express, is no bytes.
 */
enum {
	TERM_WHEEL_UP = 4, TERM_WHEEL_DOWN = 5,
	TERM_WHEEL_LEFT = 6, TERM_WHEEL_RIGHT = 7,	/* a wheel that tilts */
	TERM_BUTTON_LAST = 11				/* 8 to 11 are at the side */
};

struct mouse_event {
	int row, column;	/* from 0 */
	int button;		/* 1 to TERM_BUTTON_LAST; 0: motion */
	bool pressed;		/* false: released; true for motion */
	int modifiers;		/* TERM_SHIFT, TERM_ALT, TERM_CTRL */
};

/*
 * Writes at most 64 bytes and returns their number. Remembers the position and
 * what is held.
 */
size_t encode_mouse(struct input_modes *, const struct mouse_event *, char out[64]);
/* CSI I or CSI O if the guest has set 1004, otherwise nothing. */
size_t encode_focus(const struct input_modes *, bool gained, char out[64]);

#endif
