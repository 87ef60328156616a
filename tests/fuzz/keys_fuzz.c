/* SPDX-License-Identifier: MIT */
/*
 * What a terminal sends: the tokens hold all bytes and each once, they are the
 * same whatever pieces the bytes came in, nothing is held for ever, and a
 * key that a guest is sent reads back as itself.
 */
#include "core/base/str.h"
#include "core/terminal/terminal_keys.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/key_parser.h"

#include <curses.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

static const struct key_known known[] = {
	{ "\033[7$", { .code = KEY_HOME, .is_code = true, .shift = true } },
	{ "\033Oa", { .code = KEY_UP, .is_code = true, .ctrl = true } },
	{ "\033[[A", { .code = KEY_F(1), .is_code = true } },
	{ "\x01@\r", { .code = KEY_F(9), .is_code = true } },
};

/* What came of it: keys as text, and how many bytes they took. */
struct result {
	struct str keys;
	size_t taken;
};

static bool parse_back(const char *bytes, size_t len, struct key *out)
{
	struct key_parser parser;
	struct key_token token;
	bool one;

	key_parser_init(&parser, NULL, 0);
	key_parser_feed(&parser, bytes, len);
	key_parser_expire(&parser);
	one = key_parser_next(&parser, &token) && token.len == len && key_meaning(&parser, &token, out) == KEY_MEANS_KEY;
	key_parser_finish(&parser);
	return one;
}

/* Alt-[ and the like begin a sequence: alone they are that key, and nothing else is. */
static void judge_key(const struct key_token *token, const struct key *key)
{
	static const struct input_modes modes;
	char out[64];
	size_t len;
	struct key back;

	if (token->pasted || (key->is_code && (key->code == KEY_PASTE_BEGIN || key->code == KEY_PASTE_END)))
		return;
	len = key_encode(&modes, key, out);
	require(len > 0 && len <= sizeof(out));
	/* Two Escs; and Ctrl-Backspace is a byte that Backspace may be, too. */
	if ((key->alt && key->code == 27) || key->code == KEY_BACKSPACE || (key->alt && key->code == KEY_BTAB))
		return;
	require(parse_back(out, len, &back));
	require(key_equal(key, &back));
}

static void drain(struct key_parser *parser, struct result *result)
{
	struct key_token token;
	struct key key;

	while (key_parser_next(parser, &token)) {
		enum key_meaning meaning = key_meaning(parser, &token, &key);

		require(token.len > 0);
		result->taken += token.len;
		require(token.kind != KEY_TOKEN_BROKEN || meaning == KEY_MEANS_NOTHING);
		if (meaning == KEY_MEANS_MOUSE)
			str_addf(&result->keys, "%d,%d,%d,%d ", key.mouse.row, key.mouse.column, key.mouse.button, key.mouse.pressed);
		else if (meaning == KEY_MEANS_KEY)
			str_addf(&result->keys, "%x,%d%d%d%d ", (unsigned)key.code, key.is_code, key.alt, key.shift, key.ctrl);
		if (meaning == KEY_MEANS_KEY)
			judge_key(&token, &key);
	}
}

static void run(const uint8_t *bytes, size_t len, size_t step, struct result *result)
{
	struct key_parser parser;
	unsigned ms;

	*result = (struct result){ .taken = 0 };
	str_init(&result->keys);
	key_parser_init(&parser, known, sizeof(known) / sizeof(known[0]));
	for (size_t at = 0; at < len; at += step) {
		key_parser_feed(&parser, bytes + at, len - at < step ? len - at : step);
		drain(&parser, result);
		require(parser.pending.len - parser.used <= KEY_HELD_MAX);
	}
	require(key_parser_waits(&parser, 50, &ms) || result->taken == len || len > KEY_HELD_MAX);
	key_parser_expire(&parser);
	drain(&parser, result);
	require(!key_parser_waits(&parser, 50, &ms));
	require(result->taken == len || len > KEY_HELD_MAX);
	key_parser_finish(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t step = len ? 1 + bytes[0] % 7 : 1;
	struct result whole, parts;

	run(bytes, len, len + 1, &whole);
	run(bytes, len, step, &parts);
	/* A sequence that is too long is dropped as it comes. */
	require(len > KEY_HELD_MAX || strcmp(whole.keys.text, parts.keys.text) == 0);
	str_finish(&whole.keys);
	str_finish(&parts.keys);
	return 0;
}
