/* SPDX-License-Identifier: MIT */
#include "ui/kit/keys.h"

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
	{ "Begin", KEY_B2, true },
};
#define NAMED (sizeof(named) / sizeof(named[0]))

static size_t word_length(const char *text)
{
	return strcspn(text, " ");
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

static bool parse_code(const char *name, size_t len, struct key *out)
{
	for (size_t i = 0; i < NAMED; i++) {
		if (strlen(named[i].name) == len && strncmp(name, named[i].name, len) == 0) {
			out->code = named[i].code;
			out->is_code = named[i].is_code;
			return true;
		}
	}
	if (len < 2 || len > 3 || name[0] != 'F')
		return false;

	char *end;
	long number = strtol(name + 1, &end, 10);

	if (end != name + len || number < 1 || number > 24)
		return false;
	out->code = (wint_t)(KEY_F0 + number);
	out->is_code = true;
	return true;
}

static bool take_prefix(const char **name, size_t *len, const char *prefix)
{
	if (*len <= 2 || strncmp(*name, prefix, 2) != 0)
		return false;
	*name += 2;
	*len -= 2;
	return true;
}

bool key_parse(const char *name, struct key *out)
{
	size_t len = word_length(name);
	bool alt, ctrl, shift;

	*out = (struct key){ 0 };
	alt = out->alt = take_prefix(&name, &len, "A-");
	if (parse_code(name, len, out) || parse_control(name, len, out) || parse_character(name, len, out))
		return true;
	ctrl = take_prefix(&name, &len, "C-");
	shift = take_prefix(&name, &len, "S-");
	*out = (struct key){ .alt = alt, .ctrl = ctrl, .shift = shift };
	return (ctrl || shift) && parse_code(name, len, out) && out->is_code;
}

static void plain_name(const struct key *key, char *buf, size_t size)
{
	for (size_t i = 0; i < NAMED; i++) {
		if (named[i].code == key->code && named[i].is_code == key->is_code) {
			snprintf(buf, size, "%s", named[i].name);
			return;
		}
	}
	if (key->is_code && key->code > KEY_F0 && key->code <= KEY_F(24))
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
	snprintf(buf, size, "%s%s%s%s", key->alt ? "A-" : "", key->ctrl ? "C-" : "", key->shift ? "S-" : "", plain);
	return buf;
}

bool key_equal(const struct key *a, const struct key *b)
{
	return a->code == b->code && a->is_code == b->is_code && a->alt == b->alt && a->ctrl == b->ctrl &&
	       a->shift == b->shift;
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
