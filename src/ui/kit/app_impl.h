/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_APP_IMPL_H
#define UI_KIT_APP_IMPL_H

#include "ui/kit/app.h"
#include "ui/kit/theme.h"
#include "ui/kit/view.h"

#include <stdint.h>

/* The internals of struct app, for app.c (stack, keys, loop), app_draw.c and palette.c only. */

#define LAYERS 16

struct app {
	struct loop *loop;
	const struct app_program *program;
	void *data;
	struct theme theme;
	struct view *layers[LAYERS];	/* the stack; the last has the keys */
	size_t layer_count;
	char *said;		/* message in the bottom line; NULL: it shows keys or a hint */
	char *hinted;		/* the hint that was drawn last; NULL: none */
	struct loop_timer *draw_timer;
	uint64_t drawn, typed;	/* loop_now() of the last draw, the last key */
	bool lines_dirty;	/* title and bottom line */
	int bottom_rows;	/* height of the bottom line when it was drawn last */
	bool layout_due;
	bool waited_for;	/* draw now, not at the next gap */
	bool pasting;
	bool away;		/* the terminal is lent */
	bool done;
	struct key_input *input;	/* NULL in tests */
};

struct view *app_focus_leaf(struct view *);
/* Runs a row of the key table of the view with the focus or of one of its parents; owner NULL: of app_keys. */
void app_run_row(struct app *, const struct view_ops *owner, const struct keybinding *);

void view_hide(struct view *);	/* frees its window and those of the views inside it */
void app_lay_out(struct app *);
/* Passes a mouse event at this position of the screen to the views of the top layer. */
void app_point(struct app *, enum mouse_act, int row, int column);
bool app_too_small(void);
bool app_dirty(const struct app *);	/* true if something must be drawn */

#endif
