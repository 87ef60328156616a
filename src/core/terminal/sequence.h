/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SEQUENCE_H
#define CORE_TERMINAL_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where in a terminal's control sequences (ECMA-48, xterm's ctlseqs) a byte
 * stands. Pure, fixed size. It knows the grammar and no meaning: modes.c and
 * ui/guest_filter.c give it that. Bytes 0x80..0x9f are UTF-8 here, never C1.
 */
enum sequence_state {
	SEQUENCE_GROUND,
	SEQUENCE_ESCAPE,	/* behind ESC, intermediates may follow */
	SEQUENCE_CSI,
	SEQUENCE_CSI_SKIP,	/* malformed: up to its final byte */
	SEQUENCE_STRING		/* OSC, DCS, APC, PM, SOS: up to BEL, ST or any ESC */
};

enum sequence_event {
	SEQUENCE_MORE,		/* inside; nothing has happened yet */
	SEQUENCE_TEXT,		/* a byte of text */
	SEQUENCE_CONTROL,	/* a C0 control to execute, also in the middle of a sequence */
	SEQUENCE_ESC_DONE,	/* intermediate[] and final are set */
	SEQUENCE_CSI_DONE,	/* prefix, param[], intermediate[] and final are set */
	SEQUENCE_STRING_DONE,	/* kind is set; state is ESCAPE if an ESC ended it, which begins what follows */
	SEQUENCE_CANCEL		/* given up; the byte itself means nothing more */
};

#define SEQUENCE_PARAMS 32
#define SEQUENCE_PARAM_MAX 65535

struct sequence {
	uint8_t state;
	uint8_t kind;		/* of a string: ']' 'P' '_' '^' 'X' */
	uint8_t prefix;		/* '<' '=' '>' '?' or 0 */
	uint8_t intermediate[2];	/* 0: none */
	uint8_t final;
	uint8_t count;		/* of params, at least 1 in a CSI: an empty one is 0 */
	uint32_t sub;		/* bit i: param i follows a ':' */
	uint16_t param[SEQUENCE_PARAMS];
};

enum sequence_event sequence_feed(struct sequence *, unsigned char byte);	/* starts as all zeroes */

#endif
