/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/cli/attach.h"

#include <ctype.h>
#include <string.h>

enum { BEL = 0x07, ESC = 0x1b };

/* A key: the character that it stands for, and the bytes that the terminal sends for it. */
struct key {
	unsigned char c;
	const void *bytes;
	size_t len;
};

/*
 * As ssh does it: ~ counts only after Enter, ~~ sends one, and what is no
 * escape is sent as it was typed.
 */
static enum attach_action after_tilde(struct attach_keys *keys, const struct key *key, struct str *out)
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

static enum attach_action after_prefix(struct attach_keys *keys, const struct key *key, struct str *out)
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

static enum attach_action character(struct attach_keys *keys, const struct key *key, struct str *out)
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

/* ---- sequences: a terminal answers a guest, and tells of mouse and focus, through the bytes that are typed ---- */

enum meaning { MEANS_KEY, MEANS_ANSWER, MEANS_REPORT };

/* Neither an answer nor a report stands between Enter, ~ and the full stop: a guest may cause as many as it likes. */
static enum meaning csi_meaning(const struct sequence *seq)
{
	bool plain = !seq->prefix && seq->count == 1 && !seq->param[0];

	switch (seq->final) {
	case 'R':	/* CPR; or F3 with Shift, Ctrl and Alt, which is spelled the same in the first line */
		if (!seq->prefix && seq->param[0] == 1 && seq->count == 2 && seq->param[1] <= 8)
			return MEANS_REPORT;
		return seq->prefix || seq->count > 1 ? MEANS_ANSWER : MEANS_KEY;
	case 'c': case 'n': case 't': case 'y': case 'x':	/* DA, DSR, sizes, DECRPM, DECREPTPARM */
		return MEANS_ANSWER;
	case 'u':
		return seq->prefix == '?' ? MEANS_ANSWER : MEANS_KEY;
	case 'M': case 'm':
		return MEANS_REPORT;
	case 'I': case 'O':
		return plain ? MEANS_REPORT : MEANS_KEY;
	default:
		return MEANS_KEY;
	}
}

/* The character of a key that a program has had spelled out (modifyOtherKeys, CSI u); 0: it is another key. */
static unsigned char spelled_character(const struct sequence *seq)
{
	bool other = seq->final == '~' && seq->count == 3 && seq->param[0] == 27;
	unsigned code = other ? seq->param[2] : seq->param[0];
	unsigned modifiers = other || seq->count > 1 ? seq->param[1] : 1;
	unsigned held = modifiers ? modifiers - 1 : 0;

	if (seq->prefix || seq->intermediate[0] || seq->sub || code == 0 || code > 0x7e || (held & ~5u) ||
	    (!other && seq->final != 'u'))
		return 0;
	if (held & 4)
		return isalpha((int)code) || strchr("@[\\]^_", (int)code) ? code & 0x1f : 0;
	return (unsigned char)code;
}

static void begin(struct attach_keys *keys)
{
	keys->held_len = 0;
	keys->mouse = 0;
	keys->in_string = false;
	memset(&keys->sequence, 0, sizeof(keys->sequence));
}

/* What is held was a key, not an escape of ours. */
static void key_done(struct attach_keys *keys, struct str *out)
{
	if (keys->tilde)
		str_addc(out, '~');
	keys->tilde = keys->prefixed = keys->line_start = false;
	str_add(out, keys->held, keys->held_len);
	begin(keys);
}

static void pass_to(struct attach_keys *keys, struct str *out)
{
	str_add(out, keys->held, keys->held_len);
	begin(keys);
}

static enum attach_action csi_done(struct attach_keys *keys, struct attach_sent *sent)
{
	const struct sequence *seq = &keys->sequence;
	unsigned char c = spelled_character(seq);
	enum meaning meaning = csi_meaning(seq);

	if (c) {
		struct key key = { c, keys->held, keys->held_len };
		enum attach_action action = character(keys, &key, &sent->typed);

		begin(keys);
		return action;
	}
	if (seq->final == 'M' && !seq->prefix && seq->count == 1 && !seq->param[0])
		keys->mouse = 3;	/* button, column and line follow as bytes */
	else if (meaning == MEANS_ANSWER)
		pass_to(keys, &sent->answers);
	else if (meaning == MEANS_REPORT)
		pass_to(keys, &sent->typed);
	else
		key_done(keys, &sent->typed);
	return ATTACH_TYPE;
}

/* A byte of a sequence, the first one included. */
static enum attach_action hold(struct attach_keys *keys, unsigned char c, struct attach_sent *sent)
{
	/* What comes instead of the rest. */
	if (keys->held_len && ((c == ESC && !(keys->sequence.state == SEQUENCE_STRING)) || keys->held_len == sizeof(keys->held)))
		key_done(keys, &sent->typed);
	keys->held[keys->held_len++] = c;
	if (keys->mouse) {
		if (--keys->mouse == 0)
			pass_to(keys, &sent->typed);
		return ATTACH_TYPE;
	}
	switch (sequence_feed(&keys->sequence, c)) {
	case SEQUENCE_MORE:
		break;
	case SEQUENCE_STRING_DONE:
		keys->in_string = c == ESC;
		if (c == BEL)
			pass_to(keys, &sent->answers);
		break;
	case SEQUENCE_CSI_DONE:
		return csi_done(keys, sent);
	default:
		if (keys->in_string && c == '\\')
			pass_to(keys, &sent->answers);
		else
			key_done(keys, &sent->typed);
	}
	return ATTACH_TYPE;
}

static enum attach_action one(struct attach_keys *keys, unsigned char c, struct attach_sent *sent)
{
	struct key key = { c, &c, 1 };

	/* A key cannot be part of one: somebody typed ESC and what looks like the beginning. */
	if (keys->held_len && !keys->mouse && c < 0x20 && c != ESC && c != BEL)
		key_done(keys, &sent->typed);
	if (keys->held_len || c == ESC)
		return hold(keys, c, sent);
	return character(keys, &key, &sent->typed);
}

enum attach_action attach_keys_feed(struct attach_keys *keys, const void *bytes, size_t len, size_t *used,
                                    struct attach_sent *sent)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++) {
		enum attach_action action = one(keys, at[i], sent);

		if (action != ATTACH_TYPE) {
			keys->line_start = true;
			*used = i + 1;
			return action;
		}
	}
	*used = len;
	return ATTACH_TYPE;
}

bool attach_keys_hold(const struct attach_keys *keys)
{
	return keys->held_len > 0;
}

void attach_keys_give_up(struct attach_keys *keys, struct attach_sent *sent)
{
	if (keys->held_len)
		key_done(keys, &sent->typed);
}
