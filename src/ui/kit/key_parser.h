/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_PARSER_H
#define UI_KIT_KEY_PARSER_H

#include "core/base/str.h"
#include "ui/kit/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Cuts a terminal's input into tokens: UTF-8 characters, control bytes, and
 * whole sequences (CSI, SS3, OSC and other strings, X10 mouse reports). Pure:
 * no curses calls, descriptors or clock. The tokens do not depend on how the
 * bytes were split when they arrived. key_meaning.h gives a token its meaning.
 */

#define KEY_REST_MS	1000	/* how long an incomplete sequence waits for its next byte */
#define KEY_HELD_MAX	4096	/* bytes in a sequence; a longer one is dropped */

#define KEY_PARAMS	16	/* parameters of a token; further ones are dropped */

/* A control sequence, as scan.h reads it. */
struct key_sequence {
	uint8_t prefix;			/* '<' '=' '>' '?' or 0 */
	uint8_t intermediate;		/* the first one; 0: none */
	uint8_t final;
	uint8_t count;			/* of params; at least 1 for a CSI, and 0 is the value of an empty one */
	uint16_t sub;			/* bit i: param i follows a ':' */
	uint16_t param[KEY_PARAMS];	/* at most SCAN_PARAM_MAX */
};

/* A sequence that terminfo names, and its key. */
struct key_known {
	char bytes[16];
	struct key key;
};

enum key_token_kind {
	KEY_TOKEN_CHAR,		/* a character, with alt if ESC came before it; also Esc itself */
	KEY_TOKEN_KNOWN,
	KEY_TOKEN_CSI,		/* sequence is filled */
	KEY_TOKEN_SS3,		/* sequence has the final byte and one parameter, 0 if there was none */
	KEY_TOKEN_LINUX,	/* CSI [ and one letter: the Linux console's F1 to F5; sequence.final is the letter */
	KEY_TOKEN_X10,		/* CSI M and three bytes */
	KEY_TOKEN_STRING,	/* OSC, DCS, APC, PM, SOS, with its end */
	KEY_TOKEN_BROKEN	/* an incomplete sequence, without meaning */
};

struct key_token {
	enum key_token_kind kind;
	bool alt;
	bool pasted;			/* within a bracketed paste: always a character */
	uint32_t character;
	const struct key_known *known;
	struct key_sequence sequence;
	const unsigned char *bytes;	/* the whole token; borrowed until the next call */
	size_t len;
};

struct key_parser {
	const struct key_known *known;	/* borrowed */
	size_t known_count;
	/* Used by key_meaning. */
	uint8_t pressed;		/* pressed mouse button, 0: none */
	unsigned char backspace;	/* the byte that Backspace sends, BS or DEL; 0: unknown, so both are Backspace */
	/* Private. */
	struct str pending;
	size_t used;			/* bytes of pending that belong to returned tokens */
	bool pasting;
	bool idle;			/* no more bytes are expected for what is pending */
	unsigned char skipping;		/* the introducer of an overlong sequence that is being dropped; 0: none */
};

void key_parser_init(struct key_parser *, const struct key_known *, size_t count);
void key_parser_finish(struct key_parser *);
void key_parser_feed(struct key_parser *, const void *bytes, size_t len);
/* Returns false if there is no complete token. */
bool key_parser_next(struct key_parser *, struct key_token *);
/* How long the pending bytes wait for more, in ms; escape_ms is the time for a lone ESC. Returns false if none wait. */
bool key_parser_waits(const struct key_parser *, unsigned escape_ms, unsigned *ms);
/* Call when that time has passed: key_parser_next then turns all pending bytes into tokens. */
void key_parser_expire(struct key_parser *);

#endif
