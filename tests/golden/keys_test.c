/* SPDX-License-Identifier: MIT */
/*
 * keys/TERM.txt says what a terminal sends for each key, how paddock's own
 * views name the key, and what a guest gets for it: without modes, with
 * application cursor keys and keypad, with modifyOtherKeys at level 2, and
 * with the kitty protocol's flag 1. "=" is the same as without modes, "-"
 * nothing, "!" a key that has no name. keys/common.txt holds for each TERM.
 * The tables are made from xterm's ctlseqs, terminfo and the protocol's page,
 * not from what paddock does: nothing rewrites them.
 */
#include "core/base/error.h"
#include "core/base/str.h"
#include "persist/atomic.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/key_terminfo.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FOLDER "tests/golden/keys/"

enum { NAME, OUTER, PLAIN, APPLICATION, OTHER, KITTY, COLUMNS };

static const char *const terminals[] = {
	"xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100", "alacritty", "foot", "xterm-kitty",
};

/* The terminal that is open: the keys that its entry names. */
struct rig {
	struct key_known *known;
	size_t known_count;
	unsigned char backspace;
};

static struct input_modes modes_of(int column)
{
	struct input_modes modes = { 0 };

	if (column == APPLICATION) {
		input_mode(&modes, 1, true);
		input_mode(&modes, 66, true);
	}
	if (column == OTHER)
		input_other_keys(&modes, 2);
	if (column == KITTY)
		input_kitty_push(&modes, false, KITTY_DISAMBIGUATE);
	return modes;
}

static struct str unescaped(const char *text)
{
	struct str out;

	str_init(&out);
	for (; *text; text++) {
		if (strncmp(text, "\\e", 2) == 0) {
			str_addc(&out, '\033');
			text++;
		} else if (strncmp(text, "\\x", 2) == 0) {
			char digits[3] = { text[2], text[3], '\0' };

			str_addc(&out, (char)strtol(digits, NULL, 16));
			text += 3;
		} else {
			str_addc(&out, *text);
		}
	}
	return out;
}

static void add_key(const struct key *key, int column, struct str *out)
{
	struct input_modes modes = modes_of(column);
	char name[64];

	if (column != NAME)
		str_add(out, name, key_encode(&modes, key, name));
	else if (key->is_code && key->code == KEY_UNNAMED)
		str_addc(out, '!');
	else
		str_addf(out, "%s%s", out->len ? "_" : "", key_text(key, name, sizeof(name)));
}

/* All keys that these bytes are, named or as a guest gets them. */
static struct str read_keys(const struct rig *rig, const struct str *bytes, int column)
{
	struct key_parser parser;
	struct key_token token;
	struct key key;
	struct str out;

	str_init(&out);
	key_parser_init(&parser, rig->known, rig->known_count);
	parser.backspace = rig->backspace;
	key_parser_feed(&parser, bytes->text, bytes->len);
	for (bool idle = false; ; idle = true) {
		while (key_parser_next(&parser, &token)) {
			enum key_meaning meaning = key_meaning(&parser, &token, &key);

			if (meaning == KEY_MEANS_KEY || meaning == KEY_MEANS_FOREIGN)
				add_key(&key, column, &out);
		}
		if (idle)
			break;
		key_parser_expire(&parser);
	}
	key_parser_finish(&parser);
	return out;
}

static void check_column(const struct rig *rig, const char *place, char *const columns[], int column)
{
	bool name = column == NAME;
	const char *want = !name && strcmp(columns[column], "=") == 0 ? columns[PLAIN] : columns[column];
	struct str outer = unescaped(columns[OUTER]), expected = unescaped(!name && strcmp(want, "-") == 0 ? "" : want);
	struct str got = read_keys(rig, &outer, column);

	if (got.len != expected.len || (got.len && memcmp(got.text, expected.text, got.len) != 0)) {
		struct str shown;

		str_init(&shown);
		for (size_t i = 0; i < got.len; i++)
			str_addf(&shown, got.text[i] > ' ' && got.text[i] < 127 ? "%c" : "\\x%02x", (unsigned char)got.text[i]);
		fail_msg("%s: %s (%s), column %d: %s instead of %s", place, columns[NAME], columns[OUTER], column, shown.text, want);
	}
	str_finish(&outer);
	str_finish(&expected);
	str_finish(&got);
}

static size_t check_file(const struct rig *rig, const char *terminal, const char *name)
{
	char path[64], place[128];
	struct error err;
	struct str text;
	size_t rows = 0;

	snprintf(path, sizeof(path), FOLDER "%s.txt", name);
	snprintf(place, sizeof(place), "%s in TERM=%s", path, terminal);
	str_init(&text);
	if (!file_read(path, 1 << 20, &text, &err))
		fail_msg("%s", err.text);
	for (char *rest = text.text, *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		char *columns[COLUMNS], *more = line;
		int count = 0;

		for (char *word; (word = strsep(&more, " ")) && count < COLUMNS;) {
			if (*word)
				columns[count++] = word;
		}
		if (count == 0 || strcmp(columns[0], "##") == 0)
			continue;
		assert_int_equal(count, COLUMNS);
		for (int column = 0; column < COLUMNS; column++) {
			if (column != OUTER)
				check_column(rig, place, columns, column);
		}
		rows++;
	}
	str_finish(&text);
	return rows;
}

static void each_key_of_each_terminal_reaches_the_guest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++) {
		struct error err;
		struct rig rig;
		size_t rows;

		if (!screen_open_hidden(terminals[i], 24, 80, &err))
			fail_msg("%s", err.text);
		rig.known = key_terminfo(&rig.known_count);
		rig.backspace = key_terminfo_backspace();
		rows = check_file(&rig, terminals[i], "common") + check_file(&rig, terminals[i], terminals[i]);
		print_message("%-16s %3zu keys\n", terminals[i], rows);
		assert_true(rows > 278);
		free(rig.known);
		screen_close();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_key_of_each_terminal_reaches_the_guest) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
