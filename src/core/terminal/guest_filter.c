/* SPDX-License-Identifier: MIT */
#include "core/terminal/guest_filter.h"

#include "core/base/str.h"
#include "core/base/utf8.h"

#include <string.h>

enum { BEL = 0x07, SI = 0x0f, CAN = 0x18, SUB = 0x1a, ESC = 0x1b };

void guest_filter_init(struct guest_filter *filter, bool input)
{
	memset(filter, 0, sizeof(*filter));
	filter->input = input;
}

void guest_filter_cut(struct guest_filter *filter)
{
	memset(&filter->sequence, 0, sizeof(filter->sequence));
	filter->utf8_len = 0;
	filter->title = false;
}

/* ---- what may pass ---- */

enum rule {
	RULE_DRAW,		/* changes what is seen */
	RULE_FIRST,		/* the same, where the first parameter is at most `limit` */
	RULE_ALONE,		/* the same, with one parameter at most: with more it means something else */
	RULE_INPUT_FIRST,	/* changes what keys send; the first parameter is `limit` */
	RULE_QUERY		/* is answered; the only parameter is `limit` */
};

struct row {
	char prefix, intermediate, final;
	enum rule rule;
	unsigned limit;
};

#define DRAW(final) { 0, 0, final, RULE_DRAW, 0 }

/*
 * CSI sequences. Absent on purpose: 'g' and its like, since tab stops cannot be read back; 'i', a printer; 'q', LEDs;
 * 't' but for sizes; 'n' 5, with which a terminal is asked whether it has answered everything (attach_leave.c).
 */
static const struct row rows[] = {
	DRAW('@'), DRAW('A'), DRAW('B'), DRAW('C'), DRAW('D'), DRAW('E'), DRAW('F'), DRAW('G'), DRAW('H'), DRAW('I'),
	DRAW('K'), DRAW('L'), DRAW('M'), DRAW('P'), DRAW('S'), DRAW('X'), DRAW('Z'), DRAW('`'), DRAW('a'), DRAW('b'),
	DRAW('d'), DRAW('e'), DRAW('f'), DRAW('m'), DRAW('r'), DRAW('s'),
	{ 0, 0, 'J', RULE_FIRST, 2 },		/* 3 is the user's scrollback */
	{ 0, 0, 'T', RULE_ALONE, 0 },		/* more of them track the mouse */
	{ 0, 0, 'u', RULE_FIRST, 0 },
	{ '?', 0, 'J', RULE_FIRST, 2 }, { '?', 0, 'K', RULE_DRAW, 0 },
	{ 0, ' ', '@', RULE_DRAW, 0 }, { 0, ' ', 'A', RULE_DRAW, 0 },
	{ 0, ' ', 'q', RULE_FIRST, 6 },		/* the cursor's shape */
	{ 0, '!', 'p', RULE_DRAW, 0 },		/* DECSTR */
	{ 0, '"', 'q', RULE_DRAW, 0 },		/* DECSCA */
	{ 0, '\'', '}', RULE_DRAW, 0 }, { 0, '\'', '~', RULE_DRAW, 0 },
	{ '>', 0, 'm', RULE_INPUT_FIRST, 4 },	/* modifyOtherKeys */
	{ 0, 0, 'n', RULE_QUERY, 6 }, { '?', 0, 'n', RULE_QUERY, 6 },
	{ 0, 0, 'c', RULE_QUERY, 0 }, { '>', 0, 'c', RULE_QUERY, 0 },
	{ 0, 0, 't', RULE_QUERY, 14 }, { 0, 0, 't', RULE_QUERY, 16 },
	{ 0, 0, 't', RULE_QUERY, 18 }, { 0, 0, 't', RULE_QUERY, 19 },
};

struct mode_row {
	unsigned short number;
	bool input;
};

/*
 * Those that have one default on every terminal, so that leaving can go back to it. Absent on purpose: 1007, with which
 * the wheel moves through `less`: on in some terminals and off in others.
 */
static const struct mode_row private_modes[] = {
	{ 1, true }, { 5, false }, { 6, false }, { 7, false }, { 9, true }, { 12, false }, { 25, false }, { 45, false },
	{ 47, false }, { 69, false }, { 1000, true }, { 1002, true }, { 1003, true }, { 1004, true }, { 1005, true },
	{ 1006, true }, { 1015, true }, { 1016, true }, { 1047, false }, { 1048, false }, { 1049, false },
	{ 2004, true },
};
static const struct mode_row ansi_modes[] = { { 4, false }, { 20, true } };

