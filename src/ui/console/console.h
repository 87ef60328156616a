/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_H
#define UI_CONSOLE_CONSOLE_H

#include "ui/kit/keys.h"

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

struct error;
struct keeper_events;
struct loop;
struct mouse_event;
struct registry_entry;
struct terminal;

/*
 * A VM's console: the terminal emulator that gets the keeper's bytes, and the
 * path back for keys. It does not know about windows; console_view.h shows it.
 * Queries in the history are never answered, and live queries only while the
 * keeper has chosen this client to answer them.
 */
#define CONSOLE_ROWS	24	/* minimum: a guest on a serial line assumes this size */
#define CONSOLE_COLUMNS	80
#ifndef CONSOLE_SCROLLBACK
#define CONSOLE_SCROLLBACK 10000
#endif

struct console;

struct console_watcher {
	void (*changed)(void *data);			/* the terminal or console_note changed */
	void (*bell)(void *data);
	void (*said)(void *data, const char *text);	/* a message of one line for the user */
};

struct console *console_new(const char *name, const struct console_watcher *, void *data);
void console_free(struct console *);
/* Once. */
bool console_connect(struct console *, struct loop *, const struct registry_entry *, struct error *);
void console_keeper_lost(struct console *, const char *why);	/* shown as the end of the console */

/* Sets the size of its window; the terminal may be larger. */
void console_resize(struct console *, int rows, int columns);
struct terminal *console_terminal(struct console *);
const struct terminal *console_screen(const struct console *);
const char *console_name(const struct console *);
const char *console_title(const struct console *);	/* as set by the guest; "" if not set */
/* The URI of the hyperlink at a cell, as the guest wrote it, valid until the next turn; NULL if there is none. */
const char *console_link_at(const struct console *, int row, int column);
bool console_over(const struct console *);		/* true if it has ended or the connection is lost */
const char *console_note(const struct console *);	/* what it is waiting for, or how it ended; "" for nothing */

/* Each sends the bytes of the key to the guest, or nothing if the console is over. */
void console_type(struct console *, const struct key *);
void console_mouse(struct console *, const struct mouse_event *);	/* row and column are in the terminal */

/* The bytes of a key, of the ends of a paste or of the focus in the terminal's current modes; returns their number, 0 if the key has none. */
size_t console_encode(struct terminal *, const struct key *, char out[64]);

#endif
