/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_keys.h"

#include "core/base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { BS = 0x08, TAB = '\t', CR = '\r', ESC = 0x1b, DEL = 0x7f };

#define ALL_MODIFIERS (TERM_SHIFT | TERM_ALT | TERM_CTRL | TERM_SUPER | TERM_HYPER | TERM_META)
#define MENU_NUMBER 57363
#define ONLY_KITTY (TERM_SUPER | TERM_HYPER | TERM_META)
#define EVENTS (TERM_REPEATED | TERM_RELEASED)

uint32_t control_character(uint32_t c)
{
	if (c >= '@' && c <= '_')
		return c & 0x1f;
	if (c >= 'a' && c <= '~')
		return c & 0x1f;
	switch (c) {
	case ' ': case '2':
		return 0;
	case '3': case '4': case '5': case '6': case '7':
		return c - '3' + 0x1b;
	case '/':
		return 0x1f;
	case '8': case '?':
		return DEL;
	default:
		return c;
	}
}

static unsigned kitty_flags(const struct input_modes *modes)
{
	return input_kitty_flags(modes, modes->alternate);
}

static bool is_kitty(const struct input_modes *modes)
{
	return kitty_flags(modes) & (KITTY_DISAMBIGUATE | KITTY_ALL_KEYS);
}

static bool wants(const struct input_modes *modes, unsigned flag)
{
	return is_kitty(modes) && input_kitty_asked(modes, modes->alternate) & flag;
}

/* For other guests a repeated key is one more, and a release is nothing. Returns false for the latter. */
static bool hears(const struct input_modes *modes, int *modifiers)
{
	bool released = *modifiers & TERM_RELEASED;

	if (wants(modes, KITTY_EVENT_TYPES))
		return true;
	*modifiers &= ~EVENTS;
	return !released;
}

static const char *event_suffix(int modifiers)
{
	return modifiers & TERM_RELEASED ? ":3" : modifiers & TERM_REPEATED ? ":2" : "";
}

static size_t with_escape(int modifiers, const char *bytes, size_t len, char out[64])
{
	size_t at = 0;

	if (modifiers & TERM_ALT)
		out[at++] = ESC;
	memcpy(out + at, bytes, len);
	return at + len;
}

static size_t one_byte(int modifiers, char byte, char out[64])
{
	return with_escape(modifiers, &byte, 1, out);
}

/* CSI number : alternates ; modifiers : event ; text u, as short as it can be. alternates: "" or as they are. text: 0 for none. */
static size_t kitty_spelled(const struct input_modes *modes, uint32_t number, const char *alternates, int modifiers,
                            uint32_t text, char out[64])
{
	unsigned held = 1 + (unsigned)(modifiers & ALL_MODIFIERS);
	const char *event = event_suffix(modifiers);
	char middle[16] = "", end[16] = "";

	if (!(kitty_flags(modes) & KITTY_TEXT) || !(kitty_flags(modes) & KITTY_ALL_KEYS))
		text = 0;
	if (held > 1 || *event)
		snprintf(middle, sizeof(middle), ";%u%s", held, event);
	if (text)
		snprintf(end, sizeof(end), "%s;%u", *middle ? "" : ";", (unsigned)text);
	return (size_t)snprintf(out, 64, "\033[%u%s%s%su", (unsigned)number, alternates, middle, end);
}

static size_t kitty_number(const struct input_modes *modes, uint32_t number, int modifiers, uint32_t text, char out[64])
{
	return kitty_spelled(modes, number, "", modifiers, text, out);
}

/* modifyOtherKeys, in the format that the guest has chosen. */
static size_t other_key(const struct input_modes *modes, uint32_t code, int modifiers, char out[64])
{
	int held = 1 + (modifiers & ~ONLY_KITTY);

	if (modes->other_keys_format)
		return (size_t)snprintf(out, 64, "\033[%u;%du", (unsigned)code, held);
	return (size_t)snprintf(out, 64, "\033[27;%d;%u~", held, (unsigned)code);
}

/* ---- keys that are characters ---- */

/* True if Ctrl makes a control byte of it: such keys keep their old bytes at level 1. */
static bool has_control(uint32_t c)
{
	return control_character(c) != c;
}

/*
 * Level 1 leaves alone what has well-known bytes: Shift with a character, Alt as ESC, Ctrl where it makes a control
 * byte. At level 2 Ctrl and Alt always count. xterm then spells out Shift with a letter, too; the character says as much.
 */
