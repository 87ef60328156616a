/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_meaning.h"

#include "core/base/utf8.h"
#include "core/terminal/scan.h"
#include "core/terminal/terminal_keys.h"
#include "core/terminal/terminal_mouse.h"

#include <curses.h>

/* Bits of the number less one that stands for modifiers; caps lock and num lock change nothing. */
enum { SHIFT = TERM_SHIFT, ALT = TERM_ALT, CTRL = TERM_CTRL, LOCKS = 64 | 128 };
#define FOREIGN ((unsigned)(TERM_SUPER | TERM_HYPER | TERM_META))

#define ESCAPE 27
enum { EVENT_REPEATED = 2, EVENT_RELEASED = 3 };	/* kinds of events in kitty's protocol */
#define PRIVATE_FIRST 57344	/* kitty's numbers for keys that are not characters */
#define PRIVATE_LAST 63743
#define F13_NUMBER 57376

/* The part after this many colons in parameter `group`; 0 if it is missing. */
static unsigned field(const struct key_sequence *sequence, unsigned group, unsigned part)
{
	unsigned g = 0, p = 0;

	for (unsigned i = 0; i < sequence->count; i++) {
		if (i > 0 && (sequence->sub >> i & 1)) {
			p++;
		} else if (i > 0) {
			g++;
			p = 0;
		}
		if (g == group && p == part)
			return sequence->param[i];
	}
	return 0;
}

static bool read_modifiers(const struct key_sequence *sequence, unsigned group, unsigned *held)
{
	unsigned number = field(sequence, group, 0);

	*held = number > 0 ? (number - 1) & ~(unsigned)LOCKS : 0;
	return *held < 64;
}

static enum key_meaning key_with(struct key *key, unsigned held)
{
	key->detail.held = (uint8_t)held;
	key->detail.foreign = held & FOREIGN;
	return key->detail.foreign ? KEY_MEANS_FOREIGN : KEY_MEANS_KEY;
}

static void set_code(struct key *key, int code, unsigned held)
{
	key->code = (wint_t)code;
	key->is_code = true;
	key->shift = held & SHIFT;
	key->ctrl = held & CTRL;
	key->alt |= (held & ALT) != 0;
	if (code == KEY_BTAB)
		key->shift = key->ctrl = false;
}

/* Terminals differ in what Backspace sends; views get one key. */
static void set_character(struct key *key, uint32_t c, bool alt)
{
	bool backspace = c == 127 || c == '\b';

	key->code = backspace ? KEY_BACKSPACE : (wint_t)c;
	key->is_code = backspace;
	key->alt |= alt;
}

struct key key_function(int number)
{
	static const unsigned char held[] = { 0, SHIFT, CTRL, CTRL | SHIFT, ALT, ALT | SHIFT };
	struct key key = { 0 };

	set_code(&key, KEY_F(1 + (number - 1) % 12), held[(number - 1) / 12 % 6]);
	return key;
}

/* ---- CSI: the letter or the number of a key ---- */

static int letter_key(unsigned char letter)
{
	switch (letter) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'E': return KEY_B2;
	case 'F': return KEY_END;
	case 'H': return KEY_HOME;
	case 'P': case 'Q': case 'R': case 'S': return KEY_F(1 + letter - 'P');
	case 'Z': return KEY_BTAB;
	default: return 0;
	}
}

/* CSI number ~; VT220, xterm and rxvt agree about these. 0: none. */
static int number_key(unsigned number)
{
	static const unsigned char function[] = {
		[11] = 1, [12] = 2, [13] = 3, [14] = 4, [15] = 5, [17] = 6, [18] = 7, [19] = 8, [20] = 9, [21] = 10,
		[23] = 11, [24] = 12, [25] = 13, [26] = 14, [28] = 15, [29] = 16, [31] = 17, [32] = 18, [33] = 19, [34] = 20,
	};
	static const int codes[] = {
		[1] = KEY_HOME, [2] = KEY_IC, [3] = KEY_DC, [4] = KEY_END, [5] = KEY_PPAGE, [6] = KEY_NPAGE, [7] = KEY_HOME,
		[8] = KEY_END,
	};

	if (number < sizeof(codes) / sizeof(codes[0]))
		return codes[number];
	return number < sizeof(function) && function[number] ? KEY_F(function[number]) : 0;
}

static enum key_meaning code_means(struct key *key, int code, unsigned held)
{
	if (code == 0)
		return KEY_MEANS_NOTHING;
	set_code(key, code, held);
	return key_with(key, held);
}

static enum key_meaning unnamed_means(struct key *key, unsigned number, unsigned held)
{
	set_code(key, KEY_UNNAMED, held);
	key->detail = (struct key_detail){ .character = number, .functional = true, .foreign = true, .held = (uint8_t)held };
	return KEY_MEANS_FOREIGN;
}

