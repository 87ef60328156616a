/* SPDX-License-Identifier: MIT */
#include "core/terminal/guest_filter.h"

#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/terminal/input_modes.h"

#include <string.h>

enum { SO = 0x0e, SI = 0x0f };

#define REPLACEMENT 0xfffdu

/* Where the output goes. Bytes that pass as they are are copied together, as many as follow each other in the input. */
struct sink {
	struct str *out, *lasting;
	const unsigned char *begin, *end;	/* of the bytes that pass and are not copied yet */
	size_t settled;				/* length of `lasting` without the SGR sequences at its end */
};

static void flush(struct sink *sink)
{
	str_add(sink->out, sink->begin, (size_t)(sink->end - sink->begin));
	sink->begin = sink->end;
}

static void pass(struct sink *sink, const unsigned char *begin, const unsigned char *end)
{
	if (begin != sink->end) {
		flush(sink);
		sink->begin = begin;
	}
	sink->end = end;
}

void guest_filter_init(struct guest_filter *filter, bool input)
{
	memset(filter, 0, sizeof(*filter));
	filter->input = input;
}

void guest_filter_cut(struct guest_filter *filter)
{
	scan_init(&filter->scan);
	filter->title = false;
}

/* ---- what may pass ---- */

enum rule {
	RULE_NONE,		/* does not pass */
	RULE_DRAW,		/* changes only what is seen, and where the cursor is */
	RULE_LASTING,		/* also changes how what follows is drawn */
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

/*
 * CSI sequences. Absent on purpose: 'g' and its like, since tab stops cannot be read back; 'i', a printer; 'q', LEDs;
 * 't' but for sizes; 'n' 5, with which a terminal is asked whether it has answered everything (attach_leave.c).
 */
static const struct row rows[] = {
	{ 0, 0, 'J', RULE_FIRST, 2 },		/* 3 is the user's scrollback */
	{ 0, 0, 'T', RULE_ALONE, 0 },		/* more of them track the mouse */
	{ 0, 0, 'u', RULE_FIRST, 0 },
	{ '?', 0, 'J', RULE_FIRST, 2 }, { '?', 0, 'K', RULE_DRAW, 0 },
	{ 0, ' ', '@', RULE_DRAW, 0 }, { 0, ' ', 'A', RULE_DRAW, 0 },
	{ 0, ' ', 'q', RULE_FIRST, 6 },		/* the cursor's shape */
	{ 0, '!', 'p', RULE_LASTING, 0 },	/* DECSTR */
	{ 0, '"', 'q', RULE_LASTING, 0 },	/* DECSCA */
	{ 0, '\'', '}', RULE_DRAW, 0 }, { 0, '\'', '~', RULE_DRAW, 0 },
	{ '>', 0, 'm', RULE_INPUT_FIRST, 4 },	/* modifyOtherKeys */
	{ 0, 0, 'n', RULE_QUERY, 6 }, { '?', 0, 'n', RULE_QUERY, 6 },
	{ 0, 0, 'c', RULE_QUERY, 0 }, { '>', 0, 'c', RULE_QUERY, 0 },
	{ 0, 0, 't', RULE_QUERY, 14 }, { 0, 0, 't', RULE_QUERY, 16 },
	{ 0, 0, 't', RULE_QUERY, 18 }, { 0, 0, 't', RULE_QUERY, 19 },
};

/* Those that always pass, by their final byte: no prefix, no intermediate, any parameters. */
static const uint8_t plain_rows[SCAN_DEL] = {
	['@'] = RULE_DRAW, ['A'] = RULE_DRAW, ['B'] = RULE_DRAW, ['C'] = RULE_DRAW, ['D'] = RULE_DRAW, ['E'] = RULE_DRAW,
	['F'] = RULE_DRAW, ['G'] = RULE_DRAW, ['H'] = RULE_DRAW, ['I'] = RULE_DRAW, ['K'] = RULE_DRAW, ['L'] = RULE_DRAW,
	['M'] = RULE_DRAW, ['P'] = RULE_DRAW, ['S'] = RULE_DRAW, ['X'] = RULE_DRAW, ['Z'] = RULE_DRAW, ['`'] = RULE_DRAW,
	['a'] = RULE_DRAW, ['b'] = RULE_DRAW, ['d'] = RULE_DRAW, ['e'] = RULE_DRAW, ['f'] = RULE_DRAW,
	['m'] = RULE_LASTING, ['r'] = RULE_LASTING, ['s'] = RULE_LASTING,
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
	const struct scan *scan = &filter->scan;

	switch (row->rule) {
	case RULE_FIRST: return scan->param[0] <= row->limit;
	case RULE_ALONE: return scan->param_count == 1;
	case RULE_INPUT_FIRST: return filter->input && scan->param[0] == row->limit;
	case RULE_QUERY: return filter->asks && scan->param_count == 1 && scan->param[0] == row->limit;
	default: return true;
	}
}

/* The rule that lets the sequence pass, or RULE_NONE. */
static enum rule find_rule(const struct guest_filter *filter)
{
	const struct scan *scan = &filter->scan;

