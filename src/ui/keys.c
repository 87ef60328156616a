/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include "ui/view.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#define ESCAPE 27

struct named_key {
	const char *name;
	wint_t code;
	bool is_code;
};

static const struct named_key named[] = {
	{ "Space", ' ', false },
	{ "Enter", '\r', false },
	{ "Tab", '\t', false },
	{ "S-Tab", KEY_BTAB, true },
	{ "Esc", ESCAPE, false },
	{ "Backspace", KEY_BACKSPACE, true },
	{ "Up", KEY_UP, true },
	{ "Down", KEY_DOWN, true },
	{ "Left", KEY_LEFT, true },
	{ "Right", KEY_RIGHT, true },
	{ "Home", KEY_HOME, true },
	{ "End", KEY_END, true },
	{ "PgUp", KEY_PPAGE, true },
	{ "PgDn", KEY_NPAGE, true },
	{ "Ins", KEY_IC, true },
	{ "Del", KEY_DC, true },
};
#define NAMED (sizeof(named) / sizeof(named[0]))

static size_t word_length(const char *text)
{
	return strcspn(text, " ");
}

static bool parse_function_key(const char *name, size_t len, struct key *out)
{
	if (len < 2 || len > 3 || name[0] != 'F')
		return false;

	char *end;
	long number = strtol(name + 1, &end, 10);

	if (end != name + len || number < 1 || number > 12)
		return false;
	out->code = (wint_t)(KEY_F0 + number);
	out->is_code = true;
	return true;
}

static bool parse_character(const char *name, size_t len, struct key *out)
{
	wchar_t c;
	mbstate_t state = { 0 };

	if (mbrtowc(&c, name, len, &state) != len)
		return false;
	out->code = (wint_t)c;
	return true;
}

static bool parse_control(const char *name, size_t len, struct key *out)
{
	if (len != 3 || strncmp(name, "C-", 2) != 0)
		return false;

	char c = name[2];

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c < '@' || c > '_')
		return false;
	out->code = (wint_t)(c - '@');
	return true;
}

bool key_parse(const char *name, struct key *out)
{
	size_t len = word_length(name);

	*out = (struct key){ 0 };
	if (len > 2 && strncmp(name, "A-", 2) == 0) {
		out->alt = true;
		name += 2;
		len -= 2;
	}
	for (size_t i = 0; i < NAMED; i++) {
		if (strlen(named[i].name) == len && strncmp(name, named[i].name, len) == 0) {
			out->code = named[i].code;
			out->is_code = named[i].is_code;
			return true;
		}
	}
	return parse_function_key(name, len, out) || parse_control(name, len, out) ||
	       parse_character(name, len, out);
}

static void plain_name(const struct key *key, char *buf, size_t size)
{
	for (size_t i = 0; i < NAMED; i++) {
		if (named[i].code == key->code && named[i].is_code == key->is_code) {
			snprintf(buf, size, "%s", named[i].name);
			return;
		}
	}
	if (key->is_code && key->code > KEY_F0 && key->code <= KEY_F(12))
		snprintf(buf, size, "F%d", (int)(key->code - KEY_F0));
	else if (key->is_code)
		snprintf(buf, size, "key %u", (unsigned)key->code);
	else if (key->code < ' ')
		snprintf(buf, size, "C-%c", key->code >= 1 && key->code <= 26 ?
		         (int)key->code + 'a' - 1 : (int)key->code + '@');
	else
		snprintf(buf, size, "%lc", key->code);
}

const char *key_text(const struct key *key, char *buf, size_t size)
{
	char plain[32];

	plain_name(key, plain, sizeof(plain));
	snprintf(buf, size, "%s%s", key->alt ? "A-" : "", plain);
	return buf;
}

bool key_equal(const struct key *a, const struct key *b)
{
	return a->code == b->code && a->is_code == b->is_code && a->alt == b->alt;
}

bool key_is(const struct key *key, const char *names)
{
	for (const char *at = names; *at != '\0'; ) {
		struct key one;

		if (key_parse(at, &one) && key_equal(&one, key))
			return true;
		at += word_length(at);
		while (*at == ' ')
			at++;
	}
	return false;
}

const struct keybinding *key_lookup(const struct keybinding *table, const struct key *key)
{
	for (; table != NULL && table->run != NULL; table++)
		if (key_is(key, table->key))
			return table;
	return NULL;
}

bool key_is_text(const struct key *key)
{
	return !key->is_code && !key->alt && key->code >= ' ' && key->code != 127 && iswprint(key->code);
}

/* Terminals disagree about Backspace and the key pad; views see one name each. */
static void normalise(struct key *key)
{
	if (!key->is_code && (key->code == 127 || key->code == '\b')) {
		key->is_code = true;
		key->code = KEY_BACKSPACE;
	}
	if (key->is_code && key->code == KEY_ENTER) {
		key->is_code = false;
		key->code = '\r';
	}
}

/* How many bytes a character of UTF-8 has that begins so; 1: it is no beginning, or ASCII. */
static int utf8_length(int lead)
{
	return lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/*
 * The rest of a character. What is none is taken byte by byte, as Latin-1: then this is the lead byte. false: more is
 * to come; ncurses keeps what is there.
 */
static bool read_rest(WINDOW *input, int lead, wint_t *code)
{
	int length = utf8_length(lead), bytes[4] = { lead };
	wint_t c = (wint_t)(lead & (0x7f >> length));

	*code = (wint_t)lead;
	for (int i = 1; i < length; i++) {
		int next = wgetch(input);

		bytes[i] = next;
		if (next >= 0x80 && next < 0xc0) {
			c = c << 6 | (wint_t)(next & 0x3f);
			continue;
		}
		if (next != ERR)
			ungetch(next);
		while (--i > 0)
			ungetch(bytes[i]);
		if (next == ERR)
			ungetch(lead);
		return next != ERR;
	}
	static const wint_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (length > 1)
		*code = c < least[length] || c > 0x10ffff ? 0xfffd : c;
	return true;
}

/*
 * Not wget_wch: that goes by the locale, and of what is no character in it (all of UTF-8 under LC_ALL=C) it swallows
 * this byte and those that follow.
 */
static bool read_one(WINDOW *input, struct key *key)
{
	int byte = wgetch(input);

	if (byte == ERR)
		return false;
	*key = (struct key){ .code = (wint_t)byte, .is_code = byte > 0xff };
	return key->is_code || read_rest(input, byte, &key->code);
}

bool key_read(WINDOW *input, struct key *key)
{
	if (!read_one(input, key))
		return false;
	/* ncurses has waited ESCDELAY already: what is there now came with the ESC. */
	if (!key->is_code && key->code == ESCAPE) {
		struct key next;

		if (read_one(input, &next)) {
			*key = next;
			key->alt = true;
		}
	}
	normalise(key);
	return true;
}
