/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SCAN_H
#define CORE_TERMINAL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
	SCAN_TEXT,		/* chars[0..count): any printable ones, U+FFFD for each malformed part of UTF-8 */
	SCAN_CONTROL,		/* `final` is a C0 control other than ESC, CAN and SUB; it may stand within a sequence */
	SCAN_ESCAPE,		/* intermediate[], final */
	SCAN_CSI,		/* prefix, param[], intermediate[], final */
	SCAN_STRING,		/* kind, string[0..len), followed by a NUL */
};

struct scan {
	uint8_t state;			/* 0 between sequences; private, as held and before */
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
	uint64_t given;			/* bit i: param[i] is not empty */
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
/* True within an OSC. */
bool scan_in_osc(const struct scan *);
/* Appends bytes that bring a scanner from its initial state into this one. */
void scan_pending(const struct scan *, struct str *out);

/* What a guest's output mostly is, inline for the loop over it: ASCII, control characters, whole sequences. */

#define SCAN_LITTLE_ENDIAN (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

enum { SCAN_BEL = 0x07, SCAN_CAN = 0x18, SCAN_SUB = 0x1a, SCAN_ESC = 0x1b, SCAN_DEL = 0x7f };

/* Returns the length of the printable ASCII at the beginning, eight bytes at a time. */
static inline size_t scan_ascii_length(const unsigned char *at, const unsigned char *end)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	const unsigned char *begin = at;

	while (end - at >= 8) {
		uint64_t word, is_del;

		memcpy(&word, at, sizeof(word));
		is_del = word ^ ones * SCAN_DEL;
		/* The lowest bit that is set belongs to the first other byte; those above it may be wrong. */
		word = ((word - ones * ' ') | word | ((is_del - ones) & ~is_del)) & highs;
		if (word && SCAN_LITTLE_ENDIAN)
			return (size_t)(at - begin) + (size_t)__builtin_ctzll(word) / 8;
		if (word)
			break;
		at += 8;
	}
	while (at < end && *at >= ' ' && *at < SCAN_DEL)
		at++;
	return (size_t)(at - begin);
}

/*
 * Takes a control sequence that is whole, and of nothing but a prefix, parameters and the final byte, at once: nearly
 * all are. Returns false, without having taken anything, for others. There are at least three bytes.
 */
static inline bool scan_plain_csi(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *byte = *at + 2;
	uint64_t sub = 0, given = 0;
	int count = 0;
	uint8_t prefix = 0;

	if (*byte >= '<' && *byte <= '?')
		prefix = *byte++;
	for (;; byte++) {
		const unsigned char *begin = byte;
		uint32_t value = 0, digit;

		for (; byte < end && (digit = *byte - (uint32_t)'0') <= 9; byte++)
			value = value * 10 + digit;
		if (byte - begin > 4)	/* perhaps above SCAN_PARAM_MAX, which is rare */
			return false;
		scan->param[count] = value;
		given |= (uint64_t)(byte > begin) << count;
		if (byte == end || (*byte != ';' && *byte != ':') || count == SCAN_PARAMS - 1)
			break;
		count++;
		sub |= (uint64_t)(*byte == ':') << count;
	}
	if (byte == end || *byte < '@' || *byte > '~')
		return false;
	scan->param_count = count + 1;
	scan->sub = sub;
	scan->given = given;
	scan->prefix = prefix;
	scan->intermediate[0] = scan->intermediate[1] = 0;
	scan->final = *byte;
	*at = byte + 1;
	return true;
}

/* True if a character begins at this byte that belongs to no sequence and is not a control: the next event is text. */
static inline bool scan_is_text(const struct scan *scan, unsigned char byte)
{
	return scan->state == 0 && scan->held_len == 0 && !scan->single && byte > 0xc2;	/* C1 controls begin with it */
}

/* The next event from [*at, end), which is not empty, if it is a common one; else SCAN_MORE, and nothing is taken. */
static inline enum scan_event scan_common(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *begin = *at;

	if (scan->state != 0 || scan->held_len > 0)
		return SCAN_MORE;
	if (*begin >= ' ' && *begin < SCAN_DEL) {
		scan->text = begin;
		scan->len = scan_ascii_length(begin, end);
		*at = begin + scan->len;
		return SCAN_ASCII;
	}
	if (*begin < SCAN_CAN) {
		scan->final = *begin;
		*at = begin + 1;
		return SCAN_CONTROL;
	}
	if (*begin == SCAN_ESC && end - begin > 2 && begin[1] == '[' && scan_plain_csi(scan, at, end))
		return SCAN_CSI;
	return SCAN_MORE;
}

#endif
