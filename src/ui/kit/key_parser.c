/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_parser.h"

#include "core/base/utf8.h"
#include "core/terminal/scan.h"

#include <assert.h>
#include <string.h>

enum { BEL = SCAN_BEL, ESC = SCAN_ESC, DEL = SCAN_DEL };

static_assert(KEY_PARAMS <= 16 && SCAN_PARAM_MAX <= UINT16_MAX, "types of struct key_sequence");

/* The bytes to scan, and whether more may follow. */
struct span {
	const unsigned char *at;
	size_t len;
	bool idle;
};

static const char paste_end[] = "\033[201~";

void key_parser_init(struct key_parser *parser, const struct key_known *known, size_t count)
{
	*parser = (struct key_parser){ .known = known, .known_count = count };
	str_init(&parser->pending);
}

void key_parser_finish(struct key_parser *parser)
{
	str_finish(&parser->pending);
}

void key_parser_feed(struct key_parser *parser, const void *bytes, size_t len)
{
	str_drop(&parser->pending, parser->used);
	parser->used = 0;
	str_add(&parser->pending, bytes, len);
	if (len > 0)
		parser->idle = false;
}

/* Each scan function returns the length of its token in bytes, or 0 if it is still incomplete. */

static size_t character(struct key_token *token, uint32_t c, size_t len)
{
	token->kind = KEY_TOKEN_CHAR;
	token->character = c;
	return len;
}

/*
 * A sequence that is incomplete, or is followed by a byte that cannot belong to it. Its first two bytes alone are a
 * key: Alt and the second one.
 */
static size_t broken(struct key_token *token, const unsigned char *at, size_t len)
{
	if (len == 2) {
		token->alt = true;
		return character(token, at[1], 2);
	}
	token->kind = KEY_TOKEN_BROKEN;
	return len;
}

/* Bytes that are not UTF-8 are taken one by one, as Latin-1. */
static size_t scan_character(struct span in, struct key_token *token)
{
	uint32_t c = in.at[0];
	bool whole;
	size_t len = utf8_decode(in.at, in.len, &c);

	if (len > 1)
		return character(token, c, len);
	if (len == 0 && (size_t)utf8_prefix(in.at, in.len, &whole) == in.len && !in.idle)
		return 0;
	return character(token, in.at[0], 1);
}

/* in begins with CSI M. */
static size_t scan_x10(struct span in, struct key_token *token)
{
	for (size_t i = 3; i < 6; i++) {
		if (i == in.len)
			return in.idle ? broken(token, in.at, i) : 0;
		if (in.at[i] < 0x20)
			return broken(token, in.at, i);
	}
	token->kind = KEY_TOKEN_X10;
	return 6;
}

static size_t scan_linux(struct span in, struct key_token *token)
{
	if (in.len == 3)
		return in.idle ? broken(token, in.at, 3) : 0;
	if (in.at[3] < 0x20 || in.at[3] >= DEL)
		return broken(token, in.at, 3);
	token->kind = KEY_TOKEN_LINUX;
	token->sequence.final = in.at[3];
	return 4;
}

static void fill(struct key_sequence *sequence, const struct scan *scan)
{
	int count = scan->param_count < KEY_PARAMS ? scan->param_count : KEY_PARAMS;

	sequence->prefix = scan->prefix;
	sequence->intermediate = scan->intermediate[0];
	sequence->final = scan->final;
	sequence->count = (uint8_t)count;
	sequence->sub = (uint16_t)scan->sub;
	for (int i = 0; i < count; i++)
		sequence->param[i] = (uint16_t)scan->param[i];
}

/* What cannot be part of it ends it: a user may type between the pieces of a sequence. */
static size_t scan_csi(struct span in, struct key_token *token)
{
	const unsigned char *at = in.at;
	size_t len = 2;
	struct scan scan;

	if (in.len > 2 && in.at[2] == 'M')
		return scan_x10(in, token);
	if (in.len > 2 && in.at[2] == '[')
		return scan_linux(in, token);
	while (len < in.len && in.at[len] >= 0x20 && in.at[len] < 0x40)
		len++;
	if (len == in.len)
		return in.idle ? broken(token, in.at, len) : 0;
	if (in.at[len] < 0x40 || in.at[len] >= DEL)
		return broken(token, in.at, len);
	len++;
	scan_init(&scan);
	if (scan_next(&scan, &at, in.at + len) != SCAN_CSI)
		return broken(token, in.at, len);
	token->kind = KEY_TOKEN_CSI;
	fill(&token->sequence, &scan);
	return len;
}

