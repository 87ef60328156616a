/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "core/terminal/input_modes.h"
#include "ui/cli/attach.h"
#include "ui/kit/key_meaning.h"

#include <string.h>

/* A typed key: its character, or 0 if it has none, and the bytes that the guest gets for it. */
struct typed {
	uint32_t c;
	const void *bytes;
	size_t len;
};

void attach_keys_init(struct attach_keys *keys, unsigned char prefix)
{
	*keys = (struct attach_keys){ .prefix = prefix, .line_start = true };
	key_parser_init(&keys->parser, NULL, 0);
}

void attach_keys_finish(struct attach_keys *keys)
{
	key_parser_finish(&keys->parser);
}

/*
 * As in ssh: ~ is an escape only after Enter, ~~ sends one ~, and anything
 * else after ~ is sent as typed.
 */
static enum attach_action after_tilde(struct attach_keys *keys, const struct typed *key, struct str *out)
{
	keys->tilde = false;
	if (key->c == '.')
		return ATTACH_DETACH;
	if (key->c == '?')
		return ATTACH_HELP;
	str_addc(out, '~');
	if (key->c != '~')
		str_add(out, key->bytes, key->len);
	return ATTACH_TYPE;
}

static enum attach_action after_prefix(struct attach_keys *keys, const struct typed *key, struct str *out)
{
	keys->prefixed = false;
	if (key->c == 'd')
		return ATTACH_DETACH;
	if (key->c == '?')
		return ATTACH_HELP;
	if (key->c == keys->prefix)
		str_add(out, key->bytes, key->len);
	return ATTACH_TYPE;
}

static enum attach_action press(struct attach_keys *keys, const struct typed *key, struct str *out)
{
	bool line_start = keys->line_start;

	keys->line_start = key->c == '\r' || key->c == '\n';
	if (keys->tilde)
		return after_tilde(keys, key, out);
	if (keys->prefixed)
		return after_prefix(keys, key, out);
	if (key->c == '~' && line_start)
		keys->tilde = true;
	else if (key->c == keys->prefix)
		keys->prefixed = true;
	else
		str_add(out, key->bytes, key->len);
	return ATTACH_TYPE;
}

/*
 * True for CSI u and modifyOtherKeys. A guest that has not enabled these encodings itself gets the plain key instead;
 * another program may have left the terminal in that mode.
 */
static bool is_spelled(const struct key_token *token)
{
	const struct key_sequence *sequence = &token->sequence;

	return token->kind == KEY_TOKEN_CSI && (sequence->final == 'u' || (sequence->final == '~' && sequence->param[0] == 27));
}

static enum attach_action press_token(struct attach_keys *keys, const struct key_token *token, const struct key *key,
                                      struct str *out)
{
	static const struct input_modes none;
	bool character = token->kind == KEY_TOKEN_CHAR;
	uint32_t c = character ? token->character : key->is_code ? 0 : (uint32_t)key->code;
	struct typed typed = { key->alt ? 0 : c, token->bytes, token->len };
	enum attach_action action;
	char plain[64];

	if (is_spelled(token) && !keys->spelled) {
		typed.bytes = plain;
		typed.len = key_encode(&none, key, plain);
	}
	action = press(keys, &typed, out);
	/* Esc directly followed by Enter looks like Alt-Enter. */
	if (key->alt && c == '\r')
		keys->line_start = true;
	return action;
}

/* Replies and reports do not count as keys between Enter, ~ and the full stop: a guest can cause any number of them. */
static enum attach_action one(struct attach_keys *keys, const struct key_token *token, struct attach_sent *sent)
{
	struct key key;
	enum key_meaning meaning = key_meaning(&keys->parser, token, &key);
	bool position = token->kind == KEY_TOKEN_CSI && token->sequence.final == 'R' && token->sequence.count > 1;

	/* F3 with modifiers looks like a report of the cursor's position in the first line, which a guest may have asked for. */
	if (meaning == KEY_MEANS_KEY && !position)
		return press_token(keys, token, &key, &sent->typed);
	if (meaning == KEY_MEANS_ANSWER)
		str_add(&sent->answers, token->bytes, token->len);
	else if (token->kind != KEY_TOKEN_BROKEN)
		str_add(&sent->typed, token->bytes, token->len);
	return ATTACH_TYPE;
}

void attach_keys_feed(struct attach_keys *keys, const void *bytes, size_t len)
{
	key_parser_feed(&keys->parser, bytes, len);
}

enum attach_action attach_keys_take(struct attach_keys *keys, struct attach_sent *sent)
{
	struct key_token token;

	while (key_parser_next(&keys->parser, &token)) {
		enum attach_action action = one(keys, &token, sent);

		if (action != ATTACH_TYPE) {
			keys->line_start = true;
			return action;
		}
	}
	return ATTACH_TYPE;
}
