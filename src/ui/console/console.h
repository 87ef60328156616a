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
struct registry_entry;
struct terminal;

/*
 * A VM's console: the terminal that its keeper's bytes are written to, and
 * the way back for keys. Knows nothing of windows; ui/console_view.h shows it.
 * What came before we joined is written with answers off; later queries are
 * answered only while the keeper names us.
 */
#define CONSOLE_ROWS	24	/* never less: a serial guest takes them for granted */
#define CONSOLE_COLUMNS	80
#ifndef CONSOLE_SCROLLBACK
#define CONSOLE_SCROLLBACK 10000
#endif

struct console;

struct console_watcher {
	void (*changed)(void *data);			/* the terminal, or what console_note says */
	void (*bell)(void *data);
	void (*said)(void *data, const char *text);	/* one line for the user */
};

struct console *console_new(const char *name, const struct console_watcher *, void *data);
void console_free(struct console *);
/* Once. */
bool console_connect(struct console *, struct loop *, const struct registry_entry *, struct error *);
void console_keeper_lost(struct console *, const char *why);	/* shown as its end */

/* Of the window that it has; the terminal may be larger. */
void console_resize(struct console *, int rows, int columns);
struct terminal *console_terminal(struct console *);
const struct terminal *console_screen(const struct console *);
const char *console_name(const struct console *);
const char *console_title(const struct console *);	/* as the guest set it; "" */
bool console_over(const struct console *);		/* it has ended, or the connection is lost: nothing comes any more */
const char *console_note(const struct console *);	/* what it is waiting for, or how it ended; "" */

/* Each sends what the key means to the guest; nothing when it is over. */
void console_type(struct console *, const struct key *);
/* button 1..3, 4/5 wheel, 0 motion; row and column of the terminal. */
void console_mouse(struct console *, int row, int column, int button, bool pressed);

/* Bytes of a key in the modes the terminal is in; 0: none. */
size_t console_encode(struct terminal *, const struct key *, char out[64]);

#endif
