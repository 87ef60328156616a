/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_INPUT_MODES_H
#define CORE_TERMINAL_INPUT_MODES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The modes of a guest that decide what it gets for keys, the mouse and focus.
 * The state layer sets them as the guest's sequences ask; the encoders of
 * terminal_keys.h and terminal_mouse.h read them. Pure. All zero is the state
 * after a reset.
 */
enum mouse_mode { TERM_MOUSE_NONE, TERM_MOUSE_PRESS, TERM_MOUSE_CLICK, TERM_MOUSE_DRAG, TERM_MOUSE_ANY };

/* How a mouse event is written. The last one that was set holds, as in xterm. */
enum mouse_encoding {
	TERM_MOUSE_X10,		/* three bytes, up to column and row 223 */
	TERM_MOUSE_UTF8,	/* 1005: the same in UTF-8, up to 2015 */
	TERM_MOUSE_SGR,		/* 1006 */
	TERM_MOUSE_URXVT,	/* 1015 */
	TERM_MOUSE_PIXELS	/* 1016: as 1006, in pixels */
};

/*
 * The outer terminal reports cells, so 1016 sends the middle of the cell in a
 * terminal whose cells have this size. Answers to CSI 14 t and CSI 16 t must
 * use the same numbers: then a guest finds the right cell, and nothing finer.
 */
#define TERM_CELL_WIDTH 8
#define TERM_CELL_HEIGHT 16

/* Flags of the kitty keyboard protocol. */
enum {
	KITTY_DISAMBIGUATE = 1, KITTY_EVENT_TYPES = 2, KITTY_ALTERNATES = 4, KITTY_ALL_KEYS = 8, KITTY_TEXT = 16,
	/*
	 * The answer to CSI ? u: what a guest gets whatever the user's terminal is. Kinds of events and alternates it gets
	 * where that reports them.
	 */
	KITTY_HONOURED = KITTY_DISAMBIGUATE | KITTY_ALL_KEYS | KITTY_TEXT
};
#define KITTY_STACK 8
/* Leaves what was pushed and set on the screen that a terminal shows, whose stack may be larger. */
#define KITTY_PLAIN "\033[<99u\033[=0;1u"

struct kitty_stack {
	uint8_t flags[KITTY_STACK];	/* flags[top] are in force; the first is the terminal's own entry */
	uint8_t top;
};

struct input_modes {
	bool application_cursor;	/* DECCKM */
	bool application_keypad;	/* DECNKM, DECKPAM */
	bool backarrow;			/* DECBKM: Backspace sends BS, not DEL */
	bool bracketed_paste;		/* 2004 */
	bool focus;			/* 1004 */
	bool alternate_scroll;		/* 1007: without mouse tracking, the wheel is cursor keys on the alternate screen */
	bool alternate;			/* the alternate screen is shown: 47, 1047, 1049 */
	enum mouse_mode mouse;		/* 9, 1000, 1002, 1003 */
	enum mouse_encoding mouse_encoding;
	uint8_t other_keys;		/* modifyOtherKeys, 0 to 3 */
	uint8_t other_keys_format;	/* formatOtherKeys: 0 CSI 27 ; m ; c ~, 1 CSI c ; m u */
	struct kitty_stack kitty[2];	/* of the main and of the alternate screen */
	unsigned held;			/* mouse buttons that are down: bit n is button n */
	int last_row, last_column;	/* of the mouse */
};

/* Numbered as in DECRPM. */
enum input_mode_state { INPUT_MODE_UNKNOWN = 0, INPUT_MODE_SET = 1, INPUT_MODE_RESET = 2 };

/* Sets or resets a DEC private mode; ignores unrelated ones. DECKPAM and DECKPNM are mode 66. */
void input_mode(struct input_modes *, int mode, bool on);
enum input_mode_state input_mode_get(const struct input_modes *, int mode);
/* CSI > 4 ; value m. A value that xterm does not know is ignored. */
void input_other_keys(struct input_modes *, int value);
/* CSI > 4 ; value f. */
void input_other_keys_format(struct input_modes *, int value);

/* CSI > flags u. With a full stack, the oldest entry is lost. */
void input_kitty_push(struct input_modes *, bool alternate, unsigned flags);
/* CSI < count u; 0 counts as 1. Popping more than there is leaves no flags. */
void input_kitty_pop(struct input_modes *, bool alternate, unsigned count);
/* CSI = flags ; how u. how: 1 (or 0) replaces the flags, 2 adds them, 3 removes them; others are ignored. */
void input_kitty_set(struct input_modes *, bool alternate, unsigned flags, unsigned how);
/* The flags that are in force and honoured: the answer to CSI ? u. */
unsigned input_kitty_flags(const struct input_modes *, bool alternate);
/* All flags that are in force. */
unsigned input_kitty_asked(const struct input_modes *, bool alternate);

/* RIS: as in a new terminal. */
void input_reset(struct input_modes *);
/* DECSTR: DECCKM, DECNKM, modifyOtherKeys and the kitty flags; the mouse and the screen stay. */
void input_soft_reset(struct input_modes *);

#endif
