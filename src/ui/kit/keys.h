/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEYS_H
#define UI_KIT_KEYS_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

struct view;

/*
 * Keys and their names.
 *
 * Names: a character ("q", "?"), "Space", "Enter", "Tab", "S-Tab", "Esc",
 * "Backspace", "Up" "Down" "Left" "Right" "Home" "End" "PgUp" "PgDn" "Ins"
 * "Del", "F1".."F12"; before it "C-" (with a letter or one of @[\]^_) or "A-".
 * With keys that are not characters "C-" and "S-" are modifiers ("C-Up").
 */

/* Position of the mouse on the screen, and the button pressed or released: 4 and 5 are the wheel, 0 is motion. */
struct key_mouse {
	int row, column;
	int button;
	bool pressed;
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
};

/* The beginning and end of a bracketed paste; both with is_code. */
#define KEY_PASTE_BEGIN	(KEY_MAX + 1)
#define KEY_PASTE_END	(KEY_MAX + 2)

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
