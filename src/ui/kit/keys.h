/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEYS_H
#define UI_KIT_KEYS_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

struct view;

/*
 * Keys, their and their names.
 *
 * Names: a character ("q", "?"), "Space", "Enter", "Tab", "S-Tab", "Esc",
 * "Backspace", "Up" "Down" "Left" "Right" "Home" "End" "PgUp" "PgDn" "Ins"
 * "Del", "F1".."F12"; in front "C-" (with a letter or one of @[\]^_) and "A-".
 * With keys that are no characters "C-" and "S-" are modifiers ("C-Up").
 */

/* Where the mouse is, on the screen, and which button was pressed or released: 4 and 5 are the wheel, 0 is motion. */
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
	bool alt;		/* it came with ESC in front */
	bool shift, ctrl;	/* only with is_code: characters are others with them */
	struct key_mouse mouse;	/* of KEY_MOUSE */
};

/* What bracketed paste sends around the text; both with is_code. */
#define KEY_PASTE_BEGIN	(KEY_MAX + 1)
#define KEY_PASTE_END	(KEY_MAX + 2)

/* What a key does; enum ui_effect, or-ed. */
typedef unsigned key_fn(struct view *, int arg);

/* A row of a key table; help, bottom line, the list of commands and the manual's KEYS are made from it. */
struct keybinding {
	const char *key;		/* "q", "C-l", "F5"; several with blanks between: "Up k" */
	key_fn *run;			/* NULL ends the table */
	int arg;			/* what run gets, where several rows do much the same */
	const char *help;		/* imperative, at most 40 columns; NULL: not in the help */
	const char *label;		/* one or two words for the bottom line; NULL: not there */
};

/* One name, up to a blank or the end; false: no such name. */
bool key_parse(const char *name, struct key *out);
/* "C-l", "Enter", "é": into buf, which is returned. */
const char *key_text(const struct key *, char *buf, size_t size);
bool key_equal(const struct key *, const struct key *);
/* Whether it is one of these names ("Up k"). */
bool key_is(const struct key *, const char *names);
/* The row that a key runs, NULL if none does. table may be NULL. */
const struct keybinding *key_lookup(const struct keybinding *table, const struct key *);
/* A character that belongs into a text: not a control, no Alt. */
bool key_is_text(const struct key *);

#endif
