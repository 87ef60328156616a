/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_IMPL_H
#define CORE_TERMINAL_TERMINAL_IMPL_H

#include "core/terminal/terminal.h"
#include "core/terminal/terminal_guard.h"
#include "core/terminal/terminal_keys.h"
#include "core/terminal/terminal_surface.h"

/* Inside of the terminal, for terminal.c (which knows libvterm) and terminal_read.c (which does not) only. */

struct VTerm;
struct VTermState;

struct terminal {
	void *allocator;		/* libvterm's table of two functions */
	struct VTerm *vterm;
	struct VTermState *state;
	struct guard guard;
	struct surface cells;
	int first_row;		/* of the cursor when the alternate screen came up; follows its row over resizes */
	bool first_moved;	/* libvterm restores the cursor to where that row was, not to where it is */

	struct cell pen;		/* what libvterm told, text unused */
	bool dim, conceal;		/* what it does not know */
	bool packed_valid;		/* cells.held[HOLD_PEN] says the same */

	bool cursor_visible, cursor_blink;
	int cursor_shape;
	int last_marks;			/* of the glyph written last */
	struct input_modes modes;
	bool answers;
	const struct terminal_events *events;
	void *data;
};

#endif
