/* SPDX-License-Identifier: MIT */
#include "core/keeper/query.h"

#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

enum { BEL = 0x07, ENQ = 0x05, ESC = 0x1b, C2 = 0xc2 };

void query_filter_init(struct query_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
}

/* ---- what is a query ---- */

struct query {
	uint8_t prefix, intermediate, final;
};

/* CSI sequences that are answered whatever their parameters are. */
static const struct query queries[] = {
	{ 0, 0, 'n' }, { '?', 0, 'n' },				/* DSR */
	{ 0, 0, 'c' }, { '>', 0, 'c' }, { '=', 0, 'c' },	/* DA1 DA2 DA3 */
	{ 0, '$', 'p' }, { '?', '$', 'p' },			/* DECRQM */
	{ 0, 0, 'x' },						/* DECREQTPARM */
	{ '>', 0, 'q' },					/* XTVERSION */
	{ '?', 0, 'u' },					/* kitty's keyboard */
	{ '?', 0, 'S' },					/* XTSMGRAPHICS */
	{ '?', 0, 'm' },					/* XTQMODKEYS */
	{ 0, '$', 'w' }, { 0, '$', 'u' }, { 0, '&', 'u' },	/* DECRQPSR DECRQTSR DECRQUPSS */
	{ 0, '*', 'y' },					/* DECRQCRA */
	{ 0, '"', 'v' },					/* DECRQDE */
	{ 0, '\'', '|' },					/* DECRQLP */
	{ 0, '#', '|' }, { 0, '#', 'R' },			/* XTREPORTSGR XTREPORTCOLORS */
};

static bool window_report(unsigned what)
{
	return what >= 11 && what <= 21 && what != 12 && what != 17;
}

static bool csi_is_query(const struct sequence *seq)
{
	if (seq->intermediate[1])
		return false;
	if (seq->final == 't' && !seq->prefix && !seq->intermediate[0])
		return window_report(seq->param[0]);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (queries[i].final == seq->final && queries[i].prefix == seq->prefix &&
		    queries[i].intermediate == seq->intermediate[0])
			return true;
	return false;
}

/* Whether one of the fields behind the first ';' asks: "?", "?+1" or "key=?". */
static bool asks(const char *text)
{
	while ((text = strchr(text, ';'))) {
		text++;
		if (*text == '?')
			return true;

		size_t len = strcspn(text, ";");

		if (len >= 2 && memcmp(text + len - 2, "=?", 2) == 0)
			return true;
	}
	return false;
}

static bool osc_is_query(const char *text)
{
	long number = strtol(text, NULL, 10);

	switch (number) {
	case 4: case 5: case 21: case 22: case 50: case 52: case 99: case 5522:
		return asks(text);
	case 60: case 61:	/* what is allowed */
		return true;
	case 1337:
		return strstr(text, ";Report") || strstr(text, ";Request") || strstr(text, ";Capabilities");
	default:
		/* Colours, and not titles or links in which a '?' is text. */
		return number >= 10 && number <= 19 && asks(text);
	}
}

static bool dcs_is_query(const char *text)
{
	text += strspn(text, "0123456789;:<=>?");
	/* DECRQSS, XTGETTCAP, XTGETXRES; what tmux hands through may be any of them */
	return strncmp(text, "$q", 2) == 0 || strncmp(text, "+q", 2) == 0 || strncmp(text, "+Q", 2) == 0 ||
	       strncmp(text, "tmux;", 5) == 0;
}

/* kitty's graphics: acknowledged when it has a number and is not told to be quiet. */
static bool apc_is_query(char *text)
{
	if (text[0] != 'G')
		return false;
	text[strcspn(text, ";")] = '\0';
	return strstr(text, "a=q") || ((strstr(text, "i=") || strstr(text, "I=")) && !strstr(text, "q=2"));
}

static bool string_is_query(unsigned char kind, const unsigned char *bytes, size_t len)
{
	char text[512];

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, bytes, len);
	text[len] = '\0';
	switch (kind) {
	case ']': return osc_is_query(text);
	case 'P': return dcs_is_query(text);
	case '_': return apc_is_query(text);
	default: return false;
	}
}

/* ---- holding back ---- */

/* Controls in the middle of a dropped sequence were for the terminal, not part of it. */
static void keep_controls(const struct query_filter *filter, struct str *out)
{
	for (size_t i = 0; i < filter->held; i++)
		if (filter->hold[i] < 0x20 && filter->hold[i] != ESC && filter->hold[i] != ENQ)
			str_addc(out, (char)filter->hold[i]);
}

