/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_MODES_SGR_H
#define CORE_KEEPER_STREAM_MODES_SGR_H

#include <stdint.h>

struct sequence;
struct str;

/* What DECSC saves and DECRC brings back. */
struct modes_pen {
	uint32_t foreground, background, line;	/* 0 default, 1 << 24 | index, 2 << 24 | rgb */
	uint16_t attributes;		/* bit n: SGR n, for n in 1..9 */
	uint8_t underline;		/* 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed */
	uint8_t font;			/* SGR 10 + font */
	uint8_t overline, script;	/* script: SGR 73, 74 or 0 */
	uint8_t protect;		/* DECSCA */
	uint8_t origin;			/* DECOM */
	uint8_t set[4][3];		/* G0..G3: intermediates and final of its designation; zeroes: ASCII */
	uint8_t gl, gr;			/* which of G0..G3 */
};

/* Colours and attributes (SGR, ESC [ ... m) of a pen: both ways. For modes.c. */
void modes_sgr(struct modes_pen *, const struct sequence *);
void modes_write_sgr(const struct modes_pen *, struct str *out);	/* from any state */

#endif
