/* SPDX-License-Identifier: MIT */
#ifndef UI_SCREEN_STATE_H
#define UI_SCREEN_STATE_H

#include "ui/model/item.h"

struct record_io;

/*
 * What the main view looked like when it was left, for the next one: in $XDG_STATE_HOME/paddock/screen.ini. Each part
 * that is missing or not valid is as in a screen that is opened for the first time.
 */
struct screen_state {
	char *order;			/* of the list, as list_order_word; NULL: unknown */
	bool folded[ITEM_KINDS];
	enum item_kind kind;		/* the selected item; */
	char *name;			/* NULL: none */
	int tab;			/* of the details, from 0; -1: unknown */
};

void screen_state_read(struct screen_state *, const struct record_io *);	/* initialises it */
/* Does nothing if it cannot be written: it is not worth a message. */
void screen_state_write(const struct screen_state *, const struct record_io *);
void screen_state_finish(struct screen_state *);

#endif
