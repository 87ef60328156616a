/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/modes.h"

#include "core/base/str.h"
#include "core/terminal/sequence.h"

#include <stddef.h>
#include <string.h>

/* Bits of private[] and ansi[]. */
enum { MODE_SET = 1, MODE_TOUCHED = 2, MODE_SAVED = 4 };

/* Bits of touched. */
enum { TOUCHED_MARGINS = 1, TOUCHED_SIDES = 2, TOUCHED_ORIGIN = 4, TOUCHED_PROTECT = 8 };

enum { ORIGIN = 6, BLINK = 12, SIDE_MARGINS = 69, GR_TOUCHED = 1 << 4 };

struct mode {
	uint16_t number;
	uint8_t group;		/* of the modes in a group only one can be set, and resetting any resets it; 0: not in a group */
	bool initially;
};

/* Not included: DECCOLM (3) clears the screen, 2026 ends by itself, 2031 and 2048 make a terminal report. */
static const struct mode private_modes[MODES_PRIVATE] = {
	{ 1, 0, false },	/* application cursor keys */
	{ 5, 0, false },	/* reverse screen */
	{ 7, 0, true },		/* autowrap */
	{ 8, 0, true },		/* key repeat */
	{ 9, 1, false },	/* mouse: X10 */
	{ BLINK, 0, false },	/* blinking cursor */
	{ 25, 0, true },	/* cursor visible */
	{ 45, 0, false },	/* reverse wraparound */
	{ 67, 0, false },	/* backspace key */
	{ SIDE_MARGINS, 0, false },
	{ 1000, 1, false },	/* mouse: buttons */
	{ 1002, 1, false },	/* mouse: drags */
	{ 1003, 1, false },	/* mouse: everything */
	{ 1004, 0, false },	/* focus */
	{ 1005, 2, false },	/* mouse in UTF-8 */
	{ 1006, 2, false },	/* mouse as SGR */
	{ 1007, 0, false },	/* wheel as arrow keys */
	{ 1015, 2, false },	/* mouse as urxvt */
	{ 1016, 2, false },	/* mouse in pixels */
	{ 1034, 0, true },	/* meta sends eighth bit */
	{ 1036, 0, true },	/* meta sends ESC */
	{ 1039, 0, true },	/* alt sends ESC */
	{ 1042, 0, false },	/* bell is urgent */
	{ 2004, 0, false },	/* bracketed paste */
	{ 2027, 0, false },	/* grapheme clusters */
};

static const struct mode ansi_modes[MODES_ANSI] = {
	{ 4, 0, false },	/* insert */
	{ 12, 0, true },	/* no local echo */
	{ 20, 0, false },	/* LF is CR LF too */
};

static void init_table(uint8_t *bits, const struct mode *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bits[i] = table[i].initially ? MODE_SET | MODE_SAVED : 0;
}

void modes_init(struct modes *modes)
{
	memset(modes, 0, sizeof(*modes));
	init_table(modes->private, private_modes, MODES_PRIVATE);
	init_table(modes->ansi, ansi_modes, MODES_ANSI);
	modes->pen.gr = 2;
	modes->saved[0] = modes->saved[1] = modes->pen;
}

/* Resets to the defaults, but keeps the record of changes, except for blinking, whose default depends on the terminal. */
static void reset_table(uint8_t *bits, const struct mode *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bits[i] = (table[i].number == BLINK && table == private_modes ? 0 : bits[i] & MODE_TOUCHED) |
			  (table[i].initially ? MODE_SET | MODE_SAVED : 0);
}

static void reset_hard(struct modes *modes)
{
	struct modes old = *modes;

	modes_init(modes);
	memcpy(modes->private, old.private, sizeof(old.private));
	memcpy(modes->ansi, old.ansi, sizeof(old.ansi));
	reset_table(modes->private, private_modes, MODES_PRIVATE);
	reset_table(modes->ansi, ansi_modes, MODES_ANSI);
	modes->alternate_by = old.alternate_by;
	modes->touched = old.touched;
	modes->sets_touched = old.sets_touched;
	modes->keypad = old.keypad ? '>' : 0;
	modes->cursor_style = old.cursor_style ? 1 : 0;
	modes->other_keys = old.other_keys ? 1 : 0;
	modes->coding = old.coding ? 'G' : 0;
}

