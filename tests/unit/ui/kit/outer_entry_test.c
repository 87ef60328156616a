/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_entry.h"

#include "core/base/str.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <cmocka.h>

/* Extended capabilities have no table of names, so these are the ones that the screen and its keys need. */
static const char *const extended[] = { "kDC3", "kDC5", "kDN3", "kDN5", "kEND5", "kHOM5", "kIC5", "kLFT5", "kRIT5", "kUP3", "kUP5",
	                                "XM", "xm", "E3", "Ss", "Se", "Smulx", "Setulc", "TS", "fe", NULL };

static bool is_replaced(const char *name)
{
	static const char *const replaced[] = { "colors", "pairs", "setaf", "setab", "lines", "cols" };

	for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++)
		if (strcmp(name, replaced[i]) == 0)
			return true;
	return false;
}

static void add_strings(struct str *out, const char *const *names)
{
	for (; *names; names++) {
		const char *text = tigetstr(*names);

		if (!is_replaced(*names))
			str_addf(out, "%s=%s\n", *names, text == (const char *)-1 ? "(no string)" : text ? text : "(none)");
	}
}

/* All capabilities of the entry, which stays open. */
static void describe(const char *term, struct str *out)
{
	int found;

	str_init(out);
	assert_int_equal(setupterm(term, STDOUT_FILENO, &found), OK);
	for (const char *const *name = (const char *const *)boolnames; *name; name++)
		str_addf(out, "%s %d\n", *name, tigetflag(*name));
	for (const char *const *name = (const char *const *)numnames; *name; name++)
		if (!is_replaced(*name))
			str_addf(out, "%s#%d\n", *name, tigetnum(*name));
	add_strings(out, (const char *const *)strnames);
	add_strings(out, extended);
	str_addf(out, "AX %d XT %d\n", tigetflag("AX"), tigetflag("XT"));
}

static void assert_colour(const char *capability, int colour, const char *expect)
{
	const char *set = tigetstr(capability);

	assert_true(set && set != (const char *)-1);
	assert_string_equal(tiparm(set, colour), expect);
}

static void the_copy_of_an_entry_differs_only_in_its_colours(void **state)
{
	static const char *const terms[] = { "xterm", "xterm-256color", "tmux-256color", "screen-256color", "linux" };

	(void)state;
	setenv("COLORTERM", "truecolor", 1);
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		struct str before, after;
		char *entry;

		describe(terms[i], &before);
		del_curterm(cur_term);
		entry = outer_entry(terms[i], terms[i], ATTRIBUTES_BASIC);
		assert_non_null(entry);
		setenv("TERMINFO", entry, 1);
		describe(terms[i], &after);
		unsetenv("TERMINFO");
		assert_string_equal(before.text, after.text);
		assert_true(tigetnum("colors") > 0x1ffffff);
		assert_true(tigetflag("RGB") > 0);
		assert_colour("setaf", 1, "\033[31m");
		assert_colour("setab", 12, "\033[104m");
		assert_colour("setaf", 208, "\033[38;5;208m");
		assert_colour("setab", 0x1000000, "\033[48;2;0;0;0m");
		assert_colour("setaf", 0x1000000 | 0xff6401, "\033[38;2;255;100;1m");
		del_curterm(cur_term);
		free(entry);
		str_finish(&before);
		str_finish(&after);
	}
	unsetenv("COLORTERM");
}

