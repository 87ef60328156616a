/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_MODES_H
#define CORE_KEEPER_STREAM_MODES_H

#include "core/keeper/stream/modes_sgr.h"

#include <stdbool.h>
#include <stdint.h>

struct sequence;
struct str;

/*
 * The terminal modes that a client needs if it joins in the middle, by the
 * rules of xterm. Not tracked: cursor position, tab stops, titles, palette and
 * the content of the screen, and modes that make a terminal send a report at
 * once. A mode that was ever changed is written even if it is back at its
 * default, so that modes_write also works for a terminal in another state (a
 * client that missed bytes).
 */
enum {
	MODES_PRIVATE = 25,	/* rows of private_modes[] in modes.c */
	MODES_ANSI = 3
};

struct modes {
	struct modes_pen pen;
	struct modes_pen saved[2];	/* for the main and the alternate screen, as in xterm */
	bool has_saved[2];
	uint8_t alternate;		/* current screen, 0 (main) or 1 */
	uint16_t alternate_by;		/* mode that selected it: 47, 1047 or 1049; 0: never changed */
	uint8_t private[MODES_PRIVATE];	/* MODE_* of modes.c */
	uint8_t ansi[MODES_ANSI];
	uint16_t top, bottom, left, right;	/* margins, from 1; 0 is the edge */
	uint8_t touched;		/* TOUCHED_* of modes.c */
	uint8_t sets_touched;		/* bit n: Gn; bit 4: GR */
	uint8_t keypad;			/* '=' or '>'; 0: never changed */
	uint8_t cursor_style;		/* DECSCUSR + 1; 0: never changed */
	uint8_t other_keys;		/* modifyOtherKeys + 1; 0: never changed */
	uint8_t coding;			/* of ESC %: '@' or 'G'; 0: never changed */
};

void modes_init(struct modes *);
/* Each handles one complete sequence. */
void modes_csi(struct modes *, const struct sequence *);
void modes_escape(struct modes *, const struct sequence *);
void modes_shift(struct modes *, unsigned set);		/* SI 0, SO 1 */
void modes_write(const struct modes *, struct str *out);
/* Returns true if a mode was ever set that makes a terminal send more than keys: mouse or focus. */
bool modes_report(const struct modes *);
/* Writes what leaves these modes: only those that were changed; moves the cursor only if unavoidable. */
void modes_write_reset(const struct modes *, struct str *out);

#endif
