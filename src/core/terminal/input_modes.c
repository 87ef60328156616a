/* SPDX-License-Identifier: MIT */
#include "core/terminal/input_modes.h"

#include <stddef.h>
#include <string.h>

#define OTHER_KEYS_MAX 3

static enum mouse_mode tracking_of(int mode)
{
	switch (mode) {
	case 9: return TERM_MOUSE_PRESS;
	case 1000: return TERM_MOUSE_CLICK;
	case 1002: return TERM_MOUSE_DRAG;
	case 1003: return TERM_MOUSE_ANY;
	default: return TERM_MOUSE_NONE;
	}
}

static enum mouse_encoding encoding_of(int mode)
{
	switch (mode) {
	case 1005: return TERM_MOUSE_UTF8;
	case 1006: return TERM_MOUSE_SGR;
	case 1015: return TERM_MOUSE_URXVT;
	case 1016: return TERM_MOUSE_PIXELS;
	default: return TERM_MOUSE_X10;
	}
}

/* The modes that are one bit each; NULL for others. */
static bool *bit_of(struct input_modes *modes, int mode)
{
	switch (mode) {
	case 1: return &modes->application_cursor;
	case 47: case 1047: case 1049: return &modes->alternate;
	case 66: return &modes->application_keypad;
	case 67: return &modes->backarrow;
	case 1004: return &modes->focus;
	case 1007: return &modes->alternate_scroll;
	case 2004: return &modes->bracketed_paste;
	default: return NULL;
	}
}

void input_mode(struct input_modes *modes, int mode, bool on)
{
	bool *bit = bit_of(modes, mode);

	if (bit) {
		*bit = on;
	} else if (tracking_of(mode)) {
		modes->mouse = on ? tracking_of(mode) : TERM_MOUSE_NONE;
		modes->held = 0;
	} else if (encoding_of(mode)) {
		if (on)
			modes->mouse_encoding = encoding_of(mode);
		else if (modes->mouse_encoding == encoding_of(mode))
			modes->mouse_encoding = TERM_MOUSE_X10;
	}
}

enum input_mode_state input_mode_get(const struct input_modes *modes, int mode)
{
	struct input_modes copy = *modes;
	const bool *bit = bit_of(&copy, mode);
	bool on;

	if (bit)
		on = *bit;
	else if (tracking_of(mode))
		on = modes->mouse == tracking_of(mode);
	else if (encoding_of(mode))
		on = modes->mouse_encoding == encoding_of(mode);
	else
		return INPUT_MODE_UNKNOWN;
	return on ? INPUT_MODE_SET : INPUT_MODE_RESET;
}

void input_other_keys(struct input_modes *modes, int value)
{
	if (value >= 0 && value <= OTHER_KEYS_MAX)
		modes->other_keys = (uint8_t)value;
}

void input_other_keys_format(struct input_modes *modes, int value)
{
	if (value == 0 || value == 1)
		modes->other_keys_format = (uint8_t)value;
}

#define KITTY_KNOWN 31u

void input_kitty_push(struct input_modes *modes, bool alternate, unsigned flags)
{
	struct kitty_stack *stack = &modes->kitty[alternate];

	if (stack->top + 1 < KITTY_STACK)
		stack->top++;
	else
		memmove(stack->flags, stack->flags + 1, sizeof(stack->flags) - sizeof(stack->flags[0]));
	stack->flags[stack->top] = (uint8_t)(flags & KITTY_KNOWN);
}

void input_kitty_pop(struct input_modes *modes, bool alternate, unsigned count)
{
	struct kitty_stack *stack = &modes->kitty[alternate];

	if (count == 0)
		count = 1;
	if (count > stack->top)
		*stack = (struct kitty_stack){ 0 };
	else
		stack->top = (uint8_t)(stack->top - count);
}

void input_kitty_set(struct input_modes *modes, bool alternate, unsigned flags, unsigned how)
{
	struct kitty_stack *stack = &modes->kitty[alternate];
	uint8_t *now = &stack->flags[stack->top];

	flags &= KITTY_KNOWN;
	if (how <= 1)
		*now = (uint8_t)flags;
	else if (how == 2)
		*now = (uint8_t)(*now | flags);
	else if (how == 3)
		*now = (uint8_t)(*now & ~flags);
}

unsigned input_kitty_asked(const struct input_modes *modes, bool alternate)
{
	const struct kitty_stack *stack = &modes->kitty[alternate];

	return stack->flags[stack->top];
}

unsigned input_kitty_flags(const struct input_modes *modes, bool alternate)
{
	return input_kitty_asked(modes, alternate) & KITTY_HONOURED;
}

void input_reset(struct input_modes *modes)
{
	*modes = (struct input_modes){ 0 };
}

void input_soft_reset(struct input_modes *modes)
{
	modes->application_cursor = false;
	modes->application_keypad = false;
	modes->other_keys = 0;
	modes->other_keys_format = 0;
	memset(modes->kitty, 0, sizeof(modes->kitty));
}
