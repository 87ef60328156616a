/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_mouse.h"

#include "core/base/utf8.h"
#include "core/terminal/terminal_keys.h"

#include <stdio.h>
#include <string.h>

/* What the three-byte forms add to each number, and the largest sum that they can write. */
#define OFFSET 32
#define X10_MAX 255
#define UTF8_MAX 2047

#define MOTION 32
#define NO_BUTTON 3	/* released, or motion with nothing held */

/* Bit 6 is the wheel, bit 7 the buttons at the side; the low bits count within each kind. */
static int code_of(int button)
{
	if (button == 0)
		return NO_BUTTON;
	return button < 4 ? button - 1 : button < 8 ? 64 + button - 4 : 128 + button - 8;
}

static int modifier_bits(int modifiers)
{
	return (modifiers & TERM_SHIFT ? 4 : 0) | (modifiers & TERM_ALT ? 8 : 0) | (modifiers & TERM_CTRL ? 16 : 0);
}

static size_t three_numbers(const int number[3], int most, char out[64])
{
	size_t len = 3;

	for (int i = 0; i < 3; i++) {
		if (number[i] + OFFSET > most)
			return 0;
	}
	memcpy(out, "\033[M", 3);
	for (int i = 0; i < 3; i++) {
		if (most == X10_MAX)
			out[len++] = (char)(number[i] + OFFSET);
		else
			len += utf8_encode((uint32_t)(number[i] + OFFSET), out + len);
	}
	return len;
}

static size_t spell(const struct input_modes *modes, int code, int bits, bool pressed, char out[64])
{
	enum mouse_encoding encoding = modes->mouse_encoding;
	int row = modes->last_row + 1, column = modes->last_column + 1;

	if (encoding == TERM_MOUSE_PIXELS) {
		row = modes->last_row * TERM_CELL_HEIGHT + TERM_CELL_HEIGHT / 2 + 1;
		column = modes->last_column * TERM_CELL_WIDTH + TERM_CELL_WIDTH / 2 + 1;
	}
	if (encoding == TERM_MOUSE_SGR || encoding == TERM_MOUSE_PIXELS)
		return (size_t)snprintf(out, 64, "\033[<%d;%d;%d%c", code + bits, column, row, pressed ? 'M' : 'm');
	code = (pressed ? code : NO_BUTTON) + bits;
	if (encoding == TERM_MOUSE_URXVT)
		return (size_t)snprintf(out, 64, "\033[%d;%d;%dM", code + OFFSET, column, row);
	return three_numbers((const int[]){ code, column, row }, encoding == TERM_MOUSE_UTF8 ? UTF8_MAX : X10_MAX, out);
}

static int lowest_held(const struct input_modes *modes)
{
	for (int button = 1; button <= TERM_BUTTON_LAST; button++) {
		if (modes->held >> button & 1)
			return button;
	}
	return 0;
}

static bool wants_motion(const struct input_modes *modes)
{
	return modes->mouse == TERM_MOUSE_ANY || (modes->mouse == TERM_MOUSE_DRAG && modes->held);
}

/* A wheel has no release; one that tilts has in xterm, but only where the button is in it. */
static bool has_release(const struct input_modes *modes, int button)
{
	if (modes->mouse == TERM_MOUSE_PRESS || button == TERM_WHEEL_UP || button == TERM_WHEEL_DOWN)
		return false;
	return (button != TERM_WHEEL_LEFT && button != TERM_WHEEL_RIGHT) || modes->mouse_encoding == TERM_MOUSE_SGR ||
	       modes->mouse_encoding == TERM_MOUSE_PIXELS;
}

static size_t encode_button(struct input_modes *modes, const struct mouse_event *event, char out[64])
{
	bool wheel = event->button >= TERM_WHEEL_UP && event->button <= TERM_WHEEL_RIGHT;
	int bits = modes->mouse == TERM_MOUSE_PRESS ? 0 : modifier_bits(event->modifiers);

	if (!wheel && event->pressed)
		modes->held |= 1u << event->button;
	else if (!wheel)
		modes->held &= ~(1u << event->button);
	if (modes->mouse == TERM_MOUSE_PRESS && event->button > 3)
		return 0;
	if (!event->pressed && !has_release(modes, event->button))
		return 0;
	return spell(modes, code_of(event->button), bits, event->pressed, out);
}

size_t encode_mouse(struct input_modes *modes, const struct mouse_event *event, char out[64])
{
	bool moved = event->row != modes->last_row || event->column != modes->last_column;

	if (event->button < 0 || event->button > TERM_BUTTON_LAST || event->row < 0 || event->column < 0)
		return 0;
	if (modes->mouse == TERM_MOUSE_NONE)
		return 0;
	modes->last_row = event->row;
	modes->last_column = event->column;
	if (event->button)
		return encode_button(modes, event, out);
	if (!moved || !wants_motion(modes))
		return 0;
	return spell(modes, code_of(lowest_held(modes)), MOTION + modifier_bits(event->modifiers), true, out);
}

size_t encode_focus(const struct input_modes *modes, bool gained, char out[64])
{
	return modes->focus ? (size_t)snprintf(out, 64, "\033[%c", gained ? 'I' : 'O') : 0;
}