static const struct mode *find(const struct mode *table, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

static void set_private(struct modes *modes, unsigned number, bool on)
{
	const struct mode *mode = find(private_modes, MODES_PRIVATE, number);

	if (!mode)
		return;
	if (number == SIDE_MARGINS && !on)
		modes->left = modes->right = 0;
	for (size_t i = 0; mode->group && i < MODES_PRIVATE; i++)
		if (private_modes[i].group == mode->group)
			modes->private[i] &= ~MODE_SET;

	uint8_t *bits = &modes->private[mode - private_modes];

	*bits = (*bits & ~MODE_SET) | MODE_TOUCHED | (on ? MODE_SET : 0);
}

/* The styles of DECSCUSR come in pairs, of which the odd one blinks. The later of DECSCUSR and mode 12 applies. */
static void set_blink(struct modes *modes, bool on)
{
	set_private(modes, BLINK, on);
	if (modes->cursor_style) {
		unsigned style = modes->cursor_style > 1 ? modes->cursor_style - 1u : 1;

		modes->cursor_style = (uint8_t)(((style - 1) | 1) + (on ? 1 : 2));
	}
}

static void set_ansi(struct modes *modes, unsigned number, bool on)
{
	const struct mode *mode = find(ansi_modes, MODES_ANSI, number);

	if (!mode)
		return;

	uint8_t *bits = &modes->ansi[mode - ansi_modes];

	*bits = (*bits & ~MODE_SET) | MODE_TOUCHED | (on ? MODE_SET : 0);
}

static void save_cursor(struct modes *modes)
{
	modes->saved[modes->alternate] = modes->pen;
	modes->has_saved[modes->alternate] = true;
}

static void restore_cursor(struct modes *modes)
{
	modes->pen = modes->saved[modes->alternate];
}

static void set_alternate(struct modes *modes, unsigned number, bool on)
{
	if (on && number == 1049 && !modes->alternate)
		save_cursor(modes);
	if (modes->alternate != on || !modes->alternate_by)
		modes->alternate_by = (uint16_t)number;
	modes->alternate = on;
	if (!on && number == 1049)
		restore_cursor(modes);
}

static void set_origin(struct modes *modes, bool on)
{
	modes->pen.origin = on;
	modes->touched |= TOUCHED_ORIGIN;
}

static void decset(struct modes *modes, const struct sequence *seq, bool on)
{
	for (unsigned i = 0; i < seq->count; i++) {
		unsigned number = seq->param[i];

		if (number == 47 || number == 1047 || number == 1049)
			set_alternate(modes, number, on);
		else if (number == 1048)
			on ? save_cursor(modes) : restore_cursor(modes);
		else if (number == ORIGIN)
			set_origin(modes, on);
		else if (number == BLINK)
			set_blink(modes, on);
		else if (number == 66)
			modes->keypad = on ? '=' : '>';
		else
			set_private(modes, number, on);
	}
}

/* XTSAVE and XTRESTORE. */
static void keep_private(struct modes *modes, const struct sequence *seq, bool save)
{
	for (unsigned i = 0; i < seq->count; i++) {
		const struct mode *mode = find(private_modes, MODES_PRIVATE, seq->param[i]);

		if (!mode)
			continue;

		uint8_t *bits = &modes->private[mode - private_modes];

		if (!save)
			set_private(modes, seq->param[i], *bits & MODE_SAVED);
		else if (*bits & MODE_SET)
			*bits |= MODE_SAVED;
		else
			*bits &= ~MODE_SAVED;
	}
}

static void reset_soft(struct modes *modes)
{
	struct modes fresh;

	modes_init(&fresh);
	modes->pen = fresh.pen;
	modes->saved[modes->alternate] = fresh.pen;
	modes->top = modes->bottom = modes->left = modes->right = 0;
	if (modes->keypad)
		modes->keypad = '>';
	set_private(modes, 1, false);
	set_private(modes, 7, true);
	set_private(modes, 25, true);
	set_private(modes, SIDE_MARGINS, false);
	set_ansi(modes, 4, false);
}

static void margins(struct modes *modes, const struct sequence *seq)
{
	modes->top = seq->param[0];
	modes->bottom = seq->count > 1 ? seq->param[1] : 0;
	modes->touched |= TOUCHED_MARGINS;
}

static bool private_is_set(const struct modes *modes, unsigned number)
{
	return modes->private[find(private_modes, MODES_PRIVATE, number) - private_modes] & MODE_SET;
}

/* CSI s sets the side margins if they are enabled, or else saves the cursor. */
static void sides_or_save(struct modes *modes, const struct sequence *seq)
{
	if (!private_is_set(modes, SIDE_MARGINS)) {
		if (seq->count == 1 && !seq->param[0])
			save_cursor(modes);
		return;
	}
	modes->left = seq->param[0];
	modes->right = seq->count > 1 ? seq->param[1] : 0;
	modes->touched |= TOUCHED_SIDES;
}

static void csi_plain(struct modes *modes, const struct sequence *seq)
{
	switch (seq->final) {
	case 'm':
		modes_sgr(&modes->pen, seq);
		break;
	case 'h': case 'l':
		for (unsigned i = 0; i < seq->count; i++)
			set_ansi(modes, seq->param[i], seq->final == 'h');
		break;
	case 'r':
		margins(modes, seq);
		break;
	case 's':
		sides_or_save(modes, seq);
		break;
	case 'u':
		restore_cursor(modes);
		break;
	}
}

static void csi_private(struct modes *modes, const struct sequence *seq)
{
	if (seq->final == 'h' || seq->final == 'l')
		decset(modes, seq, seq->final == 'h');
	else if (seq->final == 's' || seq->final == 'r')
		keep_private(modes, seq, seq->final == 's');
}

static void csi_intermediate(struct modes *modes, const struct sequence *seq)
{
	unsigned what = seq->intermediate[0] << 8 | seq->final;

	if (what == (' ' << 8 | 'q'))
		modes->cursor_style = seq->param[0] <= 6 ? (uint8_t)(seq->param[0] + 1) : 1;
	else if (what == ('!' << 8 | 'p'))
		reset_soft(modes);
	else if (what == ('"' << 8 | 'q')) {
		modes->pen.protect = seq->param[0] == 1;
		modes->touched |= TOUCHED_PROTECT;
	}
}

void modes_csi(struct modes *modes, const struct sequence *seq)
{
	if (seq->intermediate[1])
		return;
	if (seq->intermediate[0] && !seq->prefix)
		csi_intermediate(modes, seq);
	else if (!seq->intermediate[0] && !seq->prefix)
		csi_plain(modes, seq);
	else if (!seq->intermediate[0] && seq->prefix == '?')
		csi_private(modes, seq);
	else if (!seq->intermediate[0] && seq->prefix == '>' && seq->final == 'm' && seq->param[0] == 4)
		modes->other_keys = seq->count > 1 && seq->param[1] <= 3 ? (uint8_t)(seq->param[1] + 1) : 1;
}

/* ESC ( F and similar: the designated set, of 94 or 96 characters. */
static void designate(struct modes *modes, const struct sequence *seq)
{
	static const char sets94[] = "()*+", sets96[] = "-./";
	const char *at;
	unsigned which;

	if ((at = strchr(sets94, seq->intermediate[0])))
		which = (unsigned)(at - sets94);
	else if ((at = strchr(sets96, seq->intermediate[0])))
		which = (unsigned)(at - sets96) + 1;
	else
		return;

	uint8_t *set = modes->pen.set[which];

	modes->sets_touched |= (uint8_t)(1u << which);
	set[0] = seq->intermediate[0];
	set[1] = seq->intermediate[1];
	set[2] = seq->final;
}

void modes_escape(struct modes *modes, const struct sequence *seq)
{
	if (seq->intermediate[0] == '%')
		modes->coding = seq->final == '@' ? '@' : 'G';
	else if (seq->intermediate[0])
		designate(modes, seq);
	else switch (seq->final) {
	case '7': save_cursor(modes); break;
	case '8': restore_cursor(modes); break;
	case 'c': reset_hard(modes); break;
	case '=': case '>': modes->keypad = seq->final; break;
	case 'n': modes->pen.gl = 2; break;
	case 'o': modes->pen.gl = 3; break;
	case '~': case '}': case '|':
		modes->pen.gr = seq->final == '~' ? 1 : seq->final == '}' ? 2 : 3;
		modes->sets_touched |= GR_TOUCHED;
		break;
	}
}

void modes_shift(struct modes *modes, unsigned set)
{
	modes->pen.gl = (uint8_t)set;
}

static void write_sets(struct str *out, const struct modes_pen *pen, unsigned touched)
{
	static const char *const left[] = { "\017", "\016", "\033n", "\033o" };
	static const char *const right[] = { "", "\033~", "\033}", "\033|" };

	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *set = pen->set[i];

		if (!(touched >> i & 1))
			continue;
		str_addf(out, "\033%c", set[0] ? set[0] : "()*+"[i]);
		if (set[1])
			str_addc(out, (char)set[1]);
		str_addc(out, set[2] ? (char)set[2] : 'B');
	}
	str_adds(out, left[pen->gl]);
	if (touched & GR_TOUCHED)
		str_adds(out, right[pen->gr]);
}

