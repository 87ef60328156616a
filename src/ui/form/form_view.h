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
	bool is_new;			/* the profile has no file yet */
	struct scroller scroller;	/* over the rows of the model */
	size_t cell;			/* the current cell of the row */
	bool touched;			/* the cell has been changed since it became the current one */
	char prefix[16];		/* the typed beginning of a choice */
	struct line_edit *edit;		/* editor of the current cell; NULL: it is not typed */
	int columns;			/* inside the frame */
	bool command;			/* the tab with the command line is shown */
	struct page argv;		/* content of that tab: problems, then one option with its value per line */
	struct scroller argv_scroller;
	size_t edited_row;		/* the row whose value is open in an editor */
	bool pasting;
	struct str pasted;		/* text of a paste so far */
	char *hint;			/* FORM_HINT bytes: the last result of form_hint */
};

/* Position of a cell, from the left edge inside the frame. */
struct form_cell_place {
	int column, columns;
};

struct form_cell_place form_cell_place(const struct form_row *, size_t cell, int columns);
int form_label_columns(int columns);
int form_value_columns(int columns);	/* columns for label and value; the reason gets the rest */

struct form_view *form_view_new(const struct vm_config *, const struct store_revision *, bool is_new);
/* Warns if another VM has the same MAC address; reads all profiles. */
void form_view_look(struct form_view *, struct app *);
/* Returns true if the key is part of text that is being pasted into a field. */
bool form_paste_key(struct form_view *, const struct key *);
/* The form on top of the stack, if it is for this profile; NULL otherwise. Callbacks use it to find their form again. */
struct form_view *form_view_on(struct app *, const char *profile);

void form_draw(const struct view *, WINDOW *);
int form_hint_rows(int columns);		/* lines reserved for the hint */
const char *form_hint(const struct form_view *);	/* borrowed; NULL: none */

/* saved NULL: no arguments are marked as changed. */
void form_command_fill(struct page *, const struct theme *, const struct vm_config *saved, const struct vm_config *now);

/* Call when the size or the content has changed. */
void form_command_fit(struct form_view *);
unsigned form_command_scroll(struct view *, int move);
/* Handles a key while the tab is shown: scrolls. */
unsigned form_command_typed(struct form_view *, const struct key *);

/* For cells with choices: goes to the next choice, and handles a key. */
unsigned form_choice_step(struct form_view *, int step);
unsigned form_choice_typed(struct form_view *, const struct key *);
/* Makes this the current cell. */
void form_go(struct form_view *, size_t row, size_t cell);
/* Lists this host's USB devices; the chosen one becomes the value of the row. */
unsigned form_pick_usb(struct view *, int);

/* Shows the file's content and below it what would be written. */
void form_conflict_show(struct app *, struct store *, const struct vm_config *);
/* For the manual page, which is made from the key tables. */
const struct view_ops *form_view_ops(void);

#endif
