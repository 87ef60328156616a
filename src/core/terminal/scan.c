/* SPDX-License-Identifier: MIT */
#include "core/terminal/scan.h"

#include "core/base/number.h"
#include "core/base/str.h"
#include "core/base/utf8.h"

#include <assert.h>
#include <string.h>

#define REPLACEMENT 0xfffdu

enum state {
	GROUND = 0,
	ESCAPE,			/* after ESC and any intermediates */
	CSI,			/* directly after its beginning, where a prefix may stand */
	CSI_PARAMETER,
	CSI_INTERMEDIATE,	/* no parameter may follow */
	CSI_IGNORE,		/* malformed; up to its final byte */
	STRING,
	STRING_ESCAPE,		/* an ESC in a string: a '\' completes it, anything else cancels it */
	PALETTE,		/* OSC P and 7 digits, a sequence of the Linux console without an end; len counts them */
};

static_assert(SCAN_PARAMS <= 64, "`sub` and `given` have a bit for each parameter");

void scan_init(struct scan *scan)
{
	memset(scan, 0, sizeof(*scan));
}

bool scan_in_osc(const struct scan *scan)
{
	return scan->state == PALETTE || (scan->state == STRING && scan->kind == ']');
}

static enum scan_event begin_sequence(struct scan *scan, enum state state)
{
	scan->state = (uint8_t)state;
	scan->prefix = 0;
	scan->intermediate[0] = scan->intermediate[1] = 0;
	scan->param_count = 1;
	scan->param[0] = 0;
	scan->sub = scan->given = 0;
	return SCAN_MORE;
}

static void begin_string(struct scan *scan, unsigned char kind)
{
	scan->state = STRING;
	scan->kind = kind;
	scan->before = 0;
	scan->len = 0;
}

static enum scan_event end_string(struct scan *scan, bool bell)
{
	scan->state = GROUND;
	if (scan->len > SCAN_STRING_MAX)
		return SCAN_MORE;
	scan->bell = bell;
	scan->string[scan->len] = '\0';
	return SCAN_STRING;
}

static void add_to_string(struct scan *scan, const unsigned char *bytes, size_t len)
{
	size_t room = SCAN_STRING_MAX + 1 - scan->len, fits = len < room ? len : room;

	/* One byte more than the limit marks the string as too long. */
	memcpy(scan->string + scan->len, bytes, fits);
	scan->len += fits;
}

static void add_intermediate(struct scan *scan, unsigned char byte, enum state malformed)
{
	if (!scan->intermediate[0])
		scan->intermediate[0] = byte;
	else if (!scan->intermediate[1])
		scan->intermediate[1] = byte;
	else
		scan->state = (uint8_t)malformed;
}

/* `byte` is not a control character. Final bytes below '0' are intermediates, so ESC takes up to two of those. */
static enum scan_event escape_byte(struct scan *scan, unsigned char byte)
{
	if (byte < '0') {
		add_intermediate(scan, byte, GROUND);
		return SCAN_MORE;
	}
	scan->state = GROUND;
	if (!scan->intermediate[0]) {
		switch (byte) {
		case '[':
			return begin_sequence(scan, CSI);
		case ']': case 'P': case '_': case '^': case 'X':
			begin_string(scan, byte);
			return SCAN_MORE;
		default:
			break;
		}
	}
	scan->final = byte;
	return SCAN_ESCAPE;
}

static void parameter_byte(struct scan *scan, unsigned char byte)
{
	scan->state = CSI_PARAMETER;
	if (byte >= '0' && byte <= '9') {
		/* Digits behind the last possible parameter belong to none. */
		if (scan->param_count <= SCAN_PARAMS) {
			uint32_t *last = &scan->param[scan->param_count - 1];

			scan->given |= UINT64_C(1) << (scan->param_count - 1);
			*last = *last * 10 + (byte - '0');
			if (*last > SCAN_PARAM_MAX)
				*last = SCAN_PARAM_MAX;
		}
	} else if (byte == ';' || byte == ':') {
		if (scan->param_count >= SCAN_PARAMS) {
			scan->param_count = SCAN_PARAMS + 1;
			return;
		}
		scan->sub |= (uint64_t)(byte == ':') << scan->param_count;
		scan->param[scan->param_count++] = 0;
	} else {
		scan->state = CSI_IGNORE;
	}
}

