/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEYS_H
#define UI_KIT_KEYS_H

#include "core/terminal/terminal_keys.h"

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

struct view;

/*
 * Keys and their names.
 *
 * Names: a character ("q", "?"), "Space", "Enter", "Tab", "S-Tab", "Esc",
 * "Backspace", "Up" "Down" "Left" "Right" "Home" "End" "PgUp" "PgDn" "Ins"
 * "Del", "Begin" (the middle of the keypad), "F1".."F24"; before it "C-" (with a letter or one of @[\]^_) or "A-".
 * With keys that are not characters "C-" and "S-" are modifiers ("C-Up").
 */

/* Position of the mouse on the screen, and the button pressed or released; button and modifiers as in terminal_mouse.h. */
struct key_mouse {
	int row, column;
	int button;
	bool pressed;
	int modifiers;
};

/* What a guest may be told that views do not need. */
struct key_detail {
	struct key_alternates alternates;	/* of the character */
	uint32_t character;	/* the key without Ctrl and Alt, or its number in the kitty protocol; 0: not reported */
	uint8_t held;		/* with character: TERM_SHIFT and so on */
	bool keypad;		/* the key is on the keypad */
	bool functional;	/* character is a number of the kitty protocol */
	uint16_t event;		/* TERM_REPEATED or TERM_RELEASED; 0: pressed */
	bool foreign;		/* with Super or the like, without a name here, or released: no view handles it */
	bool pasted;		/* text of a bracketed paste */
};

/*
 * One key: a character (is_code false) or one of curses' KEY_* (true).
 * Enter is '\r', Backspace KEY_BACKSPACE, Esc 27, S-Tab KEY_BTAB.
 */
struct key {
	wint_t code;
	bool is_code;
	bool alt;		/* ESC came before it */
	bool shift, ctrl;	/* only with is_code; for characters they are part of the character */
	struct key_mouse mouse;	/* for KEY_MOUSE */
	struct key_detail detail;
};

/* The beginning and end of a bracketed paste; both with is_code. */
#define KEY_PASTE_BEGIN	(KEY_MAX + 1)
#define KEY_PASTE_END	(KEY_MAX + 2)
/* The user's terminal got or lost the focus of the desktop. Only the view that owns the mouse gets these. */
#define KEY_FOCUS_IN	(KEY_MAX + 3)
#define KEY_FOCUS_OUT	(KEY_MAX + 4)
/* A key that has only a number; always foreign. */
#define KEY_UNNAMED	(KEY_MAX + 5)

/* Handles a key; returns enum ui_effect flags. */
typedef unsigned key_fn(struct view *, int arg);

/* A row of a key table. The help, the bottom line, the command list and the manual's KEYS section are made from it. */
struct keybinding {
	const char *key;		/* "q", "C-l", "F5"; several are separated by blanks: "Up k" */
	key_fn *run;			/* NULL ends the table */
	int arg;			/* the argument of run, so that rows can share a function */
	const char *help;		/* imperative, at most 40 columns; NULL: not in the help */
	const char *label;		/* one or two words for the bottom line; NULL: not there */
};

/* Parses one name, up to a blank or the end. Returns false if there is no such key. */
bool key_parse(const char *name, struct key *out);
/* Writes the key's name ("C-l", "Enter", "é") into buf and returns buf. */
const char *key_text(const struct key *, char *buf, size_t size);
bool key_equal(const struct key *, const struct key *);
/* True if the key has one of these names ("Up k"). */
bool key_is(const struct key *, const char *names);
/* The row for this key, or NULL. table may be NULL. */
const struct keybinding *key_lookup(const struct keybinding *table, const struct key *);
/* True for a character that can be part of a text: not a control character, without Alt. */
bool key_is_text(const struct key *);

#endif
