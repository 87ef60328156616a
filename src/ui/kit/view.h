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

/* What a view wants of the screen as it is now; comes in with what holds for a view that has no wishes. */
struct view_wants {
	int rows, columns;	/* of a dialog, to be made smaller; comes in as the most there is, of others as the screen */
	bool bare;		/* the whole screen, without the title and the bottom line */
	bool takes_text;	/* letters are text, so that "?" is no help and ":" no command */
	const char *hint;	/* in the bottom line in place of the keys, e.g. what a field means; NULL: the keys */
	int hint_rows;		/* lines at the bottom that are kept for it; comes in as 1 */
	const struct keybinding *keys;	/* the rows of its table that mean something now, */
	size_t key_count;		/* at most so many */
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
	/* A view made of others: where they are; the number of them. All of them, hidden ones with rows == 0. */
	size_t (*children)(const struct view *, int rows, int columns, struct view_place out[VIEW_CHILDREN]);
	struct view *(*focus)(const struct view *);		/* the child that gets the keys; may be NULL */
	/* What it wants of the screen; may be NULL. */
	void (*wants)(const struct view *, struct view_wants *);

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

/* What it wants of a screen, or of the room for a dialog, that is so large. */
struct view_wants view_wants(const struct view *, int rows, int columns);

#endif
