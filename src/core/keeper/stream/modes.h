/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_MODES_H
#define CORE_KEEPER_STREAM_MODES_H

#include "core/keeper/stream/modes_sgr.h"

#include <stdbool.h>
#include <stdint.h>

struct sequence;
struct str;

/*
 * The modes of a terminal as far as a client that joins in the middle must
 * be put into them; xterm's rules. Not followed: cursor position, tab stops,
 * titles, palette, what is on the screen; nor modes that make a terminal
 * report at once. A mode that was ever touched is written even when it is
 * back at its default, so that modes_write also suits a terminal that is in
 * another state (a client that missed bytes).
 */
enum {
	MODES_PRIVATE = 25,	/* rows of private_modes[] in modes.c */
	MODES_ANSI = 3
};

struct modes {
	struct modes_pen pen;
	struct modes_pen saved[2];	/* of the main and of the alternate screen, as in xterm */
	bool has_saved[2];
	uint8_t alternate;		/* which screen, 0 or 1 */
	uint16_t alternate_by;		/* 47, 1047 or 1049; 0: never touched */
	uint8_t private[MODES_PRIVATE];	/* MODE_* of modes.c */
	uint8_t ansi[MODES_ANSI];
	uint16_t top, bottom, left, right;	/* margins, from 1; 0: the edge */
	uint8_t touched;		/* TOUCHED_* of modes.c */
	uint8_t sets_touched;		/* bit n: Gn; bit 4: GR */
	uint8_t keypad;			/* '=' or '>', 0: never touched */
	uint8_t cursor_style;		/* DECSCUSR + 1; 0: never touched */
	uint8_t other_keys;		/* modifyOtherKeys + 1; 0: never touched */
	uint8_t coding;			/* of ESC %: '@' or 'G'; 0: never touched */
};

void modes_init(struct modes *);
/* One finished sequence. */
void modes_csi(struct modes *, const struct sequence *);
void modes_escape(struct modes *, const struct sequence *);
void modes_shift(struct modes *, unsigned set);		/* SI 0, SO 1 */
void modes_write(const struct modes *, struct str *out);
/* Whether one was ever set that makes a terminal send more than keys: mouse and focus. */
bool modes_report(const struct modes *);
/* Out of these modes: only what was touched is written, and the cursor stays where it can. */
void modes_write_reset(const struct modes *, struct str *out);

#endif