static size_t scan_ss3(struct span in, struct key_token *token)
{
	size_t at = 2;
	unsigned number = 0;

	while (at < in.len && at < 5 && in.at[at] >= '0' && in.at[at] <= '9')
		number = number * 10 + (in.at[at++] - '0');
	if (at == in.len)
		return in.idle ? broken(token, in.at, at) : 0;
	if (in.at[at] < 0x20 || in.at[at] >= DEL)
		return broken(token, in.at, at);
	token->kind = KEY_TOKEN_SS3;
	token->sequence.final = in.at[at];
	token->sequence.count = 1;
	token->sequence.param[0] = (uint16_t)number;
	return at + 1;
}

/* Finds the end of a string. *whole is false if it is cut off there. Returns 0 if the end has not arrived yet. */
static size_t string_end(struct span in, size_t from, bool *whole)
{
	*whole = true;
	for (size_t i = from; i < in.len; i++) {
		if (in.at[i] == BEL)
			return i + 1;
		if (in.at[i] == ESC && i + 1 == in.len && !in.idle)
			return 0;
		if (in.at[i] == ESC && i + 1 < in.len && in.at[i + 1] == '\\')
			return i + 2;
		if (in.at[i] < 0x20) {
			*whole = false;
			return i;
		}
	}
	*whole = false;
	return in.idle ? in.len : 0;
}

static size_t scan_string(struct span in, struct key_token *token)
{
	bool whole;
	size_t end = string_end(in, 2, &whole);

	if (end > 0 && !whole)
		return broken(token, in.at, end);
	token->kind = KEY_TOKEN_STRING;
	return end;
}

/* Only keys can have a second ESC before them; before a report or an answer ESC is the Esc key. */
static bool is_key(const struct key_token *token)
{
	const struct key_sequence *sequence = &token->sequence;

	switch (token->kind) {
	case KEY_TOKEN_KNOWN: case KEY_TOKEN_SS3: case KEY_TOKEN_LINUX:
		return true;
	case KEY_TOKEN_CSI:
		return !sequence->prefix && !sequence->intermediate && strchr("ABCDEFHPQSZ~u^@abcd", sequence->final);
	default:
		return false;
	}
}

static size_t scan_sequence(const struct key_parser *parser, struct span in, struct key_token *token);

/* ESC ESC: Alt with a key that is a sequence itself, or the Esc key followed by something else. */
static size_t scan_two_escapes(const struct key_parser *parser, struct span in, struct key_token *token)
{
	if (in.len == 2 && !in.idle)
		return 0;
	if (in.len > 2 && (in.at[2] == '[' || in.at[2] == 'O')) {
		struct span behind = { in.at + 1, in.len - 1, in.idle };
		size_t len = scan_sequence(parser, behind, token);

		if (len == 0)
			return 0;
		if (is_key(token)) {
			token->alt = true;
			return len + 1;
		}
	}
	*token = (struct key_token){ .kind = KEY_TOKEN_CHAR };
	return character(token, ESC, 1);
}

static size_t scan_by_grammar(const struct key_parser *parser, struct span in, struct key_token *token)
{
	if (in.at[0] != ESC)
		return scan_character(in, token);
	if (in.len == 1)
		return in.idle ? character(token, ESC, 1) : 0;
	switch (in.at[1]) {
	case ESC:
		return scan_two_escapes(parser, in, token);
	case '[':
		return scan_csi(in, token);
	case 'O':
		return scan_ss3(in, token);
	case ']': case 'P': case '_': case '^': case 'X':
		return scan_string(in, token);
	default:
		break;
	}

	struct span behind = { in.at + 1, in.len - 1, in.idle };
	size_t len = scan_character(behind, token);

	token->alt = true;
	return len > 0 ? len + 1 : 0;
}

/* The longest sequence of terminfo's that the bytes begin with; *partial: they are the beginning of one. */
static const struct key_known *find_known(const struct key_parser *parser, struct span in, bool *partial)
{
	const struct key_known *best = NULL;

	*partial = false;
	for (size_t i = 0; i < parser->known_count; i++) {
		const struct key_known *known = &parser->known[i];
		size_t len = strlen(known->bytes);

		if (memcmp(known->bytes, in.at, len < in.len ? len : in.len) != 0)
			continue;
		if (len > in.len)
			*partial = true;
		else if (!best || len > strlen(best->bytes))
			best = known;
	}
	return best;
}