static bool is_other_character(const struct input_modes *modes, uint32_t c, int modifiers)
{
	switch (modes->other_keys) {
	case 0:
		return false;
	case 1:
		return (modifiers & TERM_CTRL) && !has_control(c);
	case 2:
		return (modifiers & (TERM_CTRL | TERM_ALT)) || (c == ' ' && modifiers & TERM_SHIFT);
	default:
		return true;
	}
}

/* ":shifted:latin", without what is missing or says nothing. */
static void write_alternates(const struct key_alternates *alternates, int modifiers, char out[32])
{
	bool shifted = modifiers & TERM_SHIFT && alternates->shifted && alternates->shifted != alternates->base;
	bool latin = alternates->latin && alternates->latin != alternates->base;
	int len = 0;

	out[0] = '\0';
	if (shifted)
		len = snprintf(out, 32, ":%u", (unsigned)alternates->shifted);
	if (latin)
		snprintf(out + len, 32 - (size_t)len, "%s:%u", shifted ? "" : ":", (unsigned)alternates->latin);
}

static size_t kitty_character(const struct input_modes *modes, uint32_t c, const struct key_alternates *alternates,
                              int modifiers, char out[64])
{
	bool all = kitty_flags(modes) & KITTY_ALL_KEYS, is_text = !(modifiers & ~(TERM_SHIFT | TERM_REPEATED));
	uint32_t text = is_text ? c : 0;
	char spelled[32] = "";

	if (!all && is_text) {
		char bytes[4];

		return with_escape(0, bytes, utf8_encode(c, bytes), out);
	}
	/* The number is the key's, without Shift; where it is not reported, the keyboard's layout would have to be known. */
	if (alternates->base && wants(modes, KITTY_ALTERNATES)) {
		c = alternates->base;
		write_alternates(alternates, modifiers, spelled);
	} else if (c >= 'A' && c <= 'Z') {
		c += 'a' - 'A';
		modifiers |= TERM_SHIFT;
	}
	return kitty_spelled(modes, c, spelled, modifiers, text, out);
}

/* Enter, Tab, Esc and Backspace arrive as bytes, too; other control bytes are Ctrl with a character. */
static bool is_key(uint32_t c, enum terminal_key *key)
{
	switch (c) {
	case CR: *key = TERM_KEY_ENTER; return true;
	case TAB: *key = TERM_KEY_TAB; return true;
	case ESC: *key = TERM_KEY_ESCAPE; return true;
	case DEL: *key = TERM_KEY_BACKSPACE; return true;
	default: return false;
	}
}

size_t encode_char(const struct input_modes *modes, uint32_t character, int modifiers, char out[64])
{
	return encode_alternates(modes, character, &(struct key_alternates){ 0 }, modifiers, out);
}

size_t encode_alternates(const struct input_modes *modes, uint32_t character, const struct key_alternates *alternates,
                         int modifiers, char out[64])
{
	enum terminal_key key;
	char bytes[4];

	if (!hears(modes, &modifiers))
		return 0;
	if (is_key(character, &key))
		return encode_key(modes, key, modifiers, out);
	if (character < ' ') {
		character += character >= 1 && character <= 26 ? 'a' - 1 : '@';
		modifiers |= TERM_CTRL;
		if (character == '@')
			character = ' ';
	}
	if (is_kitty(modes))
		return kitty_character(modes, character, alternates, modifiers, out);
	if (modifiers & ONLY_KITTY)
		return 0;
	if (is_other_character(modes, character, modifiers))
		return other_key(modes, character, modifiers, out);
	if (modifiers & TERM_CTRL)
		character = control_character(character);
	return with_escape(modifiers, bytes, utf8_encode(character, bytes), out);
}

size_t encode_functional(const struct input_modes *modes, uint32_t number, int modifiers, char out[64])
{
	if (!hears(modes, &modifiers))
		return 0;
	if (number == MENU_NUMBER)
		return encode_key(modes, TERM_KEY_MENU, modifiers, out);
	return is_kitty(modes) ? kitty_number(modes, number, modifiers, 0, out) : 0;
}

/* ---- Enter, Tab, Esc and Backspace ---- */

