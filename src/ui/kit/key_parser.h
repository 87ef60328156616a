/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_PARSER_H
#define UI_KIT_KEY_PARSER_H

#include "core/base/str.h"
#include "core/terminal/sequence.h"
#include "ui/kit/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a terminal sends, cut into tokens: characters of UTF-8, control bytes,
 * and whole sequences (CSI, SS3, OSC and the other strings, X10's mouse
 * reports). Pure: no curses call, no descriptor, no clock. The tokens do not
 * depend on the pieces that the bytes arrived in. key_meaning.h says what a
 * token is for.
 */

#define KEY_REST_MS	1000	/* that a sequence which has begun waits for its next byte */
#define KEY_HELD_MAX	4096	/* bytes of a sequence; a longer one is dropped */

/* A sequence that terminfo names, and its key. */
struct key_known {
	char bytes[16];
	struct key key;
};

enum key_token_kind {
	KEY_TOKEN_CHAR,		/* a character, with alt if an ESC was in front; also Esc itself */
	KEY_TOKEN_KNOWN,
	KEY_TOKEN_CSI,		/* sequence is filled */
	KEY_TOKEN_SS3,		/* sequence has the final byte and one parameter, 0 if there was none */
	KEY_TOKEN_LINUX,	/* CSI [ and one letter: the Linux console's F1 to F5; sequence.final is the letter */
	KEY_TOKEN_X10,		/* CSI M and three bytes */
	KEY_TOKEN_STRING,	/* OSC, DCS, APC, PM, SOS, with its end */
	KEY_TOKEN_BROKEN	/* the beginning of a sequence that stopped: it means nothing */
};

struct key_token {
	enum key_token_kind kind;
	bool alt;
	bool pasted;			/* within a bracketed paste: always a character */
	uint32_t character;
	const struct key_known *known;
	struct sequence sequence;
	const unsigned char *bytes;	/* all of it, until the next call */
	size_t len;
};

struct key_parser {
	const struct key_known *known;	/* the caller's */
	size_t known_count;
	uint8_t pressed;		/* mouse button, 0: none; key_meaning's */
	/* Private. */
	struct str pending;
	size_t used;			/* of pending, by tokens that were returned */
	bool pasting;
	bool idle;			/* nothing follows for now: what is pending is all */
	unsigned char skipping;		/* in a sequence that was too long: the byte that introduced it; 0: no */
};

void key_parser_init(struct key_parser *, const struct key_known *, size_t count);
void key_parser_finish(struct key_parser *);
void key_parser_feed(struct key_parser *, const void *bytes, size_t len);
/* false: no more whole tokens. */
bool key_parser_next(struct key_parser *, struct key_token *);
/* How many ms of silence end the wait for the rest of a token; escape_ms is that of a lone ESC. false: nothing waits. */
bool key_parser_waits(const struct key_parser *, unsigned escape_ms, unsigned *ms);
/* That time has passed: key_parser_next now makes tokens of all that is pending. */
void key_parser_expire(struct key_parser *);

#endif
