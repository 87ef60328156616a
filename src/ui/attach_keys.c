/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/attach.h"

#include <string.h>

/*
 * As ssh does it: ~ counts only after Enter, ~~ sends one, and what is no
 * escape is sent as it was typed.
 */
static enum attach_action after_tilde(struct attach_keys *keys, unsigned char c, struct str *out)
{
	keys->tilde = false;
	if (c == '.')
		return ATTACH_DETACH;
	if (c == '?')
		return ATTACH_HELP;
	str_addc(out, '~');
	if (c != '~')
		str_addc(out, (char)c);
	return ATTACH_TYPE;
}

static enum attach_action after_prefix(struct attach_keys *keys, unsigned char c, struct str *out)
{
	keys->prefixed = false;
	if (c == 'd')
		return ATTACH_DETACH;
	if (c == '?')
		return ATTACH_HELP;
	if (c == keys->prefix)
		str_addc(out, (char)c);
	return ATTACH_TYPE;
}

enum { SEQUENCE_NONE, SEQUENCE_ESC, SEQUENCE_CSI, SEQUENCE_STRING, SEQUENCE_STRING_ESC };

/*
 * A terminal answers queries through the same bytes that are typed: a shell
 * that asks for the cursor at each prompt would else always stand between
 * Enter and ~. A sequence that is no answer (an arrow) is a key like others.
 */
static void follow_sequence(struct attach_keys *keys, unsigned char c)
{
	switch (keys->sequence) {
	case SEQUENCE_ESC:
		keys->sequence = c == '[' ? SEQUENCE_CSI : c == ']' || c == 'P' ? SEQUENCE_STRING : SEQUENCE_NONE;
		if (keys->sequence == SEQUENCE_NONE)
			keys->line_start = false;
		break;
	case SEQUENCE_CSI:
		if (c < 0x40)
			break;
		keys->sequence = SEQUENCE_NONE;
		/* CPR and DECXCPR, DA, DSR, window reports, DECRPM */
		if (!strchr("Rcnty", c))
			keys->line_start = false;
		break;
	case SEQUENCE_STRING:
		keys->sequence = c == 0x07 ? SEQUENCE_NONE : c == 0x1b ? SEQUENCE_STRING_ESC : SEQUENCE_STRING;
		break;
	default:
		keys->sequence = SEQUENCE_NONE;
		break;
	}
}

static enum attach_action one(struct attach_keys *keys, unsigned char c, struct str *out)
{
	bool line_start = keys->line_start;

	if (keys->sequence || (c == 0x1b && !keys->tilde && !keys->prefixed)) {
		if (keys->sequence)
			follow_sequence(keys, c);
		else
			keys->sequence = SEQUENCE_ESC;
		str_addc(out, (char)c);
		return ATTACH_TYPE;
	}
	keys->line_start = c == '\r' || c == '\n';
	if (keys->tilde)
		return after_tilde(keys, c, out);
	if (keys->prefixed)
		return after_prefix(keys, c, out);
	if (c == '~' && line_start)
		keys->tilde = true;
	else if (c == keys->prefix)
		keys->prefixed = true;
	else
		str_addc(out, (char)c);
	return ATTACH_TYPE;
}

enum attach_action attach_keys_feed(struct attach_keys *keys, const void *bytes, size_t len, size_t *used,
                                    struct str *out)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++) {
		enum attach_action action = one(keys, at[i], out);

		if (action != ATTACH_TYPE) {
			keys->line_start = true;
			*used = i + 1;
			return action;
		}
	}
	*used = len;
	return ATTACH_TYPE;
}
