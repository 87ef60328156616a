/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SCAN_H
#define CORE_TERMINAL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * Splits the output of a guest into text, control characters and control
 * sequences (ECMA-48; the states are those of a VT500, as in xterm). It
 * implements only the grammar; its callers give the sequences their meaning.
 * The stream may arrive in any pieces. Pure, of fixed size.
 */
#define SCAN_CHARS 64			/* characters of one event */
#define SCAN_PARAMS 48			/* further parameters are dropped */
#define SCAN_PARAM_MAX 65535		/* larger numbers become this one */
#ifndef SCAN_STRING_MAX
#define SCAN_STRING_MAX 4096		/* bytes; a longer string is no event */
#endif

enum scan_event {
	SCAN_MORE,		/* the input is used up */
	SCAN_ASCII,		/* text[0..len): printable ASCII, within the input */
	SCAN_TEXT,		/* chars[0..count): other characters, U+FFFD for each malformed part of UTF-8 */
	SCAN_CONTROL,		/* `final` is a C0 control other than ESC, CAN and SUB; it may stand within a sequence */
	SCAN_ESCAPE,		/* intermediate[], final */
	SCAN_CSI,		/* prefix, param[], intermediate[], final */
	SCAN_STRING,		/* kind, string[0..len), followed by a NUL */
};

struct scan {
	uint8_t state;			/* private to scan.c, as held and before */
	uint8_t before;			/* the last byte of a string */
	uint8_t kind;			/* of a string: ']' OSC, 'P' DCS, '_' APC, '^' PM, 'X' SOS */
	uint8_t prefix;			/* '<' '=' '>' '?', or 0 */
	uint8_t intermediate[2];	/* 0: none */
	uint8_t final;
	bool single;			/* set by the caller: bytes from 0x80 on are characters of their own, not UTF-8 */
	bool bell;			/* a BEL ended the string */
	uint8_t held_len;
	unsigned char held[4];		/* of a character that is not complete */
	int param_count;		/* at least 1 for a CSI; an empty parameter is 0 */
	uint64_t sub;			/* bit i: param[i] follows a ':' */
	uint32_t param[SCAN_PARAMS];
	int count;			/* of chars */
	size_t len;
	const unsigned char *text;
	uint32_t chars[SCAN_CHARS];
	char string[SCAN_STRING_MAX + 1];
};

void scan_init(struct scan *);
/* Takes the next event from [*at, end) and advances *at. */
enum scan_event scan_next(struct scan *, const unsigned char **at, const unsigned char *end);
/* True between two sequences and characters. */
bool scan_idle(const struct scan *);
/* Appends bytes that bring a scanner from its initial state into this one. */
void scan_pending(const struct scan *, struct str *out);

#endif