static bool rule_holds(const struct guest_filter *filter, const struct row *row)
{
	const struct sequence *seq = &filter->sequence;

	switch (row->rule) {
	case RULE_FIRST: return seq->param[0] <= row->limit;
	case RULE_ALONE: return seq->count == 1;
	case RULE_INPUT_FIRST: return filter->input && seq->param[0] == row->limit;
	case RULE_QUERY: return filter->asks && seq->count == 1 && seq->param[0] == row->limit;
	default: return true;
	}
}

/* The row that lets the sequence pass; NULL: none does. */
static const struct row *find_row(const struct guest_filter *filter)
{
	const struct sequence *seq = &filter->sequence;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if ((unsigned char)row->final == seq->final && (unsigned char)row->prefix == seq->prefix &&
		    (unsigned char)row->intermediate == seq->intermediate[0] &&
		    rule_holds(filter, row))
			return row;
	}
	return NULL;
}

static bool mode_passes(const struct guest_filter *filter, unsigned number)
{
	bool ansi = filter->sequence.prefix == 0;
	const struct mode_row *table = ansi ? ansi_modes : private_modes;
	size_t count = ansi ? sizeof(ansi_modes) / sizeof(ansi_modes[0]) : sizeof(private_modes) / sizeof(private_modes[0]);

	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return filter->input || !table[i].input;
	return false;
}

/* Of several modes in one sequence those that may. */
static void modes(const struct guest_filter *filter, struct str *out)
{
	const struct sequence *seq = &filter->sequence;
	bool any = false;

	for (unsigned i = 0; i < seq->count; i++) {
		if (!mode_passes(filter, seq->param[i]))
			continue;
		str_adds(out, any ? ";" : seq->prefix ? "\033[?" : "\033[");
		str_addf(out, "%u", seq->param[i]);
		any = true;
	}
	if (any)
		str_addc(out, (char)seq->final);
}

static void spell(const struct guest_filter *filter, struct str *out)
{
	const struct sequence *seq = &filter->sequence;

	str_adds(out, "\033[");
	if (seq->prefix)
		str_addc(out, (char)seq->prefix);
	str_add(out, filter->held, filter->held_len);
	if (seq->intermediate[0])
		str_addc(out, (char)seq->intermediate[0]);
	str_addc(out, (char)seq->final);
}

/* DECRQM, which is about one mode. */
static bool is_mode_query(const struct sequence *seq)
{
	return seq->final == 'p' && seq->intermediate[0] == '$' && (seq->prefix == '?' || !seq->prefix) && seq->count == 1;
}

static void csi(struct guest_filter *filter, struct str *out)
{
	const struct sequence *seq = &filter->sequence;
	bool mode_query = filter->asks && is_mode_query(seq);
	const struct row *row;

	if (seq->intermediate[1] || filter->held_len > sizeof(filter->held) || (seq->sub && seq->final != 'm'))
		return;
	if ((seq->final == 'h' || seq->final == 'l') && !seq->intermediate[0] && (seq->prefix == '?' || !seq->prefix)) {
		modes(filter, out);
		return;
	}
	row = find_row(filter);
	filter->asked |= mode_query || (row && row->rule == RULE_QUERY);
	if (row || mode_query)
		spell(filter, out);
}

/*
 * RIS: what it does to what may pass, and no more; the user's scrollback, tab
 * stops and palette stay.
 */
static void reset(const struct guest_filter *filter, struct str *out)
{
	str_adds(out, "\033[?1047l\033[0m\033[0 q\033[4l\033[?69l\033[?6l\033[r\033[?5l\033[?7h\033[?25h\033(B\033)B\017");
	if (filter->input)
		str_adds(out, "\033[20l\033[?1l\033>\033[?9l\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1005l\033[?1006l"
		         "\033[?1015l\033[?1016l\033[?2004l\033[>4m");
	str_adds(out, "\033[H\033[2J");
}

static bool is_one_of(const char *set, unsigned char byte)
{
	return byte && strchr(set, byte);
}

static void escape(struct guest_filter *filter, struct str *out)
{
	const struct sequence *seq = &filter->sequence;

	if (seq->intermediate[1])
		return;
	if (seq->intermediate[0]) {
		/* ASCII, British, line drawing; other sets are a terminal's own. DECALN. */
		if (is_one_of("()*+", seq->intermediate[0]) ? is_one_of("0AB", seq->final) :
		    seq->intermediate[0] == '#' && seq->final == '8')
			str_addf(out, "\033%c%c", seq->intermediate[0], seq->final);
	} else if (is_one_of("78DEMno", seq->final) || (filter->input && is_one_of("=>", seq->final))) {
		str_addf(out, "\033%c", seq->final);
	} else if (seq->final == 'c') {
		reset(filter, out);
	} else if (seq->final == 'k') {
		filter->title = true;
	}
}

static void control(unsigned char byte, struct str *out)
{
	if (byte >= BEL && byte <= SI)
		str_addc(out, (char)byte);
}

/* ---- text ---- */

