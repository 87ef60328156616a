/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_terminfo.h"

#include "core/base/error.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The sequences of a terminal by their terminfo names, or, after a blank, as bytes. */
struct sent {
	const char *terminal, *what, *key;
};

static const struct sent table[] = {
	{ "xterm", "kcuu1", "Up" }, { "xterm", "khome", "Home" }, { "xterm", "kf1", "F1" }, { "xterm", "kf12", "F12" },
	{ "xterm", "kf13", "S-F1" }, { "xterm", "kf25", "C-F1" }, { "xterm", "kri", "S-Up" }, { "xterm", "kDC", "S-Del" },
	{ "xterm", "kUP5", "C-Up" }, { "xterm", "kRIT8", "A-C-S-Right" }, { "xterm", "kcbt", "S-Tab" },
	{ "xterm", "kbs", "Backspace" }, { "xterm", "kent", "Enter" }, { "xterm", " \033Oq", "1" }, { "xterm", " \033[A", "Up" },
	{ "linux", "kf1", "F1" }, { "linux", "kf5", "F5" }, { "linux", "kf6", "F6" }, { "linux", "kf13", "S-F1" },
	{ "linux", "khome", "Home" }, { "linux", "knp", "PgDn" }, { "linux", "kcuu1", "Up" }, { "linux", " \x1a", "C-z" },
	{ "rxvt", "kcud1", "Down" }, { "rxvt", "khome", "Home" }, { "rxvt", "kLFT5", "C-Left" }, { "rxvt", "kPRV", "S-PgUp" },
	{ "rxvt", "kDC5", "C-Del" }, { "rxvt", " \033Od", "C-Left" }, { "rxvt", " \033[5$", "S-PgUp" },
	{ "screen", "kcub1", "Left" }, { "screen", "kend", "End" }, { "screen", "kich1", "Ins" },
	{ "vt100", "kcuf1", "Right" }, { "vt100", "kf1", "F1" }, { "vt100", " \033[15~", "F5" }, { "vt100", " \033\033[D", "A-Left" },
	{ "vt220", "kf20", "S-F8" }, { "vt220", "knp", "PgDn" },
};

/* The key that all of these bytes together are. */
static void read_key(const struct key_known *known, size_t count, const char *bytes, char *name, size_t size)
{
	struct key_parser parser;
	struct key_token token;
	struct key key;

	key_parser_init(&parser, known, count);
	key_parser_feed(&parser, bytes, strlen(bytes));
	key_parser_expire(&parser);
	assert_true(key_parser_next(&parser, &token));
	assert_int_equal(key_meaning(&parser, &token, &key), KEY_MEANS_KEY);
	assert_int_equal(token.len, strlen(bytes));
	key_text(&key, name, size);
	key_parser_finish(&parser);
}

static void sequences_of_terminfo_become_their_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct error err;
		struct key_known *known;
		const char *bytes = table[i].what;
		char name[40];
		size_t count;

		/* Not every system has all of them. */
		if (!screen_open_hidden(table[i].terminal, 24, 80, &err)) {
			screen_close();
			continue;
		}
		known = key_terminfo(&count);
		assert_true(count > 0);
		bytes = *bytes == ' ' ? bytes + 1 : tigetstr(bytes);
		if (bytes && bytes != (const char *)-1) {
			read_key(known, count, bytes, name, sizeof(name));
			assert_string_equal(name, table[i].key);
		}
		free(known);
		screen_close();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sequences_of_terminfo_become_their_keys) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
