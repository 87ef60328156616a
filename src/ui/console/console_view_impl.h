/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_VIEW_IMPL_H
#define UI_CONSOLE_CONSOLE_VIEW_IMPL_H

#include "ui/console/console_paint.h"
#include "ui/console/console_scroll.h"
#include "ui/console/console_view.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stdint.h>

/* The internals of the console's view, for console_view.c (keys, the guest's modes) and console_draw.c only. */

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
	struct console_drawn drawn;
};

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
	struct loop_timer *blank_timer;	/* armed while the screen is blank and no advice is shown */
	char *state;		/* the machine's state directory */
	char *advice;		/* shown on the blank screen; NULL: none */
	char message[160];	/* shown instead of the hint until the next key; "": none */
	char hint[320];
	struct place *place;
};

/* The text of its bottom line. */
void console_describe(const struct console_view *, char *out, size_t size);
void console_draw(const struct view *, WINDOW *);
bool console_redraw(const struct view *, WINDOW *);
bool console_cursor(const struct view *, int *row, int *column);
void console_drawn_finish(struct console_drawn *);

#endif
