/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_VIEW_H
#define UI_FORM_FORM_VIEW_H

#include "core/base/str.h"
#include "core/vm/store.h"
#include "ui/form/form_model.h"
#include "ui/kit/line_edit.h"
#include "ui/kit/page.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"

/*
 * The form as a view. form_view.c decides, form_draw.c paints, form_command.c
 * is the tab with the command line, form_open.c opens one, form_paste.c takes what
 * is pasted, form_choice.c is for cells with choices, form_usb.c picks a USB device; nobody else includes this.
 */

#define FORM_HINT 512

struct form_view {
	struct view view;
	struct form_model model;
	struct store_revision revision;
	bool is_new;			/* there is no file yet */
	struct scroller scroller;	/* over the rows of the model */
	size_t cell;			/* of its row, that the keys are in */
	bool touched;			/* something was typed into the cell since the keys came to it */
	char prefix[16];		/* typed of the choice that is meant */
	struct line_edit *edit;		/* of the cell the keys are in; NULL: it is not typed into */
	int columns;			/* inside the frame */
	bool command;			/* that tab is shown */
	struct page argv;		/* of that tab: what stops a start, then an option with its value a line */
	struct scroller argv_scroller;
	size_t edited_row;		/* the one that is in an editor */
	bool pasting;
	struct str pasted;		/* what came of it so far */
	char *hint;			/* FORM_HINT bytes: what form_hint last said */
};

/* Where a cell is, from the left edge inside the frame. */
struct form_cell_place {
	int column, columns;
};

struct form_cell_place form_cell_place(const struct form_row *, size_t cell, int columns);
int form_label_columns(int columns);
int form_value_columns(int columns);	/* label and value; the rest is for the reason */

struct form_view *form_view_new(const struct vm_config *, const struct store_revision *, bool is_new);
/* Look whether other VMs have the MAC address; goes through all of them. */
void form_view_look(struct form_view *, struct app *);
/* true: the key belonged to text that is pasted into a field, which is kept whole. */
bool form_paste_key(struct form_view *, const struct key *);
/* The form on top of the stack, if it is this profile's; callbacks find it again so. */
struct form_view *form_view_on(struct app *, const char *profile);

void form_draw(const struct view *, WINDOW *);
int form_hint_rows(int columns);		/* lines that are kept for it */
const char *form_hint(const struct form_view *);	/* borrowed; NULL: none */

/* saved NULL: there is nothing that could have changed. */
void form_command_fill(struct page *, const struct theme *, const struct vm_config *saved, const struct vm_config *now);

/* The lines that fit, or what there is to show, are others now. */
void form_command_fit(struct form_view *);
unsigned form_command_scroll(struct form_view *, enum scroller_move);
/* A key while it is shown: it scrolls. */
unsigned form_command_typed(struct form_view *, const struct key *);

/* A cell that is chosen and not typed: the next choice, and a key while the keys are in it. */
unsigned form_choice_step(struct form_view *, int step);
unsigned form_choice_typed(struct form_view *, const struct key *);
/* Keys go to this cell. */
void form_go(struct form_view *, size_t row, size_t cell);
/* A list of this host's USB devices; the one that is taken becomes the device of the row. */
unsigned form_pick_usb(struct view *, int);

/* What is in the file and what would be written, one below the other. */
void form_conflict_show(struct app *, struct store *, const struct vm_config *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *form_view_ops(void);

#endif