/* Terminfo's sequences come first: the grammar would take keys of some terminals as incomplete. */
static size_t scan_sequence(const struct key_parser *parser, struct span in, struct key_token *token)
{
	bool partial = false, control = in.at[0] < 0x20 || in.at[0] == DEL;
	const struct key_known *known = control ? find_known(parser, in, &partial) : NULL;

	if (partial && !in.idle)
		return 0;
	if (!known)
		return scan_by_grammar(parser, in, token);
	token->kind = KEY_TOKEN_KNOWN;
	token->known = known;
	return strlen(known->bytes);
}

/* In pasted text only its end is a sequence. */
static size_t scan_pasted(struct span in, struct key_token *token)
{
	const size_t end = sizeof(paste_end) - 1;

	if (memcmp(in.at, paste_end, in.len < end ? in.len : end) == 0 && (in.len >= end || !in.idle))
		return in.len >= end ? scan_csi(in, token) : 0;
	token->pasted = true;
	return scan_character(in, token);
}

/* The rest of an overlong sequence. */
static size_t scan_skipped(struct key_parser *parser, struct span in, struct key_token *token)
{
	bool whole;
	size_t len = 0;

	token->kind = KEY_TOKEN_BROKEN;
	if (parser->skipping == '[') {
		while (len < in.len && in.at[len] >= 0x20 && in.at[len] < 0x40)
			len++;
		whole = len < in.len && in.at[len] >= 0x40 && in.at[len] < DEL;
		if (len < in.len)
			parser->skipping = 0;
		return len + whole;
	}
	len = string_end(in, 0, &whole);
	if (len > 0 || (in.at[0] < 0x20 && !whole && (in.at[0] != ESC || in.len > 1 || in.idle)))
		parser->skipping = 0;
	/* An ESC as the last byte may begin the end of the paste. */
	return len > 0 || parser->skipping == 0 ? len : in.len - (in.at[in.len - 1] == ESC);
}

static size_t scan(struct key_parser *parser, struct span in, struct key_token *token)
{
	size_t len = parser->pasting ? scan_pasted(in, token) : scan_sequence(parser, in, token);

	if (len > 0 || in.len < KEY_HELD_MAX)
		return len;
	parser->skipping = in.at[1] == ESC ? in.at[2] : in.at[1];
	token->kind = KEY_TOKEN_BROKEN;
	return in.len - (in.at[in.len - 1] == ESC);
}

static void note_paste(struct key_parser *parser, const struct key_token *token)
{
	const struct key_sequence *sequence = &token->sequence;

	if (token->kind != KEY_TOKEN_CSI || sequence->final != '~' || sequence->prefix || sequence->count != 1)
		return;
	if (sequence->param[0] == 200)
		parser->pasting = true;
	if (sequence->param[0] == 201)
		parser->pasting = false;
}

static struct span view_pending(const struct key_parser *parser)
{
	return (struct span){ (const unsigned char *)parser->pending.text + parser->used,
		                       parser->pending.len - parser->used, parser->idle };
}

bool key_parser_next(struct key_parser *parser, struct key_token *token)
{
	struct span in = view_pending(parser);
	size_t len;

	while (parser->skipping && in.len > 0) {
		*token = (struct key_token){ .kind = KEY_TOKEN_BROKEN };
		len = scan_skipped(parser, in, token);
		parser->used += len;
		in = view_pending(parser);
		if (len == 0 && parser->skipping)
			return false;
	}
	if (parser->skipping && parser->idle)
		parser->skipping = 0;
	if (in.len == 0)
		return false;
	*token = (struct key_token){ .kind = KEY_TOKEN_CHAR };
	len = scan(parser, in, token);
	if (len == 0)
		return false;
	note_paste(parser, token);
	token->bytes = in.at;
	token->len = len;
	parser->used += len;
	return true;
}

bool key_parser_waits(const struct key_parser *parser, unsigned escape_ms, unsigned *ms)
{
	struct span in = view_pending(parser);
	bool key = in.len == 1 ? in.at[0] < 0x80 : in.len == 2 && in.at[0] == ESC && in.at[1] == ESC;

	*ms = key && !parser->skipping && !parser->pasting ? escape_ms : KEY_REST_MS;
	return in.len > 0 || parser->skipping;
}

void key_parser_expire(struct key_parser *parser)
{
	parser->idle = true;
}