static void write_pen(struct str *out, const struct modes *modes, const struct modes_pen *pen)
{
	modes_write_sgr(pen, out);
	write_sets(out, pen, modes->sets_touched);
	if (modes->touched & TOUCHED_PROTECT)
		str_addf(out, "\033[%u\"q", pen->protect);
}

/* Writes the saved cursors and selects the screen, in the order that restores each of them. */
static void write_screens(struct str *out, const struct modes *modes)
{
	if (modes->alternate_by && !modes->alternate)
		str_addf(out, "\033[?%ul", modes->alternate_by);
	if (modes->has_saved[0]) {
		write_pen(out, modes, &modes->saved[0]);
		if (modes->saved[0].origin)
			str_adds(out, "\033[?6h");
		/* 1049 itself saves the cursor. */
		if (!modes->alternate || modes->alternate_by != 1049)
			str_adds(out, "\0337");
	}
	if (!modes->alternate)
		return;
	str_addf(out, "\033[?%uh", modes->alternate_by);
	if (modes->has_saved[1]) {
		write_pen(out, modes, &modes->saved[1]);
		str_adds(out, "\0337");
	}
}

static void write_table(struct str *out, const uint8_t *bits, const struct mode *table, size_t count)
{
	const char *lead = table == private_modes ? "?" : "";

	/* Resets come first, because resetting a mode would reset the others of its group. */
	for (size_t i = 0; i < count; i++)
		if ((bits[i] & MODE_TOUCHED) && !(bits[i] & MODE_SET))
			str_addf(out, "\033[%s%ul", lead, table[i].number);
	for (size_t i = 0; i < count; i++)
		if ((bits[i] & MODE_TOUCHED) && (bits[i] & MODE_SET))
			str_addf(out, "\033[%s%uh", lead, table[i].number);
}