	if (!scan->prefix && !scan->intermediate[0] && plain_rows[scan->final])
		return plain_rows[scan->final];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if ((unsigned char)row->final == scan->final && (unsigned char)row->prefix == scan->prefix &&
		    (unsigned char)row->intermediate == scan->intermediate[0] &&
		    rule_holds(filter, row))
			return row->rule;
	}
	return RULE_NONE;
}

static bool mode_passes(const struct guest_filter *filter, unsigned number)
{
	bool ansi = filter->scan.prefix == 0;
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
	const struct scan *scan = &filter->scan;
	bool any = false;

	for (int i = 0; i < scan->param_count; i++) {
		if (!mode_passes(filter, scan->param[i]))
			continue;
		str_adds(out, any ? ";" : scan->prefix ? "\033[?" : "\033[");
		str_addf(out, "%u", scan->param[i]);
		any = true;
	}
	if (any)
		str_addc(out, (char)scan->final);
}

/* Writes a parameter in decimal. Returns what follows it. */
static char *number(char *at, unsigned value)
{
	unsigned unit = 1;

	while (value / unit >= 10)
		unit *= 10;
	for (; unit > 0; unit /= 10)
		*at++ = (char)('0' + value / unit % 10);
	return at;
}

/* An empty parameter stays empty: some mean something else than 0. */
static void spell(const struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;
	char bytes[8 + SCAN_PARAMS * 6], *at = bytes;

	*at++ = SCAN_ESC;
	*at++ = '[';
	if (scan->prefix)
		*at++ = (char)scan->prefix;
	for (int i = 0; i < scan->param_count; i++) {
		if (i > 0)
			*at++ = scan->sub >> i & 1 ? ':' : ';';
		if (scan->given >> i & 1)
			at = number(at, scan->param[i]);
	}
	if (scan->intermediate[0])
		*at++ = (char)scan->intermediate[0];
	*at++ = (char)scan->final;
	str_add(out, bytes, (size_t)(at - bytes));
}

/*
 * kitty's keyboard protocol: pushing, popping and setting its flags. Only that which makes keys unambiguous passes; with
 * the others the shell would be unusable if nothing undid them.
 */
static void kitty_keys(struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;
	unsigned first = scan->param[0], how = scan->prefix == '=' && scan->param_count > 1 ? scan->param[1] : 0;

	if (!filter->input || how > 3)
		return;
	filter->kitty = true;
	if (scan->prefix == '<')
		str_addf(out, "\033[<%uu", first ? first : 1);
	else if (scan->prefix == '>')
		str_addf(out, "\033[>%uu", first & KITTY_DISAMBIGUATE);
	else
		str_addf(out, "\033[=%u;%uu", first & KITTY_DISAMBIGUATE, how ? how : 1);
}

/* True if spell() would write these bytes, which are a whole sequence: no number in them can be written shorter. */
static bool is_spelled(const unsigned char *begin, const unsigned char *end)
{
	const unsigned char *first = begin + 2;	/* digit of a number */

	for (const unsigned char *at = first; at < end; at++) {
		if (*at < '0' || *at > '9')
			first = at + 1;
		else if (at > first && (*first == '0' || at - first >= 4))	/* five digits may be too large */
			return false;
	}
	return true;
}

/* DECRQM, which is about one mode. */
static bool is_mode_query(const struct scan *scan)
{
	return scan->final == 'p' && scan->intermediate[0] == '$' && (scan->prefix == '?' || !scan->prefix) && scan->param_count == 1;
}

