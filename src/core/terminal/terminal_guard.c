/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_guard_impl.h"

#include "core/base/utf8.h"

#include <string.h>

enum { GROUND, ESCAPE, CSI, CSI_TAIL, STRING, STRING_ESCAPE };

void guard_init(struct guard *guard, const struct guard_sink *sink, void *data)
{
	guard->sink = sink;
	guard->data = data;
	guard->state = GROUND;
	guard->unusual = guard->insert = guard->crowded = guard->styled = false;
	guard->high = 0;
	guard->held_len = 0;
}

void guard_pass(struct guard *guard, const void *bytes, size_t len)
{
	if (len > 0)
		guard->sink->pass(guard->data, bytes, len);
}

/* Pass what is before `upto`, go on behind at. */
void guard_flush(struct guard *guard, struct scan *scan, const unsigned char *upto)
{
	if (upto && upto > scan->span)
		guard_pass(guard, scan->span, (size_t)(upto - scan->span));
	scan->span = scan->at;
}

void guard_act(struct guard *guard, enum guard_act what, int value, bool on)
{
	guard->sink->act(guard->data, what, value, on);
}

/* C1 controls have a width of -1 in libvterm, which puts its cursor off the screen. */
static bool is_c1(const unsigned char *bytes)
{
	return bytes[0] == 0xc2 && bytes[1] < 0xa0;
}

static bool is_too_much(struct guard *guard, struct scan *scan, unsigned char first)
{
	if (first < 0xcc)	/* U+0300 */
		return false;
	if (!guard->crowded && ++guard->high % 64 != 0)
		return false;
	guard_flush(guard, scan, scan->at);
	guard->crowded = guard->sink->crowded(guard->data);
	return guard->crowded;
}

static void one_character(struct guard *guard, struct scan *scan, int len)
{
	const unsigned char *begin = scan->at;
	bool drop = is_c1(begin) || is_too_much(guard, scan, begin[0]);

	if (guard->unusual)
		guard_flush(guard, scan, begin);
	scan->at += len;
	if (drop)
		guard_flush(guard, scan, begin);
	else if (guard->unusual)
		guard_flush(guard, scan, scan->at);
}

static void replacement(struct guard *guard)
{
	guard_pass(guard, "\xef\xbf\xbd", 3);
}

static void beyond_ascii(struct guard *guard, struct scan *scan)
{
	size_t left = (size_t)(scan->end - scan->at);
	const unsigned char *begin = scan->at;
	bool whole;
	int have = utf8_prefix(begin, left, &whole);

	if (whole) {
		one_character(guard, scan, have);
	} else if (have > 0 && (size_t)have == left) {
		memcpy(guard->held, begin, left);
		guard->held_len = have;
		scan->at = scan->end;
		guard_flush(guard, scan, begin);
	} else {
		scan->at += have ? have : 1;
		guard_flush(guard, scan, begin);
		replacement(guard);
	}
}

/* The first bytes of a write that belong to a character held from the last one. */
static void finish_held(struct guard *guard, struct scan *scan)
{
	bool whole = false;
	int have = 0;

	while (scan->at < scan->end && !whole) {
		guard->held[guard->held_len] = *scan->at;
		have = utf8_prefix(guard->held, (size_t)guard->held_len + 1, &whole);
		if (have != guard->held_len + 1)
			break;
		guard->held_len = have;
		scan->at++;
	}
	scan->span = scan->at;
	if (whole) {
		struct scan held = { .at = guard->held, .end = guard->held + have, .span = guard->held };

		guard->held_len = 0;
		one_character(guard, &held, have);
		guard_flush(guard, &held, held.at);
	} else if (scan->at < scan->end) {
		guard->held_len = 0;
		replacement(guard);
	}
}

static void begin_sequence(struct guard *guard, struct scan *scan, const unsigned char *begin)
{
	scan->begin = begin;
	guard->clean = true;
	guard->bad = false;
	guard->leader = guard->intermediate = 0;
	guard->state = ESCAPE;
}

