/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_APP_H
#define UI_KIT_APP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct key;
struct keybinding;
struct loop;
struct theme;
struct view;

/*
 * The screen as a program: one loop and a stack of views. Each turn runs
 * timers, draws every dirty view and calls doupdate once, polls, then
 * dispatches. Nothing called from here blocks, and there are no nested loops:
 * a question is a view with a callback (ask.h).
 */
struct app;

/* The parts of the program that the kit does not know about. */
struct app_program {
	const struct keybinding *keys;	/* work in every view; the first row shows the help */
	void (*title)(void *data, char *buf, size_t size);	/* writes the text next to the name in the title */
	void (*begin)(struct app *);	/* called before the first draw, when signals and keys can arrive */
};

/* The terminal must be open. The program is borrowed; app_data returns data. The stack is empty at first. */
struct app *app_new(struct loop *, bool utf8, const struct app_program *, void *data);
void app_free(struct app *);	/* closes the views first; may be NULL */
/* Runs until the user quits. Returns the exit status, or -1 on an error. */
int app_run(struct app *, struct error *);

struct loop *app_loop(const struct app *);
void *app_data(const struct app *);
const struct theme *app_theme(const struct app *);
const struct keybinding *app_keys(const struct app *);	/* the keys that work in every view */

/* The view on top of the stack. Callbacks use it to find their view again. */
struct view *app_top(const struct app *);
/*
 * true: the terminal is lent to another program, and nothing is read or drawn.
 * false: takes the terminal back and redraws everything.
 */
void app_away(struct app *, bool away);

/* Calls notice of every view, after what they show has changed. */
void app_notice(struct app *);
/* Takes ownership of the view, which gets the keys until it closes. */
void app_push(struct app *, struct view *);
/* Closes a child of another view, laid out or not. NULL: does nothing. */
void app_close_child(struct view *);
/* Applies effects (enum ui_effect) that were not caused by a key but by a timer, a socket or an answer. */
void app_apply(struct app *, struct view *, unsigned effects);
/* Shows one line at the bottom until the next key. */
void app_say(struct app *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* True if the view is on the screen: it has a place there, nothing covers it whole, and the terminal is not lent. */
bool app_shows(const struct app *, const struct view *);
/* True if keys go to this view or to a view inside it. */
bool app_has_focus(const struct app *, const struct view *);

/* The parts of a turn, for app_run and tests. */
void app_key(struct app *, const struct key *);
void app_resized(struct app *);
void app_draw(struct app *);
bool app_pasting(const struct app *);	/* true if the key being handled was pasted, and so is text */
bool app_done(const struct app *);

#endif