static enum scan_event csi_byte(struct scan *scan, unsigned char byte)
{
	if (byte >= '@') {
		bool whole = scan->state != CSI_IGNORE;

		scan->state = GROUND;
		scan->final = byte;
		if (scan->param_count > SCAN_PARAMS)
			scan->param_count = SCAN_PARAMS;
		return whole ? SCAN_CSI : SCAN_MORE;
	}
	if (scan->state == CSI_IGNORE)
		return SCAN_MORE;
	if (byte < '0') {
		scan->state = CSI_INTERMEDIATE;
		add_intermediate(scan, byte, CSI_IGNORE);
	} else if (scan->state == CSI_INTERMEDIATE) {
		scan->state = CSI_IGNORE;
	} else if (byte >= '<' && scan->state == CSI) {
		scan->state = CSI_PARAMETER;
		scan->prefix = byte;
	} else {
		parameter_byte(scan, byte);
	}
	return SCAN_MORE;
}

/* A C1 control is ESC and a byte from '@' to '_'. */
static enum scan_event c1_control(struct scan *scan, uint32_t control)
{
	begin_sequence(scan, ESCAPE);
	return escape_byte(scan, (unsigned char)(control - 0x40));
}

/* Takes bytes from 0x80 on as characters. */
static enum scan_event take_single(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	scan->count = 0;
	while (*at < end && **at >= 0xa0 && scan->count < SCAN_CHARS)
		scan->chars[scan->count++] = *(*at)++;
	return scan->count > 0 ? SCAN_TEXT : c1_control(scan, *(*at)++);
}

/* Takes a character that is not of the simple forms. Returns false if the input ends within it. */
static bool take_character(struct scan *scan, const unsigned char **at, const unsigned char *end, uint32_t *out)
{
	const unsigned char *bytes = *at;
	size_t left = (size_t)(end - bytes), len = utf8_decode(bytes, left, out);

	if (len == 0) {
		bool whole;
		int part = utf8_prefix(bytes, left, &whole);

		if (part > 0 && bytes + part == end) {
			memcpy(scan->held, bytes, (size_t)part);
			scan->held_len = (uint8_t)part;
			*at = end;
			return false;
		}
		*out = REPLACEMENT;
		len = part > 0 ? (size_t)part : 1;
	}
	*at += len;
	return true;
}

/*
 * Takes characters, of which the first one is beyond ASCII; text of other languages has spaces and digits too. A C1
 * control ends the text, or is the event if there is none.
 */
static enum scan_event take_text(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *bytes = *at;
	uint32_t character;
	int count = 0;

	for (; bytes < end && count < SCAN_CHARS; scan->chars[count++] = character) {
		const unsigned char *before = bytes;

		if (bytes[0] < 0x80) {
			if (bytes[0] < ' ' || bytes[0] == SCAN_DEL)
				break;
			character = *bytes++;
		} else if (end - bytes >= 3 && bytes[0] >= 0xe1 && bytes[0] <= 0xec && (bytes[1] & 0xc0) == 0x80 &&
		           (bytes[2] & 0xc0) == 0x80) {
			character = (bytes[0] & 0xfu) << 12 | (bytes[1] & 0x3fu) << 6 | (bytes[2] & 0x3fu);
			bytes += 3;
		} else if (end - bytes >= 2 && bytes[0] >= 0xc3 && bytes[0] <= 0xdf && (bytes[1] & 0xc0) == 0x80) {
			character = (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu);
			bytes += 2;
		} else if (!take_character(scan, &bytes, end, &character)) {
			break;
		} else if (character < 0xa0) {
			if (count == 0) {
				*at = bytes;
				return c1_control(scan, character);
			}
			bytes = before;
			break;
		}
	}
	*at = bytes;
	scan->count = count;
	return count > 0 ? SCAN_TEXT : SCAN_MORE;
}

/* Completes the character that the last input began, or replaces it. */
static enum scan_event take_held(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	bool whole = false;

	while (*at < end && !whole) {
		scan->held[scan->held_len] = **at;
		if (utf8_prefix(scan->held, scan->held_len + 1u, &whole) <= scan->held_len)
			break;
		scan->held_len++;
		(*at)++;
	}
	if (!whole && *at == end)
		return SCAN_MORE;

	uint32_t character = REPLACEMENT;

	if (whole)
		utf8_decode(scan->held, scan->held_len, &character);
	scan->held_len = 0;
	if (character < 0xa0)
		return c1_control(scan, character);
	scan->chars[0] = character;
	scan->count = 1;
	return SCAN_TEXT;
}

static void palette_byte(struct scan *scan, const unsigned char **at)
{
	if (number_hex_digit((char)**at) < 0) {
		begin_string(scan, ']');
		return;
	}
	(*at)++;
	if (++scan->len == 7)
		scan->state = GROUND;
}