static bool is_printable(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

static const unsigned char *ascii_run(struct guard *guard, struct scan *scan, const unsigned char *at)
{
	const unsigned char *begin = at;

	while (at < scan->end && is_printable(*at))
		at++;
	if (at - begin >= GUARD_RUN && !guard->unusual && !guard->insert) {
		scan->at = begin;
		guard_flush(guard, scan, begin);
		scan->span += guard->sink->run(guard->data, begin, (size_t)(at - begin));
	}
	return at;
}

static void ground(struct guard *guard, struct scan *scan)
{
	const unsigned char *at = scan->at, *end = scan->end;

	while (at < end) {
		if (is_printable(*at)) {
			at = ascii_run(guard, scan, at);
		} else if (*at >= 0x80) {
			scan->at = at;
			beyond_ascii(guard, scan);
			at = scan->at;
		} else if (*at++ == 0x1b) {
			begin_sequence(guard, scan, at - 1);
			break;
		} else if (at[-1] == 0x0e) {
			guard->unusual = true;
		}
	}
	scan->at = at;
}

/* The sequence ends before scan->at and is not for libvterm. */
void guard_drop(struct guard *guard, struct scan *scan)
{
	guard->state = GROUND;
	guard_flush(guard, scan, scan->begin);
}

/* It is for libvterm and lies there whole: the span goes on over it. Otherwise `bytes` say the same. */
void guard_keep(struct guard *guard, struct scan *scan, const char *bytes, size_t len)
{
	if (guard->clean && scan->begin) {
		guard->state = GROUND;
		return;
	}
	guard_drop(guard, scan);
	guard_pass(guard, bytes, len);
}

static void csi_digit(struct guard *guard, int digit)
{
	int *arg;

	if (guard->count > GUARD_ARGS)
		return;
	arg = &guard->args[guard->count - 1];
	*arg = (*arg < 0 ? 0 : *arg) * 10 + digit;
	if (*arg > GUARD_NUMBER) {
		*arg = GUARD_NUMBER;
		guard->clean = false;
	}
}

/* One more argument; count goes one over the limit and stays there until the end. */
static void csi_next(struct guard *guard, bool colon)
{
	if (guard->count > GUARD_ARGS)
		return;
	guard->colon[guard->count - 1] = colon;
	if (++guard->count > GUARD_ARGS) {
		guard->colon[GUARD_ARGS - 1] = false;
		guard->clean = false;
		return;
	}
	guard->args[guard->count - 1] = -1;
	guard->colon[guard->count - 1] = false;
}

/* CAN and SUB end any sequence; other controls within one are obeyed at once. true: it goes on. */
static bool control_inside(struct guard *guard, struct scan *scan, unsigned char c)
{
	if (c == 0x1b) {
		scan->at--;
		guard_drop(guard, scan);
		scan->at++;
		begin_sequence(guard, scan, scan->at - 1);
		return false;
	}
	if (c == 0x18 || c == 0x1a) {
		guard_drop(guard, scan);
		return false;
	}
	guard_flush(guard, scan, scan->begin);
	scan->begin = NULL;
	guard->clean = false;
	if (c && c != 0x7f)
		guard_pass(guard, &c, 1);
	return true;
}

static void csi(struct guard *guard, struct scan *scan)
{
	while (scan->at < scan->end) {
		unsigned char c = *scan->at++;

		if (c >= '0' && c <= '9' && guard->state == CSI) {
			csi_digit(guard, c - '0');
		} else if ((c == ';' || c == ':') && guard->state == CSI) {
			csi_next(guard, c == ':');
		} else if (c < 0x20 || c == 0x7f) {
			if (!control_inside(guard, scan, c))
				return;
		} else if (c >= 0x80) {		/* no part of any sequence */
			scan->at--;
			guard_drop(guard, scan);
			return;
		} else if (c >= 0x40) {
			if (guard->count > GUARD_ARGS)
				guard->count = GUARD_ARGS;
			guard_csi_done(guard, scan, (char)c);
			return;
		} else if (c >= 0x3c && c < 0x40 && guard->state == CSI && guard->count == 1
		           && guard->args[0] < 0 && !guard->leader) {
			guard->leader = (char)c;
		} else if (c < 0x30 && !guard->intermediate) {
			guard->intermediate = (char)c;
			guard->state = CSI_TAIL;
		} else {
			guard->bad = true;
		}
	}
}

void guard_restore(struct guard *guard)
{
	guard_pass(guard, "\0338", 2);
	guard_act(guard, GUARD_RESTORE, 0, true);
}

static void begin_string(struct guard *guard, char kind)
{
	guard->state = STRING;
	guard->kind = kind;
	guard->string_len = 0;
}

/* ESC and one byte. */
static void short_escape(struct guard *guard, struct scan *scan, char final)
{
	char out[2] = { '\033', final };

	switch (final) {
	case '[':
		guard->state = CSI;
		guard->count = 1;
		guard->args[0] = -1;
		guard->colon[0] = false;
		break;
	case ']': case 'P': case 'X': case '^': case '_':
	case 'k':	/* screen's way to set a title */
		begin_string(guard, final);
		break;
	case 'c':
		guard_drop(guard, scan);
		guard->unusual = guard->insert = guard->styled = false;
		guard_act(guard, GUARD_RESET, 0, true);
		break;
	case '8':
		guard_drop(guard, scan);
		guard_restore(guard);
		break;
	case 'N': case 'O': case '\\':	/* single shifts would take half of a character */
		guard_drop(guard, scan);
		break;
	case 'n': case 'o': case '|': case '}': case '~':
		guard->unusual = true;
		guard_keep(guard, scan, out, sizeof(out));
		break;
	default:
		guard_keep(guard, scan, out, sizeof(out));
	}
}

static void long_escape(struct guard *guard, struct scan *scan, char final)
{
	char out[3] = { '\033', guard->intermediate, final };

	if (strchr("()*+", guard->intermediate) && final != 'B')
		guard->unusual = true;
	/* 8-bit answers would be no UTF-8; and libvterm sees the start of CSI, OSC or DCS whatever stands before it. */
	if (guard->bad || guard->intermediate == ' ' || strchr("[]P", final))
		guard_drop(guard, scan);
	else
		guard_keep(guard, scan, out, sizeof(out));
}

static void escape(struct guard *guard, struct scan *scan)
{
	unsigned char c = *scan->at++;

	if (c < 0x20 || c == 0x7f) {
		control_inside(guard, scan, c);
	} else if (c >= 0x80) {
		scan->at--;
		guard_drop(guard, scan);
	} else if (c < 0x30) {
		guard->bad |= guard->intermediate != 0;
		guard->intermediate = (char)c;
	} else if (guard->intermediate) {
		long_escape(guard, scan, (char)c);
	} else {
		short_escape(guard, scan, (char)c);
	}
}

static void string_done(struct guard *guard, struct scan *scan)
{
	guard_drop(guard, scan);
	if (guard->string_len > GUARD_STRING)
		return;
	guard->string[guard->string_len] = '\0';
	if (guard->kind == ']' || guard->kind == 'P')
		guard->sink->string(guard->data, guard->kind, guard->string, guard->string_len);
}

static void string_byte(struct guard *guard, struct scan *scan, unsigned char c)
{
	if (guard->string_len < GUARD_STRING)
		guard->string[guard->string_len++] = (char)c;
	else
		guard->string_len = GUARD_STRING + 1;
	/* The Linux console's palette sequences have no end: OSC R, and OSC P with seven digits. */
	if (guard->kind == ']' && guard->string_len == 1 && c == 'R')
		guard_drop(guard, scan);
	else if (guard->kind == ']' && guard->string[0] == 'P' && guard->string_len == 8)
		guard_drop(guard, scan);
}

static void string(struct guard *guard, struct scan *scan)
{
	while (scan->at < scan->end && guard->state == STRING) {
		unsigned char c = *scan->at++;

		if (c == 0x07)
			string_done(guard, scan);
		else if (c == 0x18 || c == 0x1a)
			guard_drop(guard, scan);
		else if (c == 0x1b)
			guard->state = STRING_ESCAPE;
		else if (c >= 0x20)
			string_byte(guard, scan, c);
	}
}

static void string_escape(struct guard *guard, struct scan *scan)
{
	if (*scan->at == '\\') {
		scan->at++;
		string_done(guard, scan);
	} else {
		/* Any other sequence ends it, unfinished. */
		guard_drop(guard, scan);
		begin_sequence(guard, scan, NULL);
		guard->clean = false;
	}
}

void guard_feed(struct guard *guard, const void *bytes, size_t len)
{
	struct scan scan = { .at = bytes, .span = bytes };

	scan.end = scan.at + len;
	if (guard->held_len)
		finish_held(guard, &scan);
	while (scan.at < scan.end) {
		switch (guard->state) {
		case GROUND:
			ground(guard, &scan);
			break;
		case ESCAPE:
			escape(guard, &scan);
			break;
		case CSI: case CSI_TAIL:
			csi(guard, &scan);
			break;
		case STRING:
			string(guard, &scan);
			break;
		default:
			string_escape(guard, &scan);
		}
	}
	guard_flush(guard, &scan, guard->state == GROUND ? scan.at : scan.begin);
}