/* kitty's numbers for keys that are not characters: function keys, the keypad and others. */
static enum key_meaning functional_means(struct key *key, unsigned number, unsigned held)
{
	static const char characters[] = "0123456789./*-+\r=,";
	static const int codes[] = {
		KEY_LEFT, KEY_RIGHT, KEY_UP, KEY_DOWN, KEY_PPAGE, KEY_NPAGE, KEY_HOME, KEY_END, KEY_IC, KEY_DC, KEY_B2,
	};
	unsigned at = number - 57399;

	if (number >= F13_NUMBER && number < F13_NUMBER + 12)
		return code_means(key, KEY_F(13 + (int)(number - F13_NUMBER)), held);
	if (number < 57399)
		return unnamed_means(key, number, held);
	if (at < sizeof(characters) - 1) {
		set_character(key, (unsigned char)characters[at], held & ALT);
		key->detail.character = (unsigned char)characters[at];
		key->detail.keypad = true;
		return key_with(key, held);
	}
	at -= sizeof(characters) - 1;
	return at < sizeof(codes) / sizeof(codes[0]) ? code_means(key, codes[at], held) : unnamed_means(key, number, held);
}

/* A key with its code with Shift and its code on a Latin keyboard; 0: not reported. */
struct spelled {
	uint32_t character, shifted, latin;
	unsigned held;
};

static bool is_printable(uint32_t c)
{
	return c >= ' ' && (c < 0x7f || c >= 0xa0) && (c < 0xd800 || c >= 0xe000) && c < SCAN_PARAM_MAX;
}