/* Appends what the sequence becomes. Returns true if its effect lasts. */
static bool csi(struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;
	bool mode_query = filter->asks && is_mode_query(scan);
	enum rule rule;

	if (scan->intermediate[1] || (scan->sub && scan->final != 'm'))
		return false;
	if ((scan->final == 'h' || scan->final == 'l') && !scan->intermediate[0] && (scan->prefix == '?' || !scan->prefix)) {
		modes(filter, out);
		return true;
	}
	if (scan->final == 'u' && !scan->intermediate[0] && scan->prefix && scan->prefix != '?') {
		kitty_keys(filter, out);
		return true;
	}
	rule = find_rule(filter);
	filter->asked |= mode_query || rule == RULE_QUERY;
	if (rule || mode_query)
		spell(filter, out);
	return rule != RULE_DRAW;
}

/* Appends to `lasting`. The colours and attributes before a reset of all of them do not last. */
static void keep(struct sink *sink, const struct scan *scan, const void *bytes, size_t len)
{
	bool pen = scan->final == 'm' && !scan->prefix;

	if (len == 0)	/* it does not pass, and need not be SGR */
		return;
	if (pen && scan->param[0] == 0 && !(scan->sub >> 1 & 1))
		str_cut(sink->lasting, sink->settled);
	str_add(sink->lasting, bytes, len);
	if (!pen)
		sink->settled = sink->lasting->len;
}

/* Takes the text [begin, end) of the scanner unless it has a malformed part, which is replaced. */
static bool pass_text(const struct scan *scan, const unsigned char *begin, const unsigned char *end, struct sink *sink)
{
	size_t len = 0;

	for (int i = 0; i < scan->count; i++) {
		uint32_t character = scan->chars[i];

		len += 1u + (character >= 0x80) + (character >= 0x800) + (character >= 0x10000);
		len += character == REPLACEMENT ? SCAN_CHARS * 4 : 0;
	}
	if (len != (size_t)(end - begin))
		return false;
	pass(sink, begin, end);
	return true;
}

/* Takes the sequence [begin, end), which is whole and plain, if it is one that passes as it is. */
static bool pass_csi(struct guest_filter *filter, const unsigned char *begin, const unsigned char *end, struct sink *sink)
{
	const struct scan *scan = &filter->scan;
	enum rule rule = scan->prefix || (scan->sub && scan->final != 'm') ? RULE_NONE : plain_rows[scan->final];

	if (!rule || !is_spelled(begin, end))
		return false;
	pass(sink, begin, end);
	if (rule == RULE_LASTING)
		keep(sink, scan, begin, (size_t)(end - begin));
	return true;
}

/*
 * RIS: what it does to what may pass, and no more; the user's scrollback, tab
 * stops and palette stay.
 */
static void reset(const struct guest_filter *filter, struct str *out)
{
	/* Each screen has its own flags. */
	if (filter->kitty)
		str_adds(out, KITTY_PLAIN);
	str_adds(out, "\033[?1047l\033[0m\033[0 q\033[4l\033[?69l\033[?6l\033[r\033[?5l\033[?7h\033[?25h\033(B\033)B\017");
	if (filter->input)
		str_adds(out, "\033[20l\033[?1l\033>\033[?9l\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1005l\033[?1006l"
		         "\033[?1015l\033[?1016l\033[?2004l\033[>4m");
	if (filter->kitty)
		str_adds(out, KITTY_PLAIN);
	str_adds(out, "\033[H\033[2J");
}

static bool is_one_of(const char *set, unsigned char byte)
{
	return byte && strchr(set, byte);
}

static void escape(struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;

	if (scan->intermediate[1])
		return;
	if (scan->intermediate[0]) {
		/* ASCII, British, line drawing; other sets are a terminal's own. DECALN. */
		if (is_one_of("()*+", scan->intermediate[0]) ? is_one_of("0AB", scan->final) :
		    scan->intermediate[0] == '#' && scan->final == '8')
			str_addf(out, "\033%c%c", scan->intermediate[0], scan->final);
	} else if (is_one_of("78DEMno", scan->final) || (filter->input && is_one_of("=>", scan->final))) {
		str_addf(out, "\033%c", scan->final);
	} else if (scan->final == 'c') {
		reset(filter, out);
	} else if (scan->final == 'k') {
		filter->title = true;
	}
}

