/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_APP_IMPL_H
#define UI_KIT_APP_IMPL_H

#include "ui/kit/app.h"
#include "ui/kit/theme.h"
#include "ui/kit/view.h"

#include <stdint.h>

/* Inside of the main object, for app.c (stack, keys, loop), app_draw.c and palette.c only. */

#define LAYERS 16

struct app {
	struct loop *loop;
	const struct app_program *program;
	void *data;
	struct theme theme;
	struct view *layers[LAYERS];	/* the stack; the last has the keys */
	size_t layer_count;
	char *said;		/* in the bottom line; NULL: the keys or a hint are there */
	char *hinted;		/* the hint that was drawn there; NULL: none */
	struct loop_timer *draw_timer;
	uint64_t drawn, typed;	/* loop_now() of the last draw, the last key */
	bool lines_dirty;	/* title and bottom line */
	int bottom_rows;	/* that it took when it was drawn last */
	bool layout_due;
	bool waited_for;	/* draw now, not at the next gap */
	bool pasting;
	bool away;		/* the terminal is lent */
	bool done;
	struct key_input *input;	/* NULL in tests */
};

struct view *app_focus_leaf(struct view *);
/* Run a row of the table of the view that has the focus or of one around it; owner NULL: of app_keys. */
void app_run_row(struct app *, const struct view_ops *owner, const struct keybinding *);

void view_hide(struct view *);	/* gives back its windows and those of the views inside it */
void app_lay_out(struct app *);
/* What the mouse does at this place of the screen, to whom it concerns: the uppermost layer alone. */
void app_point(struct app *, enum mouse_act, int row, int column);
bool app_too_small(void);
bool app_dirty(const struct app *);	/* something has to be drawn */

#endif