static void hold(struct query_filter *filter, unsigned char byte, struct str *out)
{
	if (filter->held == sizeof(filter->hold)) {
		query_filter_flush(filter, out);
		filter->passing = 1;
	}
	if (filter->passing)
		str_addc(out, (char)byte);
	else
		filter->hold[filter->held++] = byte;
}

static void give(struct query_filter *filter, unsigned char byte, struct str *out)
{
	hold(filter, byte, out);
	query_filter_flush(filter, out);
	filter->passing = 0;
}

/* The sequence is over with this byte and is not for the terminal. */
static void drop(struct query_filter *filter, struct str *out)
{
	keep_controls(filter, out);
	filter->held = 0;
	filter->passing = 0;
}

static void string_done(struct query_filter *filter, unsigned char byte, struct str *out)
{
	/* Without the two bytes in front of it: ESC and the kind. */
	bool query = !filter->passing && filter->held >= 2 &&
		     string_is_query(filter->sequence.kind, filter->hold + 2, filter->held - 2);

	if (query) {
		filter->held = 0;
	} else {
		query_filter_flush(filter, out);
		str_add(out, byte == ESC ? "\033\\" : (char *)&byte, byte == ESC ? 2 : 1);
	}
	filter->passing = 0;
	/* An ESC begins what follows, even if that is only the ESC \ of this string, which is written by now. */
	filter->ended = byte == ESC;
	if (byte == ESC)
		hold(filter, byte, out);
}

static void escape_done(struct query_filter *filter, unsigned char byte, struct str *out)
{
	bool plain = !filter->sequence.intermediate[0];

	/* DECID, and the end of a string that has one */
	if (plain && (byte == 'Z' || (byte == '\\' && filter->ended)))
		drop(filter, out);
	else
		give(filter, byte, out);
	filter->ended = 0;
}

static void step(struct query_filter *filter, unsigned char byte, struct str *out)
{
	bool inside = filter->sequence.state != SEQUENCE_GROUND;

	switch (sequence_feed(&filter->sequence, byte)) {
	case SEQUENCE_MORE:
		/* An unfinished sequence is void; its bytes in front of what follows might make another. */
		if (byte == ESC)
			drop(filter, out);
		hold(filter, byte, out);
		break;
	case SEQUENCE_CONTROL:
		if (inside)
			hold(filter, byte, out);
		else if (byte != ENQ)
			str_addc(out, (char)byte);
		break;
	case SEQUENCE_STRING_DONE:
		string_done(filter, byte, out);
		break;
	case SEQUENCE_ESC_DONE:
		escape_done(filter, byte, out);
		break;
	case SEQUENCE_CSI_DONE:
		if (csi_is_query(&filter->sequence) && !filter->passing)
			drop(filter, out);
		else
			give(filter, byte, out);
		break;
	case SEQUENCE_CANCEL:
		/* CAN, SUB; or the end of something malformed, which some terminal may still understand */
		if (byte < 0x20)
			drop(filter, out);
		give(filter, byte, out);
		break;
	case SEQUENCE_TEXT:
		if (inside)
			drop(filter, out);
		give(filter, byte, out);
		break;
	}
}

/* C1 controls as UTF-8 (U+0080..U+009F) are ESC and a letter to many terminals. */
static void after_c2(struct query_filter *filter, unsigned char byte, struct str *out)
{
	filter->c1 = 0;
	if (byte >= 0x80 && byte <= 0x9f) {
		step(filter, ESC, out);
		step(filter, byte - 0x40, out);
		return;
	}
	/* Half a character in front of a sequence that goes would make a control with what follows. */
	if ((byte >= 0x20 && byte != C2) || filter->sequence.state == SEQUENCE_STRING)
		step(filter, C2, out);
	if (byte == C2)
		filter->c1 = C2;
	else
		step(filter, byte, out);
}

void query_filter_feed(struct query_filter *filter, const void *bytes, size_t len, struct str *out)
{
	const unsigned char *at = bytes, *const end = at + len;

	while (at < end) {
		const unsigned char *run = at;

		while (at < end && filter->sequence.state == SEQUENCE_GROUND && !filter->c1 && *at >= 0x20 && *at != C2)
			at++;
		if (at > run) {
			str_add(out, run, (size_t)(at - run));
			continue;
		}
		if (filter->c1)
			after_c2(filter, *at++, out);
		else if (*at == C2)
			filter->c1 = *at++;
		else
			step(filter, *at++, out);
	}
}

void query_filter_flush(struct query_filter *filter, struct str *out)
{
	str_add(out, filter->hold, filter->held);
	filter->held = 0;
	if (filter->c1)
		str_addc(out, (char)filter->c1);
	filter->c1 = 0;
}
