/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_SCREEN_H
#define UI_KIT_SCREEN_H

#include "ui/kit/outer_links.h"
#include "ui/kit/outer_looks.h"

#include <curses.h>
#include <stdbool.h>

struct error;
struct input_modes;

/*
 * Takes the terminal, restores it, and manages its size and modes. This is the
 * only file with process-wide state, because the terminal belongs to the whole
 * process. On SIGABRT (out of memory, a failed assertion) it restores the
 * terminal before the process dies. It never sets O_NONBLOCK on the terminal,
 * which the shell shares. Curses only draws; key_input.h reads the keys.
 */
void screen_attributes(enum outer_attributes);	/* for the next screen_open; the default is ATTRIBUTES_AUTO */
void screen_links(enum outer_link_use);		/* the same; the default is LINKS_AUTO */
bool screen_open(struct error *);
/* For tests: opens an invisible terminal of this type and size. */
bool screen_open_hidden(const char *term, int rows, int columns, struct error *);
void screen_close(void);	/* does nothing if it is not open */

void screen_lend(void);		/* restores the terminal until screen_resume */
void screen_suspend(void);	/* restores the terminal and stops the process; takes it again when continued */
void screen_resume(void);	/* takes the terminal again, after screen_lend or an unexpected SIGCONT */
void screen_resized(void);	/* reads the new size and passes it to ncurses */
void screen_update(void);	/* doupdate, and the links of what was drawn */

/*
 * Puts a text on the clipboard of the user's terminal (OSC 52), if that is
 * willing. Only for what the user copies by a key, never for what a guest wants.
 */
enum screen_copied {
	COPY_TAKEN,		/* the terminal is known to take it */
	COPY_SENT,		/* it may ignore it, without an answer */
	COPY_IMPOSSIBLE		/* nothing was sent: the text is longer than SCREEN_COPY, or the terminal has no clipboard */
};
#define SCREEN_COPY 74994	/* bytes of text; xterm takes no more */
enum screen_copied screen_copy(const char *text, size_t len);

/* Who gets mouse events, which arrive as KEY_MOUSE. With MOUSE_NOBODY the terminal uses the mouse to select text. */
enum screen_mouse {
	MOUSE_OURS,		/* button presses and the wheel, if the user wants that */
	MOUSE_DRAGS,		/* the same and motion while a button is held */
	MOUSE_NOBODY,
	MOUSE_GUEST		/* what screen_guest_input says */
};
void screen_mouse(enum screen_mouse);
void screen_mouse_wanted(bool);	/* false, the default: MOUSE_OURS and MOUSE_DRAGS are the same as MOUSE_NOBODY */
bool screen_has_mouse(void);	/* true if the terminal reports mouse events */
/*
 * Asks the terminal for the keys and focus events that a guest in these modes
 * wants, as far as the terminal has them; NULL, the default: for neither.
 * Whatever was asked is undone when the terminal is restored.
 */
void screen_guest_input(const struct input_modes *);
void screen_has_kitty(void);	/* call when the terminal has said that it has the kitty keyboard protocol */
void screen_cursor_shape(int shape);	/* number as for DECSCUSR; 0: the terminal's default */
/* A colour pair on a terminal with 24-bit colours; use theme_pair, which works on every terminal. */
int screen_pair(int foreground, int background);
unsigned long screen_pairs_reused(void);	/* how often a pair has been given new colours */
/*
 * The number of a hyperlink for screen_place_link, or 0 if this terminal has no links or there are too many. The URI
 * must be safe to write and to follow. name: below 256; few links have the same. A cell of a window that is drawn with the
 * attribute SCREEN_LINKED has the link of its position on the screen.
 */
#define SCREEN_LINKED OUTER_LINKED
int screen_link(unsigned name, const char *uri);
void screen_place_link(int row, int column, int columns, int link);
/* The terminfo entry that is used because the one for $TERM is missing; NULL if that is not so. */
const char *screen_fallback(void);
bool screen_utf8(void);		/* true if the locale's character set is UTF-8 */

#endif