/* What is written on the key, with Shift if that is held, as encode_char takes it. */
static uint32_t key_character(const struct spelled *spelled)
{
	uint32_t c = spelled->character;

	if (spelled->held & CTRL && c > 0x7e && spelled->latin < 0x7f && is_printable(spelled->latin))
		c = spelled->latin;
	if (spelled->held & SHIFT && is_printable(spelled->shifted))
		return spelled->shifted;
	return spelled->held & SHIFT && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* As if the terminal had sent the plain byte: Ctrl makes a control byte, or is lost. */
static enum key_meaning spelled_means(struct key *key, const struct spelled *spelled)
{
	uint32_t c = spelled->character;

	if (c >= PRIVATE_FIRST && c <= PRIVATE_LAST)
		return functional_means(key, c, spelled->held);
	key->detail.character = c == '\b' ? 127 : c;
	if (c == '\t' && spelled->held & SHIFT) {
		set_code(key, KEY_BTAB, spelled->held);
		return key_with(key, spelled->held);
	}
	if (c == '\t' || c == '\r' || c == ESCAPE || c == 127 || c == '\b') {
		set_character(key, c, spelled->held & ALT);
		return key_with(key, spelled->held);
	}
	if (!is_printable(c))
		return KEY_MEANS_NOTHING;
	if (spelled->shifted || spelled->latin)
		key->detail.alternates = (struct key_alternates){
			.base = c, .shifted = is_printable(spelled->shifted) ? spelled->shifted : 0,
			.latin = is_printable(spelled->latin) ? spelled->latin : 0,
		};
	c = key_character(spelled);
	key->detail.character = c;
	set_character(key, spelled->held & CTRL ? control_character(c) : c, spelled->held & ALT);
	return key_with(key, spelled->held);
}

static enum key_meaning tilde_means(const struct key_sequence *sequence, struct key *key)
{
	unsigned number = field(sequence, 0, 0), held;

	if (number == 27 && read_modifiers(sequence, 1, &held))
		return spelled_means(key, &(struct spelled){ .character = field(sequence, 2, 0), .held = held });
	if ((number == 200 || number == 201) && sequence->count == 1) {
		set_code(key, number == 200 ? KEY_PASTE_BEGIN : KEY_PASTE_END, 0);
		return KEY_MEANS_KEY;
	}
	return read_modifiers(sequence, 1, &held) ? code_means(key, number_key(number), held) : KEY_MEANS_NOTHING;
}

static enum key_meaning letter_means(const struct key_sequence *sequence, struct key *key)
{
	unsigned held;

	if (field(sequence, 0, 0) > 1 || !read_modifiers(sequence, 1, &held))
		return KEY_MEANS_NOTHING;
	return code_means(key, letter_key(sequence->final), held);
}

/* ---- the mouse ---- */

/* Bits of the number of a button, besides those that count the buttons of a kind and the modifiers. */
enum { MOUSE_MOTION = 32, MOUSE_WHEEL = 64, MOUSE_SIDE = 128 };

static enum key_meaning mouse_means(struct key_parser *parser, struct key *key, unsigned bits, bool pressed)
{
	struct key_mouse *mouse = &key->mouse;

	bool motion = bits & MOUSE_MOTION, wheel = bits & MOUSE_WHEEL, side = bits & MOUSE_SIDE;

	if (bits > 255 || (wheel && side) || mouse->row < 0 || mouse->column < 0)
		return KEY_MEANS_REPORT;
	mouse->pressed = pressed || motion;
	mouse->modifiers = (bits & 4 ? SHIFT : 0) | (bits & 8 ? ALT : 0) | (bits & 16 ? CTRL : 0);
	if (motion) {
		mouse->button = 0;
	} else if ((bits & 3) == 3 && !wheel && !side) {
		mouse->button = parser->pressed;
		mouse->pressed = false;
	} else {
		mouse->button = (int)(bits & 3) + (wheel ? TERM_WHEEL_UP : side ? 8 : 1);
	}
	if (!motion && !wheel)
		parser->pressed = mouse->pressed ? (uint8_t)mouse->button : 0;
	set_code(key, KEY_MOUSE, 0);
	/* The release of a button whose press was not seen. */
	return mouse->button == 0 && !mouse->pressed ? KEY_MEANS_REPORT : KEY_MEANS_MOUSE;
}

/* ---- tokens ---- */

/* CSI 1;5R is a cursor position, or F3 with Ctrl. The screen never asks for the position, so in the first row it is the key. */
static bool is_position(const struct key_sequence *sequence)
{
	return sequence->count > 1 && (sequence->param[0] != 1 || sequence->param[1] < 2 || sequence->param[1] > 8);
}

static enum key_meaning csi_means(struct key_parser *parser, const struct key_sequence *sequence, struct key *key)
{
	unsigned held;

	if (sequence->prefix == '<') {
		if (sequence->count != 3 || (sequence->final != 'M' && sequence->final != 'm'))
			return KEY_MEANS_NOTHING;
		key->mouse.column = sequence->param[1] - 1;
		key->mouse.row = sequence->param[2] - 1;
		return mouse_means(parser, key, sequence->param[0], sequence->final == 'M');
	}
	if (sequence->prefix || sequence->intermediate)
		return KEY_MEANS_ANSWER;
	switch (sequence->final) {
	case '~':
		return tilde_means(sequence, key);
	case 'u':
		return !read_modifiers(sequence, 1, &held) ? KEY_MEANS_NOTHING
		       : spelled_means(key, &(struct spelled){ field(sequence, 0, 0), field(sequence, 0, 1),
		                                               field(sequence, 0, 2), held });
	case 'R':
		return is_position(sequence) ? KEY_MEANS_ANSWER : letter_means(sequence, key);
	case 'n': case 't': case 'x': case 'y':	/* DSR, sizes, DECREPTPARM, DECRPM */
		return KEY_MEANS_ANSWER;
	case 'I': case 'O':
		set_code(key, sequence->final == 'I' ? KEY_FOCUS_IN : KEY_FOCUS_OUT, 0);
		return KEY_MEANS_REPORT;
	case 'M':
		return KEY_MEANS_REPORT;
	case 'a': case 'b': case 'c': case 'd':	/* rxvt */
		return code_means(key, letter_key((unsigned char)(sequence->final - 'a' + 'A')), SHIFT);
	case '^': case '@':
		return code_means(key, number_key(field(sequence, 0, 0)), sequence->final == '^' ? CTRL : CTRL | SHIFT);
	default:
		return letter_means(sequence, key);
	}
}

/* The modifiers of a key, and with them the kind of event, are the second parameter in all forms of kitty's protocol. */
static enum key_meaning event_means(const struct key_sequence *sequence, struct key *key, enum key_meaning meaning)
{
	unsigned event = field(sequence, 1, 1);

	if ((meaning != KEY_MEANS_KEY && meaning != KEY_MEANS_FOREIGN) || sequence->prefix)
		return meaning;
	key->detail.event = event == EVENT_REPEATED ? TERM_REPEATED : event == EVENT_RELEASED ? TERM_RELEASED : 0;
	if (event != EVENT_RELEASED)
		return meaning;
	key->detail.foreign = true;
	return KEY_MEANS_FOREIGN;
}

/* For views the keypad sends what is printed on it, as in a terminal that has no application mode. */
static enum key_meaning ss3_means(const struct key_sequence *sequence, struct key *key)
{
	unsigned char final = sequence->final;
	unsigned held = sequence->param[0] > 0 ? sequence->param[0] - 1u : 0;

	if (held & ~(unsigned)(SHIFT | ALT | CTRL))
		return KEY_MEANS_NOTHING;
	if (final == 'I' || final == ' ') {
		set_character(key, final == 'I' ? '\t' : ' ', held & ALT);
		return KEY_MEANS_KEY;
	}
	if (final == 'M' || final == 'X' || (final >= 'j' && final <= 'y')) {
		uint32_t c = final == 'M' ? '\r' : final == 'X' ? '=' : final & 0x3fu;

		set_character(key, c, held & ALT);
		key->detail = (struct key_detail){ .character = c, .keypad = true };
		return key_with(key, held);
	}
	if (final >= 'a' && final <= 'd')	/* rxvt */
		return code_means(key, letter_key((unsigned char)(final - 'a' + 'A')), CTRL);
	return code_means(key, final == 'Z' ? 0 : letter_key(final), held);
}

/* BS is Backspace for views, but where Backspace is known to send DEL, it is Ctrl-H for a guest. */
static void typed_character(const struct key_parser *parser, const struct key_token *token, struct key *key)
{
	set_character(key, token->character, token->alt);
	if (token->character == '\b' && parser->backspace == 127)
		key->detail = (struct key_detail){ .character = 'h', .held = (uint8_t)(CTRL | (token->alt ? ALT : 0)) };
}

enum key_meaning key_meaning(struct key_parser *parser, const struct key_token *token, struct key *out)
{
	const unsigned char *end;

	*out = (struct key){ .alt = token->alt };
	switch (token->kind) {
	case KEY_TOKEN_CHAR:
		if (token->pasted)
			*out = (struct key){ .code = (wint_t)token->character, .detail.pasted = true };
		else
			typed_character(parser, token, out);
		return KEY_MEANS_KEY;
	case KEY_TOKEN_KNOWN:
		*out = token->known->key;
		out->alt |= token->alt;
		return KEY_MEANS_KEY;
	case KEY_TOKEN_CSI:
		return event_means(&token->sequence, out, csi_means(parser, &token->sequence, out));
	case KEY_TOKEN_SS3:
		return ss3_means(&token->sequence, out);
	case KEY_TOKEN_LINUX:
		return token->sequence.final < 'A' || token->sequence.final > 'E' ? KEY_MEANS_NOTHING
		       : code_means(out, KEY_F(1 + token->sequence.final - 'A'), 0);
	case KEY_TOKEN_X10:
		end = token->bytes + token->len;
		out->mouse.column = end[-2] - 33;
		out->mouse.row = end[-1] - 33;
		return mouse_means(parser, out, end[-3] - 32u, true);
	case KEY_TOKEN_STRING:
		return KEY_MEANS_ANSWER;
	case KEY_TOKEN_BROKEN:
		break;
	}
	return KEY_MEANS_NOTHING;
}

static bool special_key(const struct key *key, enum terminal_key *special)
{
	static const struct { int code; enum terminal_key key; } table[] = {
		{ KEY_UP, TERM_KEY_UP }, { KEY_DOWN, TERM_KEY_DOWN }, { KEY_LEFT, TERM_KEY_LEFT },
		{ KEY_RIGHT, TERM_KEY_RIGHT }, { KEY_HOME, TERM_KEY_HOME }, { KEY_END, TERM_KEY_END },
		{ KEY_IC, TERM_KEY_INSERT }, { KEY_DC, TERM_KEY_DELETE }, { KEY_PPAGE, TERM_KEY_PAGEUP },
		{ KEY_NPAGE, TERM_KEY_PAGEDOWN }, { KEY_BTAB, TERM_KEY_BACKTAB }, { KEY_B2, TERM_KEY_BEGIN },
		{ KEY_BACKSPACE, TERM_KEY_BACKSPACE },
	};

	if (key->code >= KEY_F(1) && key->code <= KEY_F(24)) {
		*special = (enum terminal_key)(TERM_KEY_F1 + (int)key->code - KEY_F(1));
		return true;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (key->code == (wint_t)table[i].code) {
			*special = table[i].key;
			return true;
		}
	}
	return false;
}

size_t key_encode(const struct input_modes *modes, const struct key *key, char out[64])
{
	const struct key_detail *detail = &key->detail;
	int modifiers = (key->alt ? TERM_ALT : 0) | detail->held | detail->event;
	enum terminal_key special;

	if (detail->pasted)
		return utf8_encode((uint32_t)key->code, out);
	if (detail->functional)
		return encode_functional(modes, detail->character, modifiers, out);
	if (detail->keypad && keypad_key(detail->character, &special))
		return encode_key(modes, special, modifiers, out);
	if (detail->character)
		return encode_alternates(modes, detail->character, &detail->alternates, modifiers, out);
	if (!key->is_code)
		return encode_char(modes, (uint32_t)key->code, modifiers, out);
	modifiers |= (key->shift ? TERM_SHIFT : 0) | (key->ctrl ? TERM_CTRL : 0);
	return special_key(key, &special) ? encode_key(modes, special, modifiers, out) : 0;
}
