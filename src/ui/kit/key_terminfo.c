/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_terminfo.h"

#include "core/base/alloc.h"
#include "ui/kit/key_meaning.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#define FUNCTION_KEYS 63
#define MODIFIED_FIRST 3	/* kUP3 is Alt-Up: the digit is the one in xterm's sequence */
#define MODIFIED_LAST 8

struct named {
	const char *name;
	int code;
	bool shift;
};

static const struct named plain[] = {
	{ "kcuu1", KEY_UP, false }, { "kcud1", KEY_DOWN, false }, { "kcub1", KEY_LEFT, false }, { "kcuf1", KEY_RIGHT, false },
	{ "khome", KEY_HOME, false }, { "kend", KEY_END, false }, { "kll", KEY_END, false }, { "kfnd", KEY_HOME, false },
	{ "kslt", KEY_END, false }, { "kich1", KEY_IC, false }, { "kdch1", KEY_DC, false }, { "kpp", KEY_PPAGE, false },
	{ "knp", KEY_NPAGE, false }, { "kcbt", KEY_BTAB, false }, { "kbs", KEY_BACKSPACE, false }, { "kb2", KEY_B2, false }, { "kri", KEY_UP, true },
	{ "kind", KEY_DOWN, true },
};

/* The names with Shift; for other modifiers a digit is added. */
static const struct named modified[] = {
	{ "kUP", KEY_UP, true }, { "kDN", KEY_DOWN, true }, { "kLFT", KEY_LEFT, true }, { "kRIT", KEY_RIGHT, true },
	{ "kHOM", KEY_HOME, true }, { "kEND", KEY_END, true }, { "kIC", KEY_IC, true }, { "kDC", KEY_DC, true },
	{ "kPRV", KEY_PPAGE, true }, { "kNXT", KEY_NPAGE, true },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MOST (COUNT(plain) + COUNT(modified) * (MODIFIED_LAST - MODIFIED_FIRST + 2) + FUNCTION_KEYS + 1)

struct list {
	struct key_known *known;
	size_t count;
};

/* vt100 has names like kf5 for keys of the keypad, which a guest can tell apart from function keys. */
static bool names_keypad(const char *bytes)
{
	return strlen(bytes) == 3 && strncmp(bytes, "\033O", 2) == 0 && strchr("MXjklmnopqrstuvwxy", bytes[2]);
}

/*
 * A sequence that begins with a character would make every such character wait, and a lone ESC is Esc or the beginning
 * of a sequence. A single byte may be a key of an old terminal, unless it is Backspace, Tab or Enter.
 */
static bool is_usable(const char *bytes)
{
	unsigned char first = (unsigned char)bytes[0];

	if (first == 0 || (first >= 0x20 && first != 0x7f))
		return false;
	if (!bytes[1])
		return !strchr("\033\r\n\t\b\x7f", first);
	return strcmp(bytes, "\033[") != 0 && strcmp(bytes, "\033O") != 0 && !names_keypad(bytes);
}

static void add(struct list *list, const char *name, struct key key)
{
	const char *bytes = tigetstr(name);
	struct key_known *known = &list->known[list->count];

	if (!bytes || bytes == (const char *)-1 || strlen(bytes) >= sizeof(known->bytes) || !is_usable(bytes))
		return;
	snprintf(known->bytes, sizeof(known->bytes), "%s", bytes);
	known->key = key;
	list->count++;
}

struct key_known *key_terminfo(size_t *count)
{
	struct list list = { mem_alloc(MOST * sizeof(*list.known)), 0 };
	char name[16];

	for (size_t i = 0; i < COUNT(plain); i++)
		add(&list, plain[i].name, (struct key){ .code = (wint_t)plain[i].code, .is_code = true, .shift = plain[i].shift });
	for (size_t i = 0; i < COUNT(modified); i++) {
		struct key key = { .code = (wint_t)modified[i].code, .is_code = true, .shift = true };

		add(&list, modified[i].name, key);
		for (unsigned digit = MODIFIED_FIRST; digit <= MODIFIED_LAST; digit++) {
			unsigned held = digit - 1;

			key.shift = held & 1;
			key.alt = held >> 1 & 1;
			key.ctrl = held >> 2 & 1;
			snprintf(name, sizeof(name), "%s%u", modified[i].name, digit);
			add(&list, name, key);
		}
	}
	for (int number = 1; number <= FUNCTION_KEYS; number++) {
		snprintf(name, sizeof(name), "kf%d", number);
		add(&list, name, key_function(number));
	}
	add(&list, "kent", (struct key){ .code = '\r', .detail = { .character = '\r', .keypad = true } });
	*count = list.count;
	return list.known;
}

unsigned char key_terminfo_backspace(void)
{
	const char *bytes = tigetstr("kbs");

	if (!bytes || bytes == (const char *)-1 || bytes[0] == '\0' || bytes[1] != '\0')
		return 0;
	return bytes[0] == '\b' || bytes[0] == 127 ? (unsigned char)bytes[0] : 0;
}

bool key_terminfo_exists(const char *term)
{
	TERMINAL *before = cur_term;
	int found;

	if (setupterm(term, STDOUT_FILENO, &found) != OK)
		return false;
	del_curterm(set_curterm(before));
	return true;
}
