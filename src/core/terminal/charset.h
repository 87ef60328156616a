/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_CHARSET_H
#define CORE_TERMINAL_CHARSET_H

#include <stdint.h>

/* The character sets of DEC terminals (VT510 manual, chapter 7; ISO 2022 designations as in xterm's ctlseqs). Pure. */
enum charset {
	CHARSET_ASCII,
	CHARSET_GRAPHICS,		/* DEC special graphics: lines */
	CHARSET_BRITISH,
	CHARSET_DUTCH, CHARSET_FINNISH, CHARSET_FRENCH, CHARSET_FRENCH_CANADIAN, CHARSET_GERMAN, CHARSET_ITALIAN,
	CHARSET_NORWEGIAN, CHARSET_PORTUGUESE, CHARSET_SPANISH, CHARSET_SWEDISH, CHARSET_SWISS,
	CHARSET_LATIN1,			/* the upper half of ISO 8859-1 */
	CHARSET_SUPPLEMENTAL,		/* DEC supplemental graphics */
	CHARSET_TECHNICAL,
	CHARSET_COUNT
};

/*
 * Returns the set that a designation selects, or -1 if there is none: `first` is '(' to '+' for sets of 94 characters
 * and '-' to '/' for sets of 96, `second` a second intermediate or 0, `final` the final byte.
 */
int charset_of(char first, char second, char final);
/* The bytes after the first intermediate that select it. */
const char *charset_designation(enum charset);
/* True for sets that stand for ASCII unless national sets are on (DECNRCM). */
int charset_is_national(enum charset);
/* True if the designation needs an intermediate from '-' on. */
int charset_is_96(enum charset);
/* Returns the character at a position, 0x20..0x7f, of the set. */
uint32_t charset_map(enum charset, uint32_t position);

#endif