/* Level 1 spells out Enter and Tab with Shift or Ctrl; level 2 every modifier, but not Ctrl-Backspace, which is a byte. */
static bool is_other_key(const struct input_modes *modes, enum terminal_key key, int modifiers)
{
	if (modes->other_keys == 3)
		return true;
	if (modes->other_keys == 2)
		return key == TERM_KEY_BACKSPACE ? modifiers & ~TERM_CTRL : modifiers != 0;
	if (modes->other_keys == 0 || key == TERM_KEY_ESCAPE || key == TERM_KEY_BACKSPACE)
		return false;
	/* Shift-Tab has its own sequence. */
	return key == TERM_KEY_TAB ? modifiers & TERM_CTRL : modifiers & (TERM_CTRL | TERM_SHIFT);
}

static size_t encode_control_key(const struct input_modes *modes, enum terminal_key key, int modifiers, char out[64])
{
	static const char bytes[] = {
		[TERM_KEY_ENTER] = CR, [TERM_KEY_TAB] = TAB, [TERM_KEY_ESCAPE] = ESC, [TERM_KEY_BACKSPACE] = DEL,
	};
	char byte = bytes[key];

	/* So that a shell can be used behind a program that has asked for releases and crashed. */
	if (modifiers & TERM_RELEASED && key != TERM_KEY_ESCAPE && !(kitty_flags(modes) & KITTY_ALL_KEYS))
		return 0;
	if (is_kitty(modes) && (modifiers & ALL_MODIFIERS || kitty_flags(modes) & KITTY_ALL_KEYS || key == TERM_KEY_ESCAPE))
		return kitty_number(modes, (unsigned char)byte, modifiers, 0, out);
	if (is_kitty(modes))
		return one_byte(0, byte, out);
	if (modifiers & ONLY_KITTY)
		return 0;
	if (key == TERM_KEY_BACKSPACE && modes->backarrow != !!(modifiers & TERM_CTRL))
		byte = BS;
	if (is_other_key(modes, key, modifiers))
		return other_key(modes, (unsigned char)byte, modifiers, out);
	if (key == TERM_KEY_TAB && modifiers & TERM_SHIFT)
		return with_escape(modifiers, "\033[Z", 3, out);
	return one_byte(modifiers, byte, out);
}

/* ---- the keypad ---- */

/* In the order of enum terminal_key from TERM_KEY_KP_0 on: what is printed on the keys, and what application mode sends. */
static const char keypad_text[] = "0123456789./*-+\r=,";
static const char keypad_final[] = "pqrstuvwxynojmkMXl";
#define KEYPAD_KITTY 57399u

bool keypad_key(uint32_t character, enum terminal_key *out)
{
	const char *at = character && character < DEL ? strchr(keypad_text, (int)character) : NULL;

	if (at)
		*out = (enum terminal_key)(TERM_KEY_KP_0 + (at - keypad_text));
	return at != NULL;
}

static size_t encode_keypad(const struct input_modes *modes, enum terminal_key key, int modifiers, char out[64])
{
	unsigned at = (unsigned)(key - TERM_KEY_KP_0);
	char text = keypad_text[at];
	bool is_text = text != CR && !(modifiers & ~(TERM_SHIFT | TERM_REPEATED));

	if (is_kitty(modes) && (!is_text || kitty_flags(modes) & KITTY_ALL_KEYS))
		return kitty_number(modes, KEYPAD_KITTY + at, modifiers, is_text ? (unsigned char)text : 0, out);
	if (!is_kitty(modes) && modifiers & ONLY_KITTY)
		return 0;
	if (!modes->application_keypad || is_kitty(modes))
		return one_byte(modifiers, text, out);
	if (modifiers)
		return (size_t)snprintf(out, 64, "\033O%d%c", 1 + modifiers, keypad_final[at]);
	return (size_t)snprintf(out, 64, "\033O%c", keypad_final[at]);
}

/* ---- function keys ---- */

/* How xterm spells a key: CSI number ~, or CSI 1 ; modifiers letter. */
struct spelling {
	unsigned char number;	/* 0: a letter */
	char letter;
	bool ss3;		/* ESC O letter without modifiers: always, or with application cursor keys */
	unsigned short kitty;	/* its number in CSI number u; 0: spelled as in xterm */
};