static void only_a_terminal_with_direct_colours_gets_an_entry(void **state)
{
	static const struct { const char *term, *colorterm, *sty; bool expect; } rows[] = {
		{ "xterm-256color", "24bit", NULL, true }, { "xterm-256color", "", NULL, false },
		{ "xterm-256color", "yes", NULL, false }, { "vt100", "truecolor", NULL, false },
		{ "no-such-terminal", "truecolor", NULL, false }, { "screen-256color", "truecolor", "1.pts", false },
		{ "xterm-256color", "truecolor", "1.pts", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("COLORTERM", rows[i].colorterm, 1);
		rows[i].sty ? setenv("STY", rows[i].sty, 1) : unsetenv("STY");
		char *entry = outer_entry(rows[i].term, rows[i].term, ATTRIBUTES_BASIC);
		assert_int_equal(entry != NULL, rows[i].expect);
		free(entry);
	}
	unsetenv("STY");
	unsetenv("COLORTERM");
}

static const char *highlight(const char *name)
{
	const char *text = tigetstr(name);

	assert_true(text != (const char *)-1);
	return text ? text : "";
}

static void the_looks_of_a_terminal_are_the_highlights_of_its_copy(void **state)
{
	char *entry;
	int found;

	(void)state;
	entry = outer_entry("xterm-256color", "xterm-256color", ATTRIBUTES_FULL);
	assert_non_null(entry);
	setenv("TERMINFO", entry, 1);
	assert_int_equal(setupterm("xterm-256color", STDOUT_FILENO, &found), OK);
	unsetenv("TERMINFO");
	assert_string_equal(highlight("ehhlm"), OUTER_STRIKE);
	assert_string_equal(highlight("ethlm"), OUTER_OVERLINE);
	assert_string_equal(highlight("elhlm"), OUTER_DOUBLE);
	assert_string_equal(highlight("elohlm"), OUTER_CURLY);
	assert_string_equal(highlight("erhlm"), OUTER_DOTTED);
	assert_string_equal(highlight("evhlm"), OUTER_DASHED);
	assert_string_equal(highlight("sgr"), "");
	assert_string_equal(highlight("sgr0"), "\033(B\033[m");
	assert_int_equal(tigetnum("colors"), 256);
	assert_int_equal(tigetnum("pairs"), 0x10000);
	assert_false(tigetflag("RGB") > 0);
	del_curterm(cur_term);
	free(entry);
}

static void assert_lined_pair(int foreground, int background, int line, const char *expect)
{
	struct str set;

	if (line >= 0)
		outer_line_colour(line, &foreground, &background);
	assert_true(foreground < OUTER_COLOURS_LINED && background < OUTER_COLOURS_LINED);
	str_init(&set);
	/* As ncurses does, which has another capability for the default. */
	if (foreground >= 0)
		str_adds(&set, tiparm(tigetstr("setaf"), foreground));
	if (background >= 0)
		str_adds(&set, tiparm(tigetstr("setab"), background));
	assert_string_equal(set.text, expect);
	str_finish(&set);
}

static void an_underline_has_a_colour_in_the_numbers_of_a_pair(void **state)
{
	char *entry, expect[64];
	int found;

	(void)state;
	setenv("COLORTERM", "truecolor", 1);
	entry = outer_entry("xterm-256color", "xterm-256color", ATTRIBUTES_FULL);
	assert_non_null(entry);
	setenv("TERMINFO", entry, 1);
	assert_int_equal(setupterm("xterm-256color", STDOUT_FILENO, &found), OK);
	unsetenv("TERMINFO");
	unsetenv("COLORTERM");
	assert_int_equal(tigetnum("colors"), OUTER_COLOURS_LINED);
	assert_string_equal(tigetstr("op"), "\033[39;49;59m");
	assert_lined_pair(1, 12, -1, "\033[31m\033[104m");
	assert_lined_pair(0x1000000 | 0xff6401, 208, -1, "\033[38;2;255;100;1m\033[48;5;208m");
	assert_lined_pair(-1, -1, 1, "\033[39m\033[49m\033[58:5:1m");
	assert_lined_pair(0x1000000 | 0xffffff, 0x1000000 | 0xfffffe, 0x1000000 | 0xffffff,
	                  "\033[38;2;255;255;255m\033[48;2;255;255;254m\033[58:2::255:255:255m");
	/* Two colours without one end it, once. */
	assert_lined_pair(1, 4, -1, "\033[31m\033[44m\033[59m");
	assert_lined_pair(1, 5, -1, "\033[31m\033[45m");
	/* The part in the foreground is not left for another pair. */
	assert_lined_pair(9, 0x1000000, 0x1000000, "\033[91m\033[48;2;0;0;0m\033[58:2::0:0:0m");
	assert_lined_pair(-1, 4, -1, "\033[44m\033[59m");
	for (int colour = 0; colour < 16; colour++) {
		snprintf(expect, sizeof(expect), "\033[31m\033[49m\033[58:5:%dm", colour);
		assert_lined_pair(1, -1, colour, expect);
	}
	/* Every colour is near: half a level of 9 and of 11. */
	for (int part = 0; part < 256; part++) {
		int foreground = -1, background = -1, r, g, b;

		outer_line_colour(0x1000000 | part * 0x10101, &foreground, &background);
		tiparm(tigetstr("setaf"), foreground);
		assert_int_equal(sscanf(tiparm(tigetstr("setab"), background), "\033[49m\033[58:2::%d:%d:%dm", &r, &g, &b), 3);
		assert_true(abs(r - part) <= 16 && abs(g - part) <= 13 && abs(b - part) <= 16);
	}
	del_curterm(cur_term);
	free(entry);
}

static void a_terminal_without_more_looks_keeps_its_entry(void **state)
{
	static const char *const terms[] = { "linux", "vt100", "screen-256color", "ansi", "rxvt" };

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		assert_null(outer_entry(terms[i], terms[i], ATTRIBUTES_AUTO));
	assert_null(outer_entry("xterm-256color", "xterm-256color", ATTRIBUTES_BASIC));
	assert_null(outer_entry("no-such-terminal", "no-such-terminal", ATTRIBUTES_FULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_copy_of_an_entry_differs_only_in_its_colours),
		cmocka_unit_test(the_looks_of_a_terminal_are_the_highlights_of_its_copy),
		cmocka_unit_test(an_underline_has_a_colour_in_the_numbers_of_a_pair),
		cmocka_unit_test(a_terminal_without_more_looks_keeps_its_entry),
		cmocka_unit_test(only_a_terminal_with_direct_colours_gets_an_entry),
	};

	return cmocka_run_group_tests_name("outer entry", tests, NULL, NULL);
}
