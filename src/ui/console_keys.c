/* SPDX-License-Identifier: MIT */
#include "ui/console.h"
#include "ui/terminal.h"

#include <string.h>

struct special {
	wint_t code;
	enum terminal_key key;
	int modifiers;
};

static const struct special specials[] = {
	{ KEY_UP, TERM_KEY_UP, 0 }, { KEY_DOWN, TERM_KEY_DOWN, 0 },
	{ KEY_LEFT, TERM_KEY_LEFT, 0 }, { KEY_RIGHT, TERM_KEY_RIGHT, 0 },
	{ KEY_SR, TERM_KEY_UP, TERM_SHIFT }, { KEY_SF, TERM_KEY_DOWN, TERM_SHIFT },
	{ KEY_SLEFT, TERM_KEY_LEFT, TERM_SHIFT }, { KEY_SRIGHT, TERM_KEY_RIGHT, TERM_SHIFT },
	{ KEY_HOME, TERM_KEY_HOME, 0 }, { KEY_SHOME, TERM_KEY_HOME, TERM_SHIFT },
	{ KEY_END, TERM_KEY_END, 0 }, { KEY_SEND, TERM_KEY_END, TERM_SHIFT },
	{ KEY_LL, TERM_KEY_END, 0 }, { KEY_FIND, TERM_KEY_HOME, 0 }, { KEY_SELECT, TERM_KEY_END, 0 },
	{ KEY_A1, TERM_KEY_HOME, 0 }, { KEY_C1, TERM_KEY_END, 0 },
	{ KEY_A3, TERM_KEY_PAGEUP, 0 }, { KEY_C3, TERM_KEY_PAGEDOWN, 0 },
	{ KEY_IC, TERM_KEY_INSERT, 0 }, { KEY_SIC, TERM_KEY_INSERT, TERM_SHIFT },
	{ KEY_DC, TERM_KEY_DELETE, 0 }, { KEY_SDC, TERM_KEY_DELETE, TERM_SHIFT },
	{ KEY_PPAGE, TERM_KEY_PAGEUP, 0 }, { KEY_SPREVIOUS, TERM_KEY_PAGEUP, TERM_SHIFT },
	{ KEY_NPAGE, TERM_KEY_PAGEDOWN, 0 }, { KEY_SNEXT, TERM_KEY_PAGEDOWN, TERM_SHIFT },
	{ KEY_BTAB, TERM_KEY_BACKTAB, 0 }, { KEY_BACKSPACE, TERM_KEY_BACKSPACE, 0 },
	{ KEY_ENTER, TERM_KEY_ENTER, 0 },
};

/* F13 and up are F1.. with Shift, Ctrl, Ctrl and Shift, Alt, Alt and Shift: that is how terminfo numbers them. */
static bool function_key(wint_t code, struct special *out)
{
	static const int modifiers[] = {
		0, TERM_SHIFT, TERM_CTRL, TERM_CTRL | TERM_SHIFT, TERM_ALT, TERM_ALT | TERM_SHIFT,
	};
	int number = (int)code - KEY_F(1);

	if (number < 0 || number > 62)
		return false;
	out->key = (enum terminal_key)(TERM_KEY_F1 + number % 12);
	out->modifiers = modifiers[number / 12];
	return true;
}

/*
 * Keys with modifiers have no number of their own in ncurses, only a name of
 * terminfo's: kUP5 is Ctrl-Up, as in xterm's own sequence.
 */
static bool named_key(wint_t code, struct special *out)
{
	static const struct { const char *name; enum terminal_key key; } names[] = {
		{ "kUP", TERM_KEY_UP }, { "kDN", TERM_KEY_DOWN }, { "kLFT", TERM_KEY_LEFT }, { "kRIT", TERM_KEY_RIGHT },
		{ "kHOM", TERM_KEY_HOME }, { "kEND", TERM_KEY_END }, { "kIC", TERM_KEY_INSERT }, { "kDC", TERM_KEY_DELETE },
		{ "kPRV", TERM_KEY_PAGEUP }, { "kNXT", TERM_KEY_PAGEDOWN },
	};
	const char *name = code > KEY_MAX ? keyname((int)code) : NULL;

	for (size_t i = 0; name && i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i].name);
		const char *number = name + len;

		if (strncmp(name, names[i].name, len) != 0 || (*number && (*number < '2' || *number > '8' || number[1])))
			continue;
		out->key = names[i].key;
		out->modifiers = *number ? *number - '1' : TERM_SHIFT;
		return true;
	}
	return false;
}

static bool find_special(wint_t code, struct special *out)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		if (specials[i].code == code) {
			*out = specials[i];
			return true;
		}
	}
	return function_key(code, out) || named_key(code, out);
}

size_t console_encode(struct terminal *term, const struct key *key, char out[64])
{
	int alt = key->alt ? TERM_ALT : 0;
	struct special special;

	if (key->is_code && key->code == KEY_PASTE_BEGIN)
		return terminal_paste_begin(term, out);
	if (key->is_code && key->code == KEY_PASTE_END)
		return terminal_paste_end(term, out);
	if (!key->is_code)
		return terminal_char(term, (uint32_t)key->code, alt, out);
	if (!find_special(key->code, &special))
		return 0;
	return terminal_key(term, special.key, special.modifiers | alt, out);
}

int console_button(mmask_t state, bool *pressed)
{
	static const struct { mmask_t press, release; int button; } buttons[] = {
		{ BUTTON1_PRESSED, BUTTON1_RELEASED, 1 }, { BUTTON2_PRESSED, BUTTON2_RELEASED, 2 },
		{ BUTTON3_PRESSED, BUTTON3_RELEASED, 3 }, { BUTTON4_PRESSED, BUTTON4_RELEASED, 4 },
		{ BUTTON5_PRESSED, BUTTON5_RELEASED, 5 },
	};

	for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
		*pressed = state & buttons[i].press;
		if (state & (buttons[i].press | buttons[i].release))
			return buttons[i].button;
	}
	*pressed = true;
	return 0;
}