static struct spelling spelling(enum terminal_key key)
{
	static const struct spelling table[] = {
		[TERM_KEY_UP] = { .letter = 'A' }, [TERM_KEY_DOWN] = { .letter = 'B' },
		[TERM_KEY_RIGHT] = { .letter = 'C' }, [TERM_KEY_LEFT] = { .letter = 'D' },
		[TERM_KEY_BEGIN] = { .letter = 'E' },
		[TERM_KEY_HOME] = { .letter = 'H' }, [TERM_KEY_END] = { .letter = 'F' },
		[TERM_KEY_INSERT] = { .number = 2 }, [TERM_KEY_DELETE] = { .number = 3 },
		[TERM_KEY_PAGEUP] = { .number = 5 }, [TERM_KEY_PAGEDOWN] = { .number = 6 },
		[TERM_KEY_F1] = { .letter = 'P', .ss3 = true }, [TERM_KEY_F1 + 1] = { .letter = 'Q', .ss3 = true },
		[TERM_KEY_F1 + 2] = { .letter = 'R', .ss3 = true }, [TERM_KEY_F1 + 3] = { .letter = 'S', .ss3 = true },
		[TERM_KEY_F1 + 4] = { .number = 15 }, [TERM_KEY_F1 + 5] = { .number = 17 },
		[TERM_KEY_F1 + 6] = { .number = 18 }, [TERM_KEY_F1 + 7] = { .number = 19 },
		[TERM_KEY_F1 + 8] = { .number = 20 }, [TERM_KEY_F1 + 9] = { .number = 21 },
		[TERM_KEY_F1 + 10] = { .number = 23 }, [TERM_KEY_F12] = { .number = 24 },
		[TERM_KEY_F12 + 1] = { .number = 25, .kitty = 57376 }, [TERM_KEY_F12 + 2] = { .number = 26, .kitty = 57377 },
		[TERM_KEY_F12 + 3] = { .number = 28, .kitty = 57378 }, [TERM_KEY_F12 + 4] = { .number = 29, .kitty = 57379 },
		[TERM_KEY_F12 + 5] = { .number = 31, .kitty = 57380 }, [TERM_KEY_F12 + 6] = { .number = 32, .kitty = 57381 },
		[TERM_KEY_F12 + 7] = { .number = 33, .kitty = 57382 }, [TERM_KEY_F12 + 8] = { .number = 34, .kitty = 57383 },
		[TERM_KEY_F12 + 9] = { .number = 42, .kitty = 57384 }, [TERM_KEY_F12 + 10] = { .number = 43, .kitty = 57385 },
		[TERM_KEY_F12 + 11] = { .number = 44, .kitty = 57386 }, [TERM_KEY_F24] = { .number = 45, .kitty = 57387 },
		[TERM_KEY_MENU] = { .number = 29, .kitty = MENU_NUMBER },
	};

	return table[key];
}

static size_t encode_special(const struct input_modes *modes, struct spelling how, int modifiers, char out[64])
{
	bool kitty = is_kitty(modes);
	int held = 1 + (modifiers & ALL_MODIFIERS);
	const char *event = event_suffix(modifiers);

	if (kitty && how.kitty)
		return kitty_number(modes, how.kitty, modifiers, 0, out);
	/* CSI R could be a report of the cursor's position. */
	if (kitty && how.letter == 'R')
		how = (struct spelling){ .number = 13 };
	if (how.number && (held > 1 || *event))
		return (size_t)snprintf(out, 64, "\033[%d;%d%s~", how.number, held, event);
	if (how.number)
		return (size_t)snprintf(out, 64, "\033[%d~", how.number);
	if (held > 1 || *event)
		return (size_t)snprintf(out, 64, "\033[1;%d%s%c", held, event, how.letter);
	return (size_t)snprintf(out, 64, "\033%c%c", !kitty && (how.ss3 || modes->application_cursor) ? 'O' : '[', how.letter);
}

size_t encode_key(const struct input_modes *modes, enum terminal_key key, int modifiers, char out[64])
{
	if (!hears(modes, &modifiers))
		return 0;
	switch (key) {
	case TERM_KEY_ENTER: case TERM_KEY_TAB: case TERM_KEY_ESCAPE: case TERM_KEY_BACKSPACE:
		return encode_control_key(modes, key, modifiers, out);
	case TERM_KEY_BACKTAB:
		return encode_control_key(modes, TERM_KEY_TAB, modifiers | TERM_SHIFT, out);
	default:
		break;
	}
	if (key >= TERM_KEY_KP_0 && key <= TERM_KEY_LAST)
		return encode_keypad(modes, key, modifiers, out);
	return encode_special(modes, spelling(key), modifiers, out);
}