/* Each of these sequences moves the cursor to the top. */
static void write_margins(struct str *out, const struct modes *modes)
{
	bool origin = modes->touched & TOUCHED_ORIGIN;

	if (modes->touched & TOUCHED_MARGINS) {
		str_adds(out, "\033[");
		if (modes->top)
			str_addf(out, "%u", modes->top);
		if (modes->bottom)
			str_addf(out, ";%u", modes->bottom);
		str_addc(out, 'r');
	}
	if ((modes->touched & TOUCHED_SIDES) && private_is_set(modes, SIDE_MARGINS))
		str_addf(out, "\033[%u;%us", modes->left, modes->right);
	if (origin)
		str_adds(out, modes->pen.origin ? "\033[?6h" : "\033[?6l");
	/* Output continues at the bottom and does not overwrite the first lines. */
	if ((origin || (modes->touched & TOUCHED_MARGINS)) && !modes->alternate)
		str_adds(out, "\033[999;1H");
}

void modes_write(const struct modes *modes, struct str *out)
{
	write_screens(out, modes);
	write_pen(out, modes, &modes->pen);
	write_table(out, modes->private, private_modes, MODES_PRIVATE);
	write_table(out, modes->ansi, ansi_modes, MODES_ANSI);
	write_margins(out, modes);
	if (modes->keypad)
		str_addf(out, "\033%c", modes->keypad);
	if (modes->cursor_style)
		str_addf(out, "\033[%u q", modes->cursor_style - 1u);
	/* Without a number, the setting of the terminal applies. */
	if (modes->other_keys > 1)
		str_addf(out, "\033[>4;%um", modes->other_keys - 1u);
	else if (modes->other_keys)
		str_adds(out, "\033[>4m");
	if (modes->coding)
		str_addf(out, "\033%%%c", modes->coding);
}

bool modes_report(const struct modes *modes)
{
	for (size_t i = 0; i < MODES_PRIVATE; i++) {
		unsigned number = private_modes[i].number;

		if ((number == 9 || (number >= 1000 && number <= 1004)) && (modes->private[i] & MODE_TOUCHED))
			return true;
	}
	return false;
}

/* Resets the margins without moving the cursor if possible; in origin mode, it can only go to the bottom. */
static void write_margins_reset(struct str *out, const struct modes *modes)
{
	const char *sides = modes->touched & TOUCHED_SIDES || private_is_set(modes, SIDE_MARGINS) ? "\033[?69l" : "";
	/* Leaving the alternate screen may have restored it with the cursor. */
	bool restored = modes->alternate && modes->alternate_by == 1049 && modes->saved[0].origin;

	if (modes->pen.origin || restored)
		str_addf(out, "%s\033[?6l\033[r\033[999;1H", sides);
	else if (*sides || (modes->touched & TOUCHED_MARGINS))
		str_addf(out, "\0337%s\033[r\0338", sides);
}

void modes_write_reset(const struct modes *modes, struct str *out)
{
	const struct mode *blink = find(private_modes, MODES_PRIVATE, BLINK);
	bool shape = modes->cursor_style || (modes->private[blink - private_modes] & MODE_TOUCHED);
	struct modes fresh = *modes;

	/* Leaving the alternate screen without having entered it would move the cursor. */
	if (modes->alternate)
		str_addf(out, "\033[?%ul", modes->alternate_by);
	write_margins_reset(out, modes);
	reset_hard(&fresh);
	fresh.alternate_by = 0;
	fresh.touched &= TOUCHED_PROTECT;
	fresh.cursor_style = shape;	/* 0, the default of the terminal */
	modes_write(&fresh, out);
}
