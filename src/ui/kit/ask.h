/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_ASK_H
#define UI_KIT_ASK_H

#include <stdbool.h>

struct app;
struct error;
struct view_ops;

/*
 * Dialogs: each opens a view on the stack and returns at once; the answer
 * comes by callback after it was closed. Esc closes without a call.
 * subject is copied: the name of what the answer is about.
 */
typedef void ask_fn(struct app *, const char *subject, const char *answer);

/* y or n; Enter is no. Called for yes only, with "y". */
void ask_yes_no(struct app *, const char *question, ask_fn *, const char *subject);

/*
 * One line of text. check may be NULL; it is asked after each key, its reason stands under the field while it is
 * wrong, and Enter then does nothing.
 */
typedef bool ask_check_fn(struct app *, const char *subject, const char *text, struct error *);
void ask_text(struct app *, const char *prompt, const char *initial, ask_check_fn *, ask_fn *, const char *subject);

/* One of a short list; answer is its id. */
struct ask_choice {
	const char *key;	/* name of a key that takes it at once; NULL: none */
	const char *id;		/* NULL ends the list */
	const char *text;
};
void ask_choice(struct app *, const char *title, const struct ask_choice *, ask_fn *, const char *subject);

/* A text to read: scrolls, is wrapped, closes by Esc, Enter and q. text is copied. */
void text_view_open(struct app *, const char *title, const char *text);
/* As a dialog over what is there. */
void message_open(struct app *, const char *title, const char *text);
/* For the manual page, which is made from the key tables. */
const struct view_ops *text_view_ops(void);

#endif
