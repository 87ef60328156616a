/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/tracker.h"

#include <string.h>

enum { SO = 0x0e, SI = 0x0f, ESC = 0x1b };

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

void tracker_init(struct tracker *tracker)
{
	memset(tracker, 0, sizeof(*tracker));
	modes_init(&tracker->modes);
}

/* Returns true if one of the eight bytes is zero. */
static bool has_zero(uint64_t word)
{
	return (word - EACH(0x01)) & ~word & EACH(0x80);
}

static bool is_special(unsigned char byte)
{
	return byte == ESC || (byte & 0xfe) == SO;
}

/* Returns the first ESC, SO or SI. */
static const unsigned char *skip_text(const unsigned char *at, const unsigned char *end)
{
	uint64_t word;

	for (; end - at >= 8; at += 8) {
		memcpy(&word, at, 8);
		if (has_zero(word ^ EACH(ESC)) || has_zero((word & EACH(0xfe)) ^ EACH(SO)))
			break;
	}
	while (at < end && !is_special(*at))
		at++;
	return at;
}

static uint8_t utf8_step(uint8_t left, unsigned char byte)
{
	if (byte < 0x80)
		return 0;
	if (byte < 0xc0)
		return left ? left - 1 : 0;
	return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

/* Records whether text that ends at `end` ends within a character; the last three bytes are enough for that. */
static void end_text(struct tracker *tracker, const unsigned char *begin, const unsigned char *end, uint64_t position)
{
	const unsigned char *at = end - begin > 4 ? end - 4 : begin;

	if (end[-1] >= 0x80) {
		for (; at < end; at++) {
			if (*at >= 0xc0 || !tracker->utf8_left)
				tracker->clean = position - (uint64_t)(end - at);
			tracker->utf8_left = utf8_step(tracker->utf8_left, *at);
		}
	} else {
		tracker->utf8_left = 0;
	}
	if (!tracker->utf8_left)
		tracker->clean = position;
}

/* A single shift applies to the next character; control characters before it do not end it. */
static bool ends_shift(const unsigned char *begin, const unsigned char *end)
{
	for (; begin < end; begin++)
		if (*begin > 0x20 && *begin != 0x7f)
			return true;
	return false;
}

static const unsigned char *text(struct tracker *tracker, const unsigned char *at, const unsigned char *end,
                                 uint64_t base)
{
	const unsigned char *begin = at;

	at = skip_text(at, end);
	if (at == begin)
		return at;
	if (tracker->shifted && !ends_shift(begin, at))
		return at;
	tracker->shifted = false;
	end_text(tracker, begin, at, base + (uint64_t)(at - begin));
	return at;
}

static void escape_done(struct tracker *tracker)
{
	const struct sequence *seq = &tracker->sequence;

	/* SS2, SS3 */
	if (!seq->intermediate[0] && (seq->final == 'N' || seq->final == 'O'))
		tracker->shifted = true;
	else
		modes_escape(&tracker->modes, seq);
}

static void special(struct tracker *tracker, unsigned char byte)
{
	switch (sequence_feed(&tracker->sequence, byte)) {
	case SEQUENCE_CONTROL:
		if (byte == SO || byte == SI)
			modes_shift(&tracker->modes, byte == SO);
		break;
	case SEQUENCE_TEXT:
		tracker->utf8_left = utf8_step(0, byte);
		break;
	case SEQUENCE_ESC_DONE:
		escape_done(tracker);
		break;
	case SEQUENCE_CSI_DONE:
		modes_csi(&tracker->modes, &tracker->sequence);
		break;
	case SEQUENCE_MORE: case SEQUENCE_STRING_DONE: case SEQUENCE_CANCEL:
		break;
	}
}

/* Reads the parameters of a complete CSI sequence. Too many make it invalid, as in sequence.c. */
static bool read_params(struct sequence *seq, const unsigned char *at, const unsigned char *final)
{
	unsigned value = 0;

	*seq = (struct sequence){ .final = *final };
	for (; at < final; at++) {
		if (*at <= '9') {
			value = value * 10 + (*at - '0');
			value = value > SEQUENCE_PARAM_MAX ? SEQUENCE_PARAM_MAX : value;
			continue;
		}
		seq->param[seq->count++] = (uint16_t)value;
		value = 0;
		if (seq->count == SEQUENCE_PARAMS)
			return false;
		if (*at == ':')
			seq->sub |= UINT32_C(1) << seq->count;
	}
	seq->param[seq->count++] = (uint16_t)value;
	return true;
}

/*
 * Handles the most common sequences, ESC [ numbers letter, complete in one
 * read, without state. Returns the byte after it, or `at` for any other.
 */
static const unsigned char *plain_csi(struct tracker *tracker, const unsigned char *at, const unsigned char *end)
{
	const unsigned char *final = at + 2;
	struct sequence seq;

	if (end - at < 3 || at[0] != ESC || at[1] != '[')
		return at;
	while (final < end && *final >= '0' && *final <= ';')
		final++;
	if (final == end || *final < 0x40 || *final > 0x7e)
		return at;
	/* Cursor movement and erasing do not change modes. */
	if (memchr("mhlrsu", *final, 6) && read_params(&seq, at + 2, final))
		modes_csi(&tracker->modes, &seq);
	return final + 1;
}

void tracker_feed(struct tracker *tracker, const void *bytes, size_t len)
{
	const unsigned char *const first = bytes, *const end = first + len;
	const unsigned char *at = first;
	const uint64_t base = tracker->fed;

	while (at < end) {
		if (tracker->sequence.state == SEQUENCE_GROUND) {
			at = text(tracker, at, end, base + (uint64_t)(at - first));
			if (at == end)
				break;
			/* This byte interrupts a character. */
			tracker->utf8_left = 0;
			if (!tracker->shifted)
				tracker->clean = base + (uint64_t)(at - first);

			const unsigned char *next = plain_csi(tracker, at, end);

			if (next > at) {
				at = next;
				if (!tracker->shifted)
					tracker->clean = base + (uint64_t)(at - first);
				continue;
			}
		}
		special(tracker, *at++);
		if (tracker_between(tracker))
			tracker->clean = base + (uint64_t)(at - first);
	}
	tracker->fed = base + len;
}

bool tracker_between(const struct tracker *tracker)
{
	return tracker->sequence.state == SEQUENCE_GROUND && !tracker->utf8_left && !tracker->shifted;
}

uint64_t tracker_pending(const struct tracker *tracker)
{
	return tracker->fed - tracker->clean;
}

void tracker_modes(const struct tracker *tracker, struct str *out)
{
	modes_write(&tracker->modes, out);
}
