/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_MODES_SGR_H
#define CORE_KEEPER_STREAM_MODES_SGR_H

#include <stdint.h>

struct sequence;
struct str;

/* The state that DECSC saves and DECRC restores. */
struct modes_pen {
	uint32_t foreground, background, line;	/* 0: default, 1 << 24 | index, or 2 << 24 | rgb */
	uint16_t attributes;		/* bit n: SGR n, for n in 1..9 */
	uint8_t underline;		/* 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed */
	uint8_t font;			/* SGR 10 + font */
	uint8_t overline, script;	/* script: SGR 73, 74 or 0 */
	uint8_t protect;		/* DECSCA */
	uint8_t origin;			/* DECOM */
	uint8_t set[4][3];		/* G0..G3: intermediates and final byte of the designation; zeros for ASCII */
	uint8_t gl, gr;			/* selected set, G0..G3 */
};

/* Read and write the colours and attributes of a pen (SGR, ESC [ ... m). Used only by modes.c. */
void modes_sgr(struct modes_pen *, const struct sequence *);
void modes_write_sgr(const struct modes_pen *, struct str *out);	/* works from any state */

#endif