/* `at` is after the control. */
static void control(const struct scan *scan, const unsigned char *at, struct sink *sink)
{
	if (at[-1] < SCAN_BEL || at[-1] > SI)
		return;
	pass(sink, at - 1, at);
	if (at[-1] >= SO)
		keep(sink, scan, at - 1, 1);
}

static void text(const struct scan *scan, struct str *out)
{
	char bytes[4 * SCAN_CHARS];
	size_t len = 0;

	for (int i = 0; i < scan->count; i++)
		len += utf8_encode(scan->chars[i], bytes + len);
	str_add(out, bytes, len);
}

/* The only OSC sequences that pass ask for the two colours that say whether the background is dark. */
static void string(struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;

	if (!filter->asks || scan->kind != ']' || scan->len != 4)
		return;
	if (memcmp(scan->string, "10;?", 4) != 0 && memcmp(scan->string, "11;?", 4) != 0)
		return;
	filter->asked = true;
	str_addf(out, "\033]%s%s", scan->string, scan->bell ? "\007" : "\033\\");
}

/* `at` is after the event, of which parts may have been in an earlier input. */
static void handle(struct guest_filter *filter, enum scan_event event, const unsigned char *at, struct sink *sink)
{
	const struct scan *scan = &filter->scan;
	bool lasts = true;
	size_t before;

	if (event == SCAN_ASCII) {
		pass(sink, scan->text, at);
		return;
	}
	if (event == SCAN_CONTROL) {
		control(scan, at, sink);
		return;
	}
	flush(sink);
	before = sink->out->len;
	switch (event) {
	case SCAN_TEXT: text(scan, sink->out); lasts = false; break;
	case SCAN_ESCAPE: escape(filter, sink->out); break;
	case SCAN_CSI: lasts = csi(filter, sink->out); break;
	case SCAN_STRING: string(filter, sink->out); lasts = false; break;
	default: break;
	}
	if (lasts)
		keep(sink, scan, sink->out->text + before, sink->out->len - before);
}

static bool ends_line(unsigned char byte)
{
	return byte == '\n' || byte == '\r';
}

/* Returns what follows the title, or `end`. An ESC or the end of the line is not part of it. */
static const unsigned char *skip_title(struct guest_filter *filter, const unsigned char *at, const unsigned char *end)
{
	while (at < end && *at != SCAN_ESC && !ends_line(*at)) {
		unsigned char byte = *at++;

		if (byte == SCAN_BEL || byte == SCAN_CAN || byte == SCAN_SUB) {
			filter->title = false;
			return at;
		}
	}
	if (at < end)
		filter->title = false;
	return at;
}

static const unsigned char *line_end(const unsigned char *at, const unsigned char *end)
{
	while (at < end && !ends_line(*at))
		at++;
	return at;
}

/* An OSC or a title that nothing has ended ends with its line, or it would swallow all that follows. */
void guest_filter_feed(struct guest_filter *filter, const void *bytes, size_t len, struct str *out, struct str *lasting)
{
	const unsigned char *at = bytes, *const end = at + len, *line = at;
	struct sink sink = { .out = out, .lasting = lasting, .begin = at, .end = at, .settled = lasting->len };

	while (at < end) {
		const unsigned char *from = at;
		enum scan_event event;

		if (filter->title) {
			at = skip_title(filter, at, end);
			continue;
		}
		event = scan_common(&filter->scan, &at, end);
		if (event == SCAN_CSI && pass_csi(filter, from, at, &sink))
			continue;
		if (event == SCAN_MORE && scan_is_text(&filter->scan, *at)) {
			event = scan_next(&filter->scan, &at, end);
			if (event == SCAN_TEXT && pass_text(&filter->scan, from, at, &sink))
				continue;
		} else if (event == SCAN_MORE) {
			if (ends_line(*at) && scan_in_osc(&filter->scan))
				scan_init(&filter->scan);
			if (at >= line)
				line = line_end(at + 1, end);
			event = scan_next(&filter->scan, &at, line);
		}
		if (event != SCAN_MORE)
			handle(filter, event, at, &sink);
	}
	flush(&sink);
}
