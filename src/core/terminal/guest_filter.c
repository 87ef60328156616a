/* SPDX-License-Identifier: MIT */
#include "core/terminal/guest_filter.h"

#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/terminal/input_modes.h"

#include <string.h>

enum { SI = 0x0f };

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
	const struct scan *scan = &filter->scan;

	switch (row->rule) {
	case RULE_FIRST: return scan->param[0] <= row->limit;
	case RULE_ALONE: return scan->param_count == 1;
	case RULE_INPUT_FIRST: return filter->input && scan->param[0] == row->limit;
	case RULE_QUERY: return filter->asks && scan->param_count == 1 && scan->param[0] == row->limit;
	default: return true;
	}
}

/* The row that lets the sequence pass; NULL: none does. */
static const struct row *find_row(const struct guest_filter *filter)
{
	const struct scan *scan = &filter->scan;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if ((unsigned char)row->final == scan->final && (unsigned char)row->prefix == scan->prefix &&
		    (unsigned char)row->intermediate == scan->intermediate[0] &&
		    rule_holds(filter, row))
			return row;
	}
	return NULL;
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

/* An empty parameter stays empty: some mean something else than 0. */
static void spell(const struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;

	str_adds(out, "\033[");
	if (scan->prefix)
		str_addc(out, (char)scan->prefix);
	for (int i = 0; i < scan->param_count; i++) {
		if (i > 0)
			str_addc(out, scan->sub >> i & 1 ? ':' : ';');
		if (scan->given >> i & 1)
			str_addf(out, "%u", scan->param[i]);
	}
	if (scan->intermediate[0])
		str_addc(out, (char)scan->intermediate[0]);
	str_addc(out, (char)scan->final);
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

/* DECRQM, which is about one mode. */
static bool is_mode_query(const struct scan *scan)
{
	return scan->final == 'p' && scan->intermediate[0] == '$' && (scan->prefix == '?' || !scan->prefix) && scan->param_count == 1;
}

static void csi(struct guest_filter *filter, struct str *out)
{
	const struct scan *scan = &filter->scan;
	bool mode_query = filter->asks && is_mode_query(scan);
	const struct row *row;

	if (scan->intermediate[1] || (scan->sub && scan->final != 'm'))
		return;
	if ((scan->final == 'h' || scan->final == 'l') && !scan->intermediate[0] && (scan->prefix == '?' || !scan->prefix)) {
		modes(filter, out);
		return;
	}
	if (scan->final == 'u' && !scan->intermediate[0] && scan->prefix && scan->prefix != '?') {
		kitty_keys(filter, out);
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

static void control(unsigned char byte, struct str *out)
{
	if (byte >= SCAN_BEL && byte <= SI)
		str_addc(out, (char)byte);
}

static void text(const struct scan *scan, struct str *out)
{
	char bytes[4];

	for (int i = 0; i < scan->count; i++)
		str_add(out, bytes, utf8_encode(scan->chars[i], bytes));
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

static void handle(struct guest_filter *filter, enum scan_event event, struct str *out)
{
	const struct scan *scan = &filter->scan;

	switch (event) {
	case SCAN_MORE: break;
	case SCAN_ASCII: str_add(out, scan->text, scan->len); break;
	case SCAN_TEXT: text(scan, out); break;
	case SCAN_CONTROL: control(scan->final, out); break;
	case SCAN_ESCAPE: escape(filter, out); break;
	case SCAN_CSI: csi(filter, out); break;
	case SCAN_STRING: string(filter, out); break;
	}
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

/* An OSC or a title that nothing has ended ends with its line, or it would swallow all that follows. */
void guest_filter_feed(struct guest_filter *filter, const void *bytes, size_t len, struct str *out)
{
	const unsigned char *at = bytes, *const end = at + len;

	while (at < end) {
		const unsigned char *line = at + 1;
		enum scan_event event;

		if (filter->title) {
			at = skip_title(filter, at, end);
			continue;
		}
		if (ends_line(*at) && scan_in_osc(&filter->scan))
			scan_init(&filter->scan);
		while (line < end && !ends_line(*line))
			line++;
		while (!filter->title && (event = scan_next(&filter->scan, &at, line)) != SCAN_MORE)
			handle(filter, event, out);
	}
}
