/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_keys.h"

#include "core/base/utf8.h"

#include <stdio.h>
#include <string.h>

void input_mode(struct input_modes *modes, int mode, bool on)
{
	switch (mode) {
	case 1:
		modes->application_cursor = on;
		break;
	case 9: case 1000: case 1002: case 1003:
		modes->mouse = !on ? TERM_MOUSE_NONE : mode == 9 ? TERM_MOUSE_PRESS : mode == 1000 ? TERM_MOUSE_CLICK
		               : mode == 1002 ? TERM_MOUSE_DRAG : TERM_MOUSE_ANY;
		modes->held = 0;
		break;
	case 1006:
		modes->sgr_mouse = on;
		break;
	case 2004:
		modes->bracketed_paste = on;
		break;
	default:
		break;
	}
}

static size_t with_escape(int modifiers, const char *bytes, size_t len, char out[64])
{
	size_t at = 0;

	if (modifiers & TERM_ALT)
		out[at++] = '\033';
	memcpy(out + at, bytes, len);
	return at + len;
}

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
		return 0x7f;
	default:
		return c;
	}
}

size_t encode_char(uint32_t character, int modifiers, char out[64])
{
	char bytes[4];

	if (modifiers & TERM_CTRL)
		character = control_character(character);
	return with_escape(modifiers, bytes, utf8_encode(character, bytes), out);
}

/* How xterm spells a key: CSI number ~, or CSI 1 ; modifiers letter. */
struct spelling {
	unsigned char number;	/* 0: a letter */
	char letter;
	bool ss3;		/* ESC O letter without modifiers: always, or with application cursor keys */
};

static struct spelling spelling(enum terminal_key key)
{
	static const struct spelling table[] = {
		[TERM_KEY_UP] = { 0, 'A', false }, [TERM_KEY_DOWN] = { 0, 'B', false },
		[TERM_KEY_RIGHT] = { 0, 'C', false }, [TERM_KEY_LEFT] = { 0, 'D', false },
		[TERM_KEY_HOME] = { 0, 'H', false }, [TERM_KEY_END] = { 0, 'F', false },
		[TERM_KEY_INSERT] = { 2, 0, false }, [TERM_KEY_DELETE] = { 3, 0, false },
		[TERM_KEY_PAGEUP] = { 5, 0, false }, [TERM_KEY_PAGEDOWN] = { 6, 0, false },
		[TERM_KEY_F1] = { 0, 'P', true }, [TERM_KEY_F1 + 1] = { 0, 'Q', true },
		[TERM_KEY_F1 + 2] = { 0, 'R', true }, [TERM_KEY_F1 + 3] = { 0, 'S', true },
		[TERM_KEY_F1 + 4] = { 15, 0, false }, [TERM_KEY_F1 + 5] = { 17, 0, false },
		[TERM_KEY_F1 + 6] = { 18, 0, false }, [TERM_KEY_F1 + 7] = { 19, 0, false },
		[TERM_KEY_F1 + 8] = { 20, 0, false }, [TERM_KEY_F1 + 9] = { 21, 0, false },
		[TERM_KEY_F1 + 10] = { 23, 0, false }, [TERM_KEY_F12] = { 24, 0, false },
	};

	return table[key];
}

static size_t encode_special(const struct input_modes *modes, struct spelling how, int modifiers, char out[64])
{
	int number = 1 + (modifiers & (TERM_SHIFT | TERM_ALT | TERM_CTRL));

	if (how.number && number > 1)
		return (size_t)snprintf(out, 64, "\033[%d;%d~", how.number, number);
	if (how.number)
		return (size_t)snprintf(out, 64, "\033[%d~", how.number);
	if (number > 1)
		return (size_t)snprintf(out, 64, "\033[1;%d%c", number, how.letter);
	return (size_t)snprintf(out, 64, "\033%c%c", how.ss3 || modes->application_cursor ? 'O' : '[', how.letter);
}

size_t encode_key(const struct input_modes *modes, enum terminal_key key, int modifiers, char out[64])
{
	switch (key) {
	case TERM_KEY_ENTER:
		return with_escape(modifiers, "\r", 1, out);
	case TERM_KEY_ESCAPE:
		return with_escape(modifiers, "\033", 1, out);
	case TERM_KEY_BACKSPACE:
		return with_escape(modifiers, modifiers & TERM_CTRL ? "\b" : "\x7f", 1, out);
	case TERM_KEY_BACKTAB:
		return with_escape(modifiers, "\033[Z", 3, out);
	case TERM_KEY_TAB:
		return modifiers & TERM_SHIFT ? with_escape(modifiers, "\033[Z", 3, out)
		                              : with_escape(modifiers, "\t", 1, out);
	default:
		return encode_special(modes, spelling(key), modifiers, out);
	}
}

/* X10's bytes end at 255; farther out there is nothing to say. */
static size_t spell_mouse(const struct input_modes *modes, int code, bool pressed, char out[64])
{
	int row = modes->last_row + 1, column = modes->last_column + 1;

	if (modes->sgr_mouse)
		return (size_t)snprintf(out, 64, "\033[<%d;%d;%d%c", code, column, row, pressed ? 'M' : 'm');
	if (row > 223 || column > 223)
		return 0;
	if (!pressed)
		code |= 3;
	memcpy(out, "\033[M", 3);
	out[3] = (char)(code + 32);
	out[4] = (char)(column + 32);
	out[5] = (char)(row + 32);
	return 6;
}

static size_t encode_motion(struct input_modes *modes, bool moved, int bits, char out[64])
{
	if (!moved || modes->mouse < TERM_MOUSE_DRAG || (modes->mouse == TERM_MOUSE_DRAG && !modes->held))
		return 0;
	return spell_mouse(modes, 32 + bits + (modes->held ? modes->held - 1 : 3), true, out);
}

size_t encode_mouse(struct input_modes *modes, int row, int column, int button, bool pressed, int modifiers, char out[64])
{
	bool moved = row != modes->last_row || column != modes->last_column, wheel = button > 3;
	int bits = (modifiers & TERM_SHIFT ? 4 : 0) | (modifiers & TERM_ALT ? 8 : 0) | (modifiers & TERM_CTRL ? 16 : 0);

	if (modes->mouse == TERM_MOUSE_NONE || button < 0 || button > 5)
		return 0;
	modes->last_row = row;
	modes->last_column = column;
	if (button == 0)
		return encode_motion(modes, moved, bits, out);
	if (!wheel)
		modes->held = pressed ? button : 0;
	if (!pressed && (wheel || modes->mouse == TERM_MOUSE_PRESS))
		return 0;
	if (modes->mouse == TERM_MOUSE_PRESS)
		bits = 0;
	return spell_mouse(modes, bits + (wheel ? 64 + button - 4 : button - 1), pressed, out);
}