static enum scan_event take_string(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	const unsigned char *begin = *at;

	if (scan->state == STRING_ESCAPE) {
		if (*begin == '\\') {
			(*at)++;
			return end_string(scan, false);
		}
		/* The ESC began another sequence. */
		begin_sequence(scan, ESCAPE);
		return SCAN_MORE;
	}
	/* OSC R has no end either. */
	if (scan->kind == ']' && scan->len == 0 && (*begin == 'P' || *begin == 'R')) {
		scan->state = *begin == 'P' ? PALETTE : GROUND;
		(*at)++;
		return SCAN_MORE;
	}
	for (; *at < end; scan->before = *(*at)++) {
		unsigned char byte = **at;
		bool c1_end = byte == 0x9c && (scan->single || scan->before == 0xc2);	/* U+009C, ST */

		if (byte != SCAN_ESC && byte != SCAN_CAN && byte != SCAN_SUB && (byte != SCAN_BEL || scan->kind != ']') && !c1_end)
			continue;
		add_to_string(scan, begin, (size_t)(*at - begin));
		(*at)++;
		if (byte == SCAN_ESC) {
			scan->state = STRING_ESCAPE;
			return SCAN_MORE;
		}
		if (byte == SCAN_CAN || byte == SCAN_SUB) {
			scan->state = GROUND;
			return SCAN_MORE;
		}
		if (c1_end && !scan->single && scan->len <= SCAN_STRING_MAX)
			scan->len--;
		return end_string(scan, byte == SCAN_BEL);
	}
	add_to_string(scan, begin, (size_t)(end - begin));
	return SCAN_MORE;
}

/* Within a sequence. */
static enum scan_event take_byte(struct scan *scan, const unsigned char **at)
{
	unsigned char byte = *(*at)++;

	if (byte < ' ') {
		if (byte == SCAN_ESC)
			return begin_sequence(scan, ESCAPE);
		if (byte == SCAN_CAN || byte == SCAN_SUB) {
			scan->state = GROUND;
			return SCAN_MORE;
		}
		scan->final = byte;
		return SCAN_CONTROL;
	}
	if (byte == SCAN_DEL)
		return SCAN_MORE;
	if (byte > SCAN_DEL) {
		/* Text cannot be part of a sequence. */
		scan->state = GROUND;
		(*at)--;
		return SCAN_MORE;
	}
	return scan->state == ESCAPE ? escape_byte(scan, byte) : csi_byte(scan, byte);
}

/* A step of all that is not common; the input is not used up. */
static enum scan_event take_other(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	if (scan->state == STRING || scan->state == STRING_ESCAPE)
		return take_string(scan, at, end);
	if (scan->state == PALETTE) {
		palette_byte(scan, at);
		return SCAN_MORE;
	}
	if (scan->held_len > 0)
		return take_held(scan, at, end);
	if (scan->state == GROUND && **at > SCAN_DEL)
		return scan->single ? take_single(scan, at, end) : take_text(scan, at, end);
	return take_byte(scan, at);
}

enum scan_event scan_next(struct scan *scan, const unsigned char **at, const unsigned char *end)
{
	enum scan_event event = SCAN_MORE;

	while (event == SCAN_MORE && *at < end) {
		event = scan_common(scan, at, end);
		if (event == SCAN_MORE)
			event = take_other(scan, at, end);
	}
	return event;
}

static void add_parameters(const struct scan *scan, struct str *out)
{
	if (scan->prefix)
		str_addc(out, (char)scan->prefix);
	for (int i = 0; i < scan->param_count && i < SCAN_PARAMS; i++) {
		if (i > 0)
			str_addc(out, scan->sub >> i & 1 ? ':' : ';');
		if (scan->given >> i & 1)
			str_addf(out, "%u", scan->param[i]);
	}
	if (scan->param_count > SCAN_PARAMS)
		str_addc(out, ';');
}

void scan_pending(const struct scan *scan, struct str *out)
{
	str_add(out, scan->held, scan->held_len);
	switch (scan->state) {
	case GROUND:
		return;
	case ESCAPE:
		str_addc(out, '\033');
		break;
	case STRING: case STRING_ESCAPE:
		str_addc(out, '\033');
		str_addc(out, (char)scan->kind);
		str_add(out, scan->string, scan->len);
		if (scan->state == STRING_ESCAPE)
			str_addc(out, '\033');
		return;
	case PALETTE:
		str_addf(out, "\033]P%.*s", (int)scan->len, "0000000");
		return;
	case CSI_IGNORE:
		str_add(out, "\033[?<", 4);
		return;
	default:
		str_add(out, "\033[", 2);
		add_parameters(scan, out);
		break;
	}
	for (int i = 0; i < 2 && scan->intermediate[i]; i++)
		str_addc(out, (char)scan->intermediate[i]);
}
