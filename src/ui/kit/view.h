/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_VIEW_H
#define UI_KIT_VIEW_H

#include "ui/kit/keys.h"

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

struct app;
struct view;

/* What the main loop must do after a view has handled something; or-ed. */
enum ui_effect {
	UI_NOTHING	= 0,
	UI_REDRAW	= 1 << 0,	/* this view */
	UI_LAYOUT	= 1 << 1,	/* sizes or focus changed: every view */
	UI_CLOSE	= 1 << 2,	/* pop the view on the stack that this one is or belongs to */
	UI_QUIT		= 1 << 3,
	UI_IGNORED	= 1 << 4,	/* the key means nothing here: the view around it may have it */
};

/* What the mouse does, as far as views care. */
enum mouse_act { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

#define VIEW_CHILDREN 4

/* Where a child is drawn, in its parent's window. Effects with UI_LAYOUT have it asked for again. */
struct view_place {
	struct view *view;
	int row, column, rows, columns;
};

/*
 * One screen or dialog. A view keeps what it shows (cursor, filter, scroll);
 * machines stay in the model and are looked up by name, so that no view holds a
 * pointer to something core may free.
 *
 * draw gets a const view: it paints into the window it is given, which was
 * erased, and never refreshes; redraw may come instead as long as the window
 * still shows what was drawn there. Handlers decide and return effects; they never
 * paint. What happens outside a handler (a timer, a socket) tells its effects
 * to app_apply.
 *
 * A key goes to the view that has the focus, then outward to its parents, then
 * to the keys that work everywhere; never to another view on the stack.
 */
struct view_ops {
	const char *name;		/* as in tests/golden/screen/NAME-*.txt */
	const char *title;		/* heads its keys in the help */
	const struct keybinding *keys;	/* last has .run == NULL; may be NULL */

	void (*close)(struct view *);				/* frees it, and its children */
	unsigned (*typed)(struct view *, const struct key *);	/* keys not in the table; may be NULL */
	unsigned (*notice)(struct view *);			/* the model changed; may be NULL */
	void (*resized)(struct view *, int rows, int columns);	/* of the window it will draw in; may be NULL */
	void (*draw)(const struct view *, WINDOW *);		/* NULL: only its children show */
	/* Of a view without children: only what is another since it was last drawn. false: draw it. May be NULL. */
	bool (*redraw)(const struct view *, WINDOW *);
	/* In its window; of a view and its children each is asked, from the outside in. May be NULL. */
	unsigned (*mouse)(struct view *, enum mouse_act, int row, int column);
	/* Where the real cursor belongs, in the window; false: hide it. May be NULL. */
	bool (*cursor)(const struct view *, int *row, int *column);
	/* In place of the bottom line made from the keys, e.g. what a field means; NULL or a NULL answer: the keys. */
	const char *(*hint)(const struct view *);
	/* Lines at the bottom that are kept for it, on a screen so wide. NULL: one. */
	int (*hint_rows)(const struct view *, int columns);
	/* A view made of others: where they are; the number of them. All of them, hidden ones with rows == 0. */
	size_t (*children)(const struct view *, int rows, int columns, struct view_place out[VIEW_CHILDREN]);
	struct view *(*focus)(const struct view *);		/* the child that gets the keys; may be NULL */
	/* Of a dialog: comes in as the most there is, goes out as what it wants. NULL: the most. */
	void (*size)(const struct view *, int *rows, int *columns);
	/* Whether it wants the whole screen, without the title and the bottom line. NULL: no. */
	bool (*bare)(const struct view *);
	/* Whether letters are text now, so that "?" is no help and ":" no command. NULL: no. */
	bool (*takes_text)(const struct view *);
	/* The rows of its table that mean something now, at most so many from there on. NULL: all. */
	const struct keybinding *(*commands)(const struct view *, size_t *most);

	bool raw_keys;			/* typed gets every key first (console, text fields); what it ignores goes on */
	bool owns_mouse;		/* typed gets the mouse too, as a key (console) */
	bool dialog;			/* drawn over the view below, which stays visible */
};

/* First member of every view's own struct. */
struct view {
	const struct view_ops *ops;
	struct app *app;		/* set by app_push, for children by whoever makes them */
	struct view *parent;		/* NULL on the stack itself */
	bool dirty;			/* the main loop's: draw it before the next poll */
	/* What the last layout made of it. */
	WINDOW *window;			/* NULL: it does not show */
	struct view *children[VIEW_CHILDREN];	/* hidden ones as well */
	size_t child_count;
};

#endif
