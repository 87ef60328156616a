/* SPDX-License-Identifier: MIT */
#ifndef E2E_TTY_H
#define E2E_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct home;

/*
 * A program in a terminal of its own, seen as a person sees it: what it
 * writes goes through the terminal of the pane, and a test waits until the screen says
 * something. Every wait has a deadline and shows the whole screen when it
 * is missed. Nothing sleeps.
 */
struct tty;

/* argv[0] is "paddock" for the program under test, else a path. Ends with NULL. */
struct tty *tty_start(struct home *, int rows, int columns, const char *const argv[]);
#define tty_open(home, rows, columns, ...) \
	tty_start(home, rows, columns, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
/* The same with no terminal: standard input and output are a socket, which isatty denies; errors are there too. */
struct tty *tty_start_piped(struct home *, const char *const argv[]);
#define tty_open_piped(home, ...) tty_start_piped(home, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
void tty_end_input(struct tty *);	/* of a piped one */
void tty_close(struct tty *);		/* as a terminal that is closed: hang-up, then reaped. NULL is fine */
pid_t tty_pid(const struct tty *);

void tty_type(struct tty *, const char *keys);
void tty_resize(struct tty *, int rows, int columns);
void tty_cook(struct tty *);	/* lines and echo, as a shell sets it for itself */
bool tty_is_raw(struct tty *, const void *unused);	/* a predicate for tty_wait_for */
/* Take in what was written so far; true while the program has its terminal open. */
bool tty_drain(struct tty *);

bool tty_shows(struct tty *, const char *text);			/* in one row, now */
void tty_wait(struct tty *, const char *text);			/* until a row holds it; rows have no trailing blanks */
void tty_wait_gone(struct tty *, const char *text);
/* Until it was written, on the screen or long scrolled away; text as sent, controls and all. From the last call on. */
void tty_wait_bytes(struct tty *, const char *text);
typedef bool tty_predicate(struct tty *, const void *data);
void tty_wait_for(struct tty *, tty_predicate *, const void *data, const char *what);
/* Until the program has ended; 128 + signal if it was killed. */
int tty_wait_end(struct tty *);
/* A row's text without trailing blanks; valid until the next call. */
const char *tty_row(struct tty *, int row);
void tty_cursor(struct tty *, int *row, int *column);
/* Everything the program wrote, from the start. */
const char *tty_bytes(struct tty *, size_t *len);

#endif
