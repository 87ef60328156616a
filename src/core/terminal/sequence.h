/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SEQUENCE_H
#define CORE_TERMINAL_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Parses terminal control sequences (ECMA-48, ctlseqs of xterm) byte by byte.
 * Pure, of fixed size. It implements only the grammar; its callers interpret
 * the sequences. Bytes 0x80..0x9f are treated as UTF-8, never as C1.
 */
enum sequence_state {
	SEQUENCE_GROUND,
	SEQUENCE_ESCAPE,	/* after ESC; intermediates may follow */
	SEQUENCE_CSI,
	SEQUENCE_CSI_SKIP,	/* malformed; skip up to its final byte */
	SEQUENCE_STRING		/* OSC, DCS, APC, PM, SOS: up to BEL, ST or any ESC */
};

enum sequence_event {
	SEQUENCE_MORE,		/* within a sequence */
	SEQUENCE_TEXT,		/* a byte of text */
	SEQUENCE_CONTROL,	/* a C0 control to execute, even within a sequence */
	SEQUENCE_ESC_DONE,	/* intermediate[] and final are set */
	SEQUENCE_CSI_DONE,	/* prefix, param[], intermediate[] and final are set */
	SEQUENCE_STRING_DONE,	/* kind is set; state is ESCAPE if an ESC ended it, which begins the next sequence */
	SEQUENCE_CANCEL		/* the sequence is discarded; the byte itself has no other effect */
};

#define SEQUENCE_PARAMS 32
#define SEQUENCE_PARAM_MAX 65535

struct sequence {
	uint8_t state;
	uint8_t kind;		/* of a string: ']' 'P' '_' '^' 'X' */
	uint8_t prefix;		/* '<' '=' '>' '?' or 0 */
	uint8_t intermediate[2];	/* 0: none */
	uint8_t final;
	uint8_t count;		/* of params; at least 1 for a CSI, and 0 is the value of an empty one */
	uint32_t sub;		/* bit i: param i follows a ':' */
	uint16_t param[SEQUENCE_PARAMS];
};

enum sequence_event sequence_feed(struct sequence *, unsigned char byte);	/* begin with a zeroed struct */

#endif
