/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SCREEN_H
#define UI_KIT_SCREEN_H

#include <curses.h>
#include <stdbool.h>

struct error;

/*
 * The terminal: taken, given back, its size and modes. The one file with
 * state of the whole process, since a terminal is that. SIGABRT (out of
 * memory, a failed assertion) gives it back before the process dies.
 * O_NONBLOCK is never set on it: the shell shares it. Curses only draws: keys
 * are read by key_input.h, in a mode in which no read waits.
 */
bool screen_open(struct error *);
/* For tests: a terminal of this kind and size that nobody sees. */
bool screen_open_hidden(const char *term, int rows, int columns, struct error *);
void screen_close(void);	/* harmless when it is not open */

void screen_lend(void);		/* give it back, until screen_resume */
void screen_suspend(void);	/* give it back, stop this process; returns when continued, terminal taken again */
void screen_resume(void);	/* take it again, after screen_lend or a SIGCONT that nobody announced */
void screen_resized(void);	/* ask for the new size, tell ncurses */

/* Who has the mouse: what is reported comes as KEY_MOUSE. Where nobody has it the terminal selects text with it. */
enum screen_mouse {
	MOUSE_OURS,		/* the press of a button and the wheel, where they are wanted */
	MOUSE_NOBODY,
	MOUSE_GUEST		/* buttons and motion */
};
void screen_mouse(enum screen_mouse);
void screen_mouse_wanted(bool);	/* whether MOUSE_OURS is more than nobody; not before this was said */
bool screen_has_mouse(void);	/* whether the terminal was asked for reports */
void screen_cursor_shape(int shape);	/* DECSCUSR's number; 0: the terminal's own */
/* A pair of two colours where there are millions of them; theme_pair for every terminal. */
int screen_pair(int foreground, int background);
unsigned long screen_pairs_reused(void);	/* how often one has come to mean other colours than it did */
bool screen_utf8(void);		/* locale's character set */

#endif
