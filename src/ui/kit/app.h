/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_APP_H
#define UI_KIT_APP_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct key;
struct loop;
struct model;
struct record_io;
struct store;
struct theme;
struct view;

/*
 * The screen as a program: one loop, a stack of views, the model. Each turn:
 * timers, then every dirty view is drawn and doupdate is called once, then
 * poll, then dispatch. Nothing here or called from here blocks, and there is
 * no second loop: a question is a view with a callback (ui/ask.h).
 */
struct app;

struct app_options {
	struct store *store;
	const struct record_io *records;
	const char *warning;	/* shown when the screen opens; NULL: none */
	const char *root;	/* in front of /sys and /dev; NULL: nothing, but for tests */
	unsigned blank_ms;	/* until a blank console is explained; 0: 30 s, less for tests */
};

/* The screen on this terminal until the user leaves it; the exit status. */
int app_run(const struct app_options *);

struct loop *app_loop(const struct app *);
struct store *app_store(const struct app *);
const struct record_io *app_records(const struct app *);
struct model *app_model(const struct app *);
const struct theme *app_theme(const struct app *);
const char *app_root(const struct app *);	/* never NULL */
unsigned app_blank_ms(const struct app *);	/* as in the options, never 0 */

/* The view on top of the stack, for callbacks that find theirs again. */
struct view *app_top(const struct app *);
/*
 * true: the terminal is lent to another program, nothing is read from it or
 * drawn until false, which takes it back and draws everything again.
 */
void app_away(struct app *, bool away);

/* Takes the view; it gets the keys until it closes. */
void app_push(struct app *, struct view *);
/* enum ui_effect of something that was no key: a timer, a socket, an answer. */
void app_apply(struct app *, struct view *, unsigned effects);
/* One line at the bottom until the next key. */
void app_say(struct app *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Whether keys go to this view or one inside it. */
bool app_has_focus(const struct app *, const struct view *);

/* For tests and for app_run: the pieces of a turn, on a terminal that is open already. */
struct app *app_new(const struct app_options *, struct loop *, bool utf8);
void app_free(struct app *);
void app_key(struct app *, const struct key *);
void app_resized(struct app *);
void app_draw(struct app *);
bool app_pasting(const struct app *);	/* the key that is handled was pasted: it is text */
bool app_done(const struct app *);

#endif
