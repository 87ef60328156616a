/* SPDX-License-Identifier: MIT */
#include "core/terminal/sequence.h"

enum { BEL = 0x07, CAN = 0x18, SUB = 0x1a, ESC = 0x1b, DEL = 0x7f };

static enum sequence_event done(struct sequence *seq, unsigned char byte, enum sequence_event event)
{
	seq->final = byte;
	seq->state = SEQUENCE_GROUND;
	return event;
}

static void clear(struct sequence *seq)
{
	seq->prefix = 0;
	seq->intermediate[0] = seq->intermediate[1] = 0;
	seq->count = 1;
	seq->sub = 0;
	seq->param[0] = 0;
}

/* false: more of them than any sequence we know has. */
static bool add_intermediate(struct sequence *seq, unsigned char byte)
{
	if (!seq->intermediate[0])
		seq->intermediate[0] = byte;
	else if (!seq->intermediate[1])
		seq->intermediate[1] = byte;
	else
		return false;
	return true;
}

static enum sequence_event in_escape(struct sequence *seq, unsigned char byte)
{
	if (byte < 0x30) {
		add_intermediate(seq, byte);
		return SEQUENCE_MORE;
	}
	if (seq->intermediate[0])
		return done(seq, byte, SEQUENCE_ESC_DONE);
	switch (byte) {
	case '[':
		seq->state = SEQUENCE_CSI;
		return SEQUENCE_MORE;
	case ']': case 'P': case '_': case '^': case 'X':
		seq->kind = byte;
		seq->state = SEQUENCE_STRING;
		return SEQUENCE_MORE;
	default:
		return done(seq, byte, SEQUENCE_ESC_DONE);
	}
}

static void digit(struct sequence *seq, unsigned char byte)
{
	unsigned value = seq->param[seq->count - 1] * 10u + (byte - '0');

	seq->param[seq->count - 1] = value > SEQUENCE_PARAM_MAX ? SEQUENCE_PARAM_MAX : (uint16_t)value;
}

static bool next_param(struct sequence *seq, bool sub)
{
	if (seq->count == SEQUENCE_PARAMS)
		return false;
	if (sub)
		seq->sub |= UINT32_C(1) << seq->count;
	seq->param[seq->count++] = 0;
	return true;
}

static enum sequence_event in_csi(struct sequence *seq, unsigned char byte)
{
	bool fine = true;

	if (byte >= 0x40)
		return done(seq, byte, SEQUENCE_CSI_DONE);
	if (byte < 0x30)
		fine = add_intermediate(seq, byte);
	else if (seq->intermediate[0])
		fine = false;
	else if (byte <= '9')
		digit(seq, byte);
	else if (byte <= ';')
		fine = next_param(seq, byte == ':');
	else if (!seq->prefix && seq->count == 1 && !seq->param[0])
		seq->prefix = byte;
	else
		fine = false;
	if (!fine)
		seq->state = SEQUENCE_CSI_SKIP;
	return SEQUENCE_MORE;
}

static enum sequence_event in_string(struct sequence *seq, unsigned char byte)
{
	if (byte != BEL && byte != CAN && byte != SUB)
		return SEQUENCE_MORE;
	return done(seq, byte, SEQUENCE_STRING_DONE);
}

static enum sequence_event escape(struct sequence *seq)
{
	bool in_text = seq->state == SEQUENCE_STRING;

	clear(seq);
	seq->state = SEQUENCE_ESCAPE;
	return in_text ? SEQUENCE_STRING_DONE : SEQUENCE_MORE;
}

enum sequence_event sequence_feed(struct sequence *seq, unsigned char byte)
{
	if (byte == ESC)
		return escape(seq);
	if (seq->state == SEQUENCE_STRING)
		return in_string(seq, byte);
	if (seq->state == SEQUENCE_GROUND)
		return byte < 0x20 || byte == DEL ? SEQUENCE_CONTROL : SEQUENCE_TEXT;
	if (byte == CAN || byte == SUB)
		return done(seq, byte, SEQUENCE_CANCEL);
	if (byte < 0x20)
		return SEQUENCE_CONTROL;
	if (byte == DEL)
		return SEQUENCE_MORE;
	/* A character where none can stand: the sequence is given up, the character shown. */
	if (byte >= 0x80)
		return done(seq, byte, SEQUENCE_TEXT);
	if (seq->state == SEQUENCE_ESCAPE)
		return in_escape(seq, byte);
	if (seq->state == SEQUENCE_CSI)
		return in_csi(seq, byte);
	return byte >= 0x40 ? done(seq, byte, SEQUENCE_CANCEL) : SEQUENCE_MORE;
}