static void replacement(struct str *out)
{
	str_adds(out, "\xef\xbf\xbd");
}

static void text(struct guest_filter *filter, unsigned char byte, struct str *out)
{
	bool whole;

	if (byte < 0x80)
		str_addc(out, (char)byte);
	else if (utf8_prefix(&byte, 1, &whole))
		filter->utf8[filter->utf8_len++] = byte;
	else
		replacement(out);
}

/* A character goes on with this byte; false: it does not, and the byte is yet to be looked at. */
static bool character_goes_on(struct guest_filter *filter, unsigned char byte, struct str *out)
{
	bool whole;

	filter->utf8[filter->utf8_len] = byte;
	if (utf8_prefix(filter->utf8, filter->utf8_len + 1u, &whole) != filter->utf8_len + 1) {
		filter->utf8_len = 0;
		replacement(out);
		return false;
	}
	filter->utf8_len++;
	if (!whole)
		return true;
	/* U+0080 to U+009F are controls to many terminals: CSI, OSC and all. */
	if (filter->utf8[0] != 0xc2 || filter->utf8[1] >= 0xa0)
		str_add(out, filter->utf8, filter->utf8_len);
	filter->utf8_len = 0;
	return true;
}

/* ---- strings ---- */

static void hold(struct guest_filter *filter, unsigned char byte)
{
	if (filter->held_len < sizeof(filter->held))
		filter->held[filter->held_len++] = (char)byte;
	else
		filter->held_len = sizeof(filter->held) + 1;
}

/* The only OSC sequences that pass ask for the two colours that say whether the background is dark. */
static void string_done(struct guest_filter *filter, unsigned char byte, struct str *out)
{
	static const char query[] = "10;?";
	const char *held = filter->held;

	if (!filter->asks || filter->sequence.kind != ']' || filter->held_len != sizeof(query) - 1 || byte == CAN || byte == SUB)
		return;
	if (memcmp(held, "10;?", filter->held_len) != 0 && memcmp(held, "11;?", filter->held_len) != 0)
		return;
	filter->asked = true;
	str_addf(out, "\033]%.4s%s", held, byte == BEL ? "\007" : "\033\\");
}

/*
 * An OSC or a title that is over before this byte although nothing has ended it: at the end of a line, or it would
 * swallow all that follows; and the Linux console's palette, which has no end.
 */
static bool string_breaks_off(const struct guest_filter *filter, unsigned char byte)
{
	if (filter->sequence.kind != ']')
		return false;
	return byte == '\n' || byte == '\r' || (filter->held_len == 1 && filter->held[0] == 'R') ||
	       (filter->held_len == 8 && filter->held[0] == 'P');
}

/* true: the byte belongs to a title. */
static bool in_title(struct guest_filter *filter, unsigned char byte)
{
	if (byte != ESC && byte != '\n' && byte != '\r') {
		filter->title = byte != BEL && byte != CAN && byte != SUB;
		return true;
	}
	filter->title = false;
	return false;
}

static void step(struct guest_filter *filter, unsigned char byte, struct str *out)
{
	struct sequence *seq = &filter->sequence;
	unsigned was = seq->state;

	if (filter->utf8_len && character_goes_on(filter, byte, out))
		return;
	if (filter->title && in_title(filter, byte))
		return;
	if (was == SEQUENCE_STRING && string_breaks_off(filter, byte))
		was = seq->state = SEQUENCE_GROUND;
	switch (sequence_feed(seq, byte)) {
	case SEQUENCE_MORE:
		if (seq->state == SEQUENCE_ESCAPE || was == SEQUENCE_ESCAPE)
			filter->held_len = 0;
		else if (seq->state == SEQUENCE_STRING || (byte >= '0' && byte <= ';'))
			hold(filter, byte);
		break;
	case SEQUENCE_CONTROL: control(byte, out); break;
	case SEQUENCE_TEXT: text(filter, byte, out); break;
	case SEQUENCE_ESC_DONE: escape(filter, out); break;
	case SEQUENCE_CSI_DONE: csi(filter, out); break;
	case SEQUENCE_STRING_DONE:
		string_done(filter, byte, out);
		filter->held_len = 0;
		break;
	case SEQUENCE_CANCEL: break;
	}
}

void guest_filter_feed(struct guest_filter *filter, const void *bytes, size_t len, struct str *out)
{
	const unsigned char *at = bytes, *const end = at + len;

	while (at < end) {
		const unsigned char *run = at;

		if (filter->sequence.state == SEQUENCE_GROUND && !filter->utf8_len && !filter->title)
			while (at < end && *at >= 0x20 && *at < 0x7f)
				at++;
		if (at > run)
			str_add(out, run, (size_t)(at - run));
		else
			step(filter, *at++, out);
	}
}
