/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_VIEW_H
#define UI_KIT_VIEW_H

#include "ui/kit/keys.h"

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

struct app;
struct view;

/* What the main loop does after a view has handled an event; flags. */
enum ui_effect {
	UI_NOTHING	= 0,
	UI_REDRAW	= 1 << 0,	/* redraw this view */
	UI_LAYOUT	= 1 << 1,	/* sizes or focus changed: lay out and redraw every view */
	UI_CLOSE	= 1 << 2,	/* close the view on the stack that this one is, or is part of */
	UI_QUIT		= 1 << 3,
	UI_IGNORED	= 1 << 4,	/* the key has no meaning here: pass it to the parent */
};

/* The mouse events that views handle. */
enum mouse_act { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

#define VIEW_CHILDREN 4

/* Where a child is drawn in its parent's window. UI_LAYOUT makes the app ask for it again. */
struct view_place {
	struct view *view;
	int row, column, rows, columns;
};

/* What a view currently needs from the screen. The caller fills in the defaults before it asks the view. */
struct view_wants {
	int rows, columns;	/* a dialog reduces these to its size; default: the available size, or the screen's */
	bool bare;		/* the whole screen, without the title and the bottom line */
	bool takes_text;	/* letters are text, so "?" does not open the help and ":" not the commands */
	const char *hint;	/* text for the bottom line, e.g. the meaning of a field; NULL: the keys */
	int hint_rows;		/* lines reserved for the bottom line; default 1 */
	const struct keybinding *keys;	/* the rows of its table that work now, */
	size_t key_count;		/* at most this many */
};

/*
 * One screen or dialog. A view keeps its own display state (cursor, filter,
 * scroll position). Machines stay in the model and are looked up by name, so
 * that no view holds a pointer to something that core may free.
 *
 * draw gets a const view, paints into the erased window and never refreshes.
 * redraw may be called instead while the window still shows the last drawing.
 * Handlers decide and return effects; they never paint. Code outside a handler
 * (a timer, a socket) passes its effects to app_apply.
 *
 * A key goes to the view with the focus, then to its parents, then to the keys
 * that work everywhere; never to another view on the stack.
 */
struct view_ops {
	const char *name;		/* as in tests/golden/screen/NAME-*.txt */
	const char *title;		/* heading of its keys in the help */
	const struct keybinding *keys;	/* the last row has .run == NULL; may be NULL */

	void (*close)(struct view *);				/* frees the view and its children */
	unsigned (*typed)(struct view *, const struct key *);	/* keys that are not in the table; may be NULL */
	unsigned (*notice)(struct view *);			/* the model changed; may be NULL */
	void (*resized)(struct view *, int rows, int columns);	/* the size of its window; may be NULL */
	void (*draw)(const struct view *, WINDOW *);		/* NULL: only its children are drawn */
	/* Draws only what changed since the last drawing. Returns false if draw must be called. Not with children; may be NULL. */
	bool (*redraw)(const struct view *, WINDOW *);
	/* Position in its window. A view is asked before its children. May be NULL. */
	unsigned (*mouse)(struct view *, enum mouse_act, int row, int column);
	/* Position of the terminal's cursor in the window; returns false to hide it. May be NULL. */
	bool (*cursor)(const struct view *, int *row, int *column);
	/* Writes the places of all children, with rows == 0 for hidden ones, and returns their number. May be NULL. */
	size_t (*children)(const struct view *, int rows, int columns, struct view_place out[VIEW_CHILDREN]);
	struct view *(*focus)(const struct view *);		/* the child that gets the keys; may be NULL */
	/* What it needs from the screen; may be NULL. */
	void (*wants)(const struct view *, struct view_wants *);

	bool raw_keys;			/* typed gets every key first (console, text fields); ignored ones go on as usual */
	bool owns_mouse;		/* typed also gets mouse events, as keys (console); a click that it ignores goes where it points */
	bool dialog;			/* drawn over the view below, which stays visible */
};

/* First member of every view's own struct. */
struct view {
	const struct view_ops *ops;
	struct app *app;		/* set by app_push; for a child, by its creator */
	struct view *parent;		/* NULL if the view itself is on the stack */
	bool dirty;			/* used by the app: draw it before the next poll */
	/* The result of the last layout. */
	WINDOW *window;			/* NULL: not visible */
	struct view *children[VIEW_CHILDREN];	/* including hidden ones */
	size_t child_count;
};

/* For the row of a key table: closes the view. */
unsigned view_leave(struct view *, int arg);
/* What the view needs from a screen of this size, or as a dialog from a space of this size. */
struct view_wants view_wants(const struct view *, int rows, int columns);

#endif
