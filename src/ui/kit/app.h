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
 * The screen as a program: one loop, a stack of views. Each turn:
 * timers, then every dirty view is drawn and doupdate is called once, then
 * poll, then dispatch. Nothing here or called from here blocks, and there is
 * no second loop: a question is a view with a callback (ask.h).
 */
struct app;

/* What the screen is for, which this and the views of the kit know nothing of. */
struct app_program {
	const struct keybinding *keys;	/* that work everywhere, on the view that has the focus; the first shows the help */
	void (*title)(void *data, char *buf, size_t size);	/* what the title says next to the name */
	void (*begin)(struct app *);	/* signals and keys arrive now, and the screen is about to be drawn first */
};

/* On a terminal that is open already. The program is borrowed, data is what app_data returns. No view is there yet. */
struct app *app_new(struct loop *, bool utf8, const struct app_program *, void *data);
void app_free(struct app *);	/* closes the views first; may be NULL */
/* Until the user leaves; the exit status, -1 on an error. */
int app_run(struct app *, struct error *);

struct loop *app_loop(const struct app *);
void *app_data(const struct app *);
const struct theme *app_theme(const struct app *);
const struct keybinding *app_keys(const struct app *);	/* those that work everywhere */

/* The view on top of the stack, for callbacks that find theirs again. */
struct view *app_top(const struct app *);
/*
 * true: the terminal is lent to another program, nothing is read from it or
 * drawn until false, which takes it back and draws everything again.
 */
void app_away(struct app *, bool away);

/* What the views show has changed: each is told by its notice. */
void app_notice(struct app *);
/* Takes the view; it gets the keys until it closes. */
void app_push(struct app *, struct view *);
/* Closes a view inside another one, which may be laid out already. NULL: nothing. */
void app_close_child(struct view *);
/* enum ui_effect of something that was no key: a timer, a socket, an answer. */
void app_apply(struct app *, struct view *, unsigned effects);
/* One line at the bottom until the next key. */
void app_say(struct app *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Whether keys go to this view or one inside it. */
bool app_has_focus(const struct app *, const struct view *);

/* For tests and for app_run: the pieces of a turn. */
void app_key(struct app *, const struct key *);
void app_resized(struct app *);
void app_draw(struct app *);
bool app_pasting(const struct app *);	/* the key that is handled was pasted: it is text */
bool app_done(const struct app *);

#endif
