/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_ASK_H
#define UI_KIT_ASK_H

#include <stdbool.h>

struct app;
struct error;
struct view_ops;

/*
 * Dialogs. Each function opens a view on the stack and returns at once; the
 * callback gets the answer after the view has closed. Esc closes the view
 * without a call.
 */
typedef void ask_fn(struct app *, const void *data, const char *answer);

/* The callback, and the data that says what the answer is about: a copy, because the answer comes later. */
struct ask_then {
	ask_fn *call;
	void *data;		/* belongs to the dialog; call and check get it */
	void (*free)(void *);	/* frees data after the dialog has closed, with or without an answer */
};

/* The data is a copy of the text. */
struct ask_then ask_then_text(ask_fn *, const char *text);

/* Asks for y or n; Enter means no. The callback is called only for yes, with "y". */
void ask_yes_no(struct app *, const char *question, struct ask_then);

/*
 * Asks for one line of text. check may be NULL; it is called after each key. While it returns false, its error is shown
 * under the field and Enter does nothing.
 */
typedef bool ask_check_fn(struct app *, const void *data, const char *text, struct error *);
void ask_text(struct app *, const char *prompt, const char *initial, ask_check_fn *, struct ask_then);

/* Asks for one entry of a short list; the answer is its id. */
struct ask_choice {
	const char *key;	/* name of a key that chooses it at once; NULL: none */
	const char *id;		/* NULL ends the list */
	const char *text;
};
void ask_choice(struct app *, const char *title, const struct ask_choice *, struct ask_then);
/* The same with a title that changes with what it is about. It is called after each app_notice; the caller's to free. */
typedef char *ask_title_fn(struct app *, const void *data);
void ask_choice_of(struct app *, ask_title_fn *title, const struct ask_choice *, struct ask_then);

/* Shows a text, wrapped and scrolling, until Esc, Enter or q. text is copied. */
void text_view_open(struct app *, const char *title, const char *text);
/* The same as a dialog. */
void message_open(struct app *, const char *title, const char *text);
/* For the manual page, which is made from the key tables. */
const struct view_ops *text_view_ops(void);

#endif
