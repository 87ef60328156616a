/* SPDX-License-Identifier: MIT */
#ifndef UI_CONSOLE_CONSOLE_VIEW_IMPL_H
#define UI_CONSOLE_CONSOLE_VIEW_IMPL_H

#include "ui/console/console_paint.h"
#include "ui/console/console_scroll.h"
#include "ui/console/console_view.h"
#include "ui/kit/view.h"

#include <stdbool.h>
#include <stdint.h>

/* Inside of the console's view, for console_view.c (keys, what the guest wants) and console_draw.c only. */

/* What the window shows since it was drawn last, so that only what is another is drawn. */
struct console_drawn {
	struct paint_area area;
	uint64_t *rows;			/* the version of each; NULL: nothing was drawn yet */
	bool scrolled;			/* what is there is of the past */
	bool advised;			/* what is there is advice */
	char *title, *hint;		/* in the last line of a whole screen; NULL: not drawn */
};

enum zoom { ZOOM_AUTO, ZOOM_ON, ZOOM_OFF };

/* What was seen last while drawing and laying out, where the view itself is const. */
struct place {
	int row, column;		/* of the window, on the screen: the mouse speaks of that */
	bool fits;			/* the pane is large enough, so that zooming is a wish and no need */
	bool crowded;			/* there were too few colour pairs: what is not drawn again may change its colours */
	struct console_drawn drawn;
};

struct console_view {
	struct view view;
	struct console *console;
	struct console_owner owner;
	unsigned char prefix;
	char prefix_name[8];
	bool prefixed;		/* the prefix was typed: the next key is for us */
	bool pasting;
	bool focused;
	bool whole;		/* zoomed, as of the last layout */
	bool belled;
	enum zoom zoom;
	int rows, columns;	/* of the terminal's part of the window */
	int pan_row, pan_column;	/* terminal's cell in its corner */
	struct scroll scroll;
	struct loop_timer *blank_timer;	/* armed while the screen is blank and nothing was said about that */
	char *state;		/* the machine's directory */
	char *advice;		/* shown on the blank screen; NULL: none */
	char message[160];	/* in place of the hint until the next key; "" none */
	char hint[320];
	struct place *place;
};

/* What its bottom line says. */
void console_describe(const struct console_view *, char *out, size_t size);
void console_draw(const struct view *, WINDOW *);
bool console_redraw(const struct view *, WINDOW *);
bool console_cursor(const struct view *, int *row, int *column);
void console_drawn_finish(struct console_drawn *);

#endif
