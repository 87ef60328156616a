/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_VIEW_IMPL_H
#define UI_CONSOLE_CONSOLE_VIEW_IMPL_H

#include "ui/console/console_paint.h"
#include "ui/console/console_scroll.h"
#include "ui/console/console_view.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The internals of the console's view, for console_view.c (keys, the guest's modes), console_draw.c, console_reading.c
 * (the keys of scrolling), console_pointer.c (the mouse) and console_tell.c (the guest's size) only.
 */

/* The window's content after the last drawing, so that only changes are drawn. */
struct console_drawn {
	struct paint_area area;
	uint64_t *rows;			/* the version of each row; NULL: nothing was drawn yet */
	bool scrolled;			/* it shows the scrollback */
	bool advised;			/* it shows advice */
	char *title, *hint;		/* in the bottom line of a zoomed console; NULL: not drawn */
};

enum zoom { ZOOM_AUTO, ZOOM_ON, ZOOM_OFF };

/* State that drawing and layout must update although the view is const. */
struct place {
	int row, column;		/* position of the window on the screen, for mouse events */
	bool fits;			/* the pane is large enough, so zooming is optional */
	bool crowded;			/* there were too few colour pairs: rows that are not drawn again may change their colours */
	struct { int row, column; bool shown; } cursor;	/* of the guest, when it was placed last */
	struct console_drawn drawn;
};

/* The left button of the mouse. */
struct pointer {
	bool held;
	bool dragged;			/* it has moved since it was pressed */
	bool began;			/* scrolling began with it, and ends with it */
	int clicks;			/* 1 to 3, in the same place and in quick succession */
	uint64_t pressed;		/* loop_now() */
	struct terminal_point at;	/* where it was pressed */
	struct terminal_point first, last;	/* of the word there; for a double click */
};

/* The size that the guest should have. */
struct told_size {
	int rows, columns;		/* of the terminal at the last layout; 0: there was none */
	bool offered;			/* to a user who has not used it yet; once is enough */
	bool used;			/* the user has used it with this machine, now or earlier */
};

enum update { UPDATE_NONE, UPDATE_HELD, UPDATE_LATE };

struct console_view {
	struct view view;
	struct console *console;
	struct console_owner owner;
	unsigned char prefix;
	char prefix_name[8];
	bool prefixed;		/* the prefix was typed: the next key is a command */
	bool pasting;
	bool focused;
	bool whole;		/* zoomed at the last layout */
	bool belled;
	enum zoom zoom;
	int rows, columns;	/* size of the terminal's part of the window */
	int pan_row, pan_column;	/* the terminal's cell in its corner */
	struct scroll scroll;
	struct loop_timer *search_timer;	/* armed while there is something left to search */
	struct pointer pointer;
	struct told_size told;
	enum update update;	/* of the guest (mode 2026): while it is held, the window shows what was there before */
	struct loop_timer *update_timer;	/* armed while an update is held */
	struct loop_timer *blank_timer;	/* armed while the screen is blank and no advice is shown */
	char *state;		/* the machine's state directory */
	char *advice;		/* shown on the blank screen; NULL: none */
	char message[160];	/* shown instead of the hint until the next key; "": none */
	char hint[320];
	struct place *place;
};

unsigned console_new_hint(struct console_view *);	/* returns UI_REDRAW */
/* Shows a line until the next key. With the console on the whole screen, the line of app_say is not visible. */
void console_say(struct console_view *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void console_follow_modes(struct console_view *);	/* of the guest, in the user's terminal */
void console_follow_cursor(struct console_view *);	/* of the guest, with the window */
unsigned console_pan_to(struct console_view *, int column);
unsigned console_click_outside(struct console_view *, const struct key_mouse *);	/* gives the keys away; for another view */

/* Keys of scrolling, for the key table; most need it to be on. */
unsigned reading_begin(struct view *, int);
unsigned reading_end(struct view *, int);
unsigned reading_escape(struct view *, int);		/* ends the selection, or else scrolling */
unsigned reading_travel(struct view *, int move);	/* enum scroller_move; begins scrolling */
unsigned reading_move(struct view *, int move);		/* enum point_move */
unsigned reading_line(struct view *, int down);
unsigned reading_window(struct view *, int down);
unsigned reading_place(struct view *, int halves);	/* 0: the window's first row, 1: its middle, 2: its last row */
unsigned reading_select(struct view *, int kind);	/* enum selection_kind */
unsigned reading_swap(struct view *, int);
unsigned reading_copy(struct view *, int);
unsigned reading_copy_or_end(struct view *, int);
unsigned reading_copy_line(struct view *, int);
unsigned reading_copy_link(struct view *, int);	/* the address of the hyperlink under the cursor */
unsigned reading_copy_screen(struct view *, int);	/* also when it is off */
unsigned reading_show(struct view *, int in_pager);
unsigned reading_query(struct view *, int);
unsigned reading_find(struct view *, int up);
void reading_query_typed(struct console_view *, const struct key *);
void reading_changed(struct console_view *);		/* the terminal has changed */
void reading_on_timer(void *pane);
/* Copies a text for the user, and says so. */
void reading_copy_text(struct console_view *, const struct selection *);

/* The mouse, where the guest does not want it. */
unsigned pointer_event(struct console_view *, const struct key_mouse *);

void tell_init(struct console_view *);
unsigned tell_size(struct view *, int);			/* types a command that sets the size */
void tell_offer(struct console_view *);			/* after a layout */

/* The text of its bottom line. */
void console_describe(const struct console_view *, char *out, size_t size);
void console_draw(const struct view *, WINDOW *);
bool console_redraw(const struct view *, WINDOW *);
bool console_cursor(const struct view *, int *row, int *column);
void console_drawn_finish(struct console_drawn *);

#endif
