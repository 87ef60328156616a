/* SPDX-License-Identifier: MIT */
#include "ui/console/console_paint.h"

#include "core/base/error.h"
#include "core/terminal/terminal.h"
#include "ui/console/console.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/screen.h"
#include "ui/kit/theme.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <cmocka.h>

struct stage {
	struct theme theme;
	WINDOW *window;
	struct terminal *term;
};

static const struct terminal_events nobody = { .bell = NULL };

static void open_stage(struct stage *stage, const char *kind, const char *locale, bool no_color)
{
	struct error err;

	assert_non_null(setlocale(LC_CTYPE, locale));
	assert_true(screen_open_hidden(kind, 24, 80, &err));
	theme_init(&stage->theme, screen_utf8(), no_color);
	stage->window = newwin(5, 20, 1, 1);
	stage->term = terminal_new(5, 20, 100, &nobody, NULL);
}

static void close_stage(struct stage *stage)
{
	terminal_free(stage->term);
	delwin(stage->window);
	screen_close();
}

static void write_text(struct stage *stage, const char *bytes)
{
	terminal_write(stage->term, bytes, strlen(bytes));
}

/* Everything, whatever was there. */
static bool paint_area(struct stage *stage, const struct paint_area *area)
{
	uint64_t versions[5] = { 0 };

	return console_paint(stage->window, &stage->theme, stage->term, area, versions);
}

static void paint(struct stage *stage, const char *bytes)
{
	struct paint_area area = { .rows = 5, .columns = 20 };

	write_text(stage, bytes);
	paint_area(stage, &area);
}

/* The cell's first character; attributes and pair as ncurses keeps them. */
static wchar_t seen(struct stage *stage, int row, int column, attr_t *attributes, short *pair)
{
	wchar_t text[CCHARW_MAX + 1] = { 0 };
	cchar_t cell;

	assert_int_equal(mvwin_wch(stage->window, row, column, &cell), OK);
	assert_int_equal(getcchar(&cell, text, attributes, pair, NULL), OK);
	return text[0];
}

static void assert_row(struct stage *stage, int row, const wchar_t *want)
{
	for (int i = 0; want[i]; i++) {
		attr_t attributes;
		short pair;

		assert_int_equal(seen(stage, row, i, &attributes, &pair), want[i]);
	}
}

static short colour_at(struct stage *stage, int column, bool background)
{
	attr_t attributes;
	short pair, foreground_is, background_is;

	seen(stage, 0, column, &attributes, &pair);
	pair_content(pair, &foreground_is, &background_is);
	return background ? background_is : foreground_is;
}

static void every_cell_is_painted_at_its_own_column(void **state)
{
	(void)state;
	struct stage stage;

	open_stage(&stage, "xterm-256color", "C.UTF-8", false);
	paint(&stage, "a\xe4\xb8\xad" "b\xcc\x81\xe2\x94\x80|\r\n\xe4\xb8\xad\xe6\x96\x87x\033[2;18H\xe4\xb8\xad!");
	assert_row(&stage, 0, L"a中");
	assert_row(&stage, 1, L"中");
	attr_t attributes;
	short pair;

	assert_int_equal(seen(&stage, 0, 3, &attributes, &pair), L'b');
	assert_int_equal(seen(&stage, 0, 4, &attributes, &pair), 0x2500);
	assert_int_equal(seen(&stage, 0, 5, &attributes, &pair), L'|');
	assert_int_equal(seen(&stage, 1, 2, &attributes, &pair), L'文');
	assert_int_equal(seen(&stage, 1, 4, &attributes, &pair), L'x');
	assert_int_equal(seen(&stage, 1, 17, &attributes, &pair), L'中');
	assert_int_equal(seen(&stage, 1, 19, &attributes, &pair), L'!');
	close_stage(&stage);
}

static void characters_outside_the_locale_keep_their_columns(void **state)
{
	(void)state;
	struct stage stage;

	open_stage(&stage, "xterm", "C", false);
	assert_false(stage.theme.utf8);
	paint(&stage, "\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90 \xe4\xb8\xad|\xc3\xa9|\xe2\x80\xa6\r\n\xe2\x94\x82x\xe2\x95\x91");
	assert_row(&stage, 0, L"+-+ ? |?|.");
	assert_row(&stage, 1, L"|x|");
	close_stage(&stage);
}

static void every_line_character_has_an_ascii_substitute(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x80; c++)
		assert_int_equal(paint_ascii(c), c);
	for (uint32_t c = 0x80; c < 0x3000; c++) {
		char as = paint_ascii(c);

		assert_true(as >= 0x20 && as < 0x7f);
		if (c >= 0x2500 && c < 0x2580)
			assert_non_null(strchr("-|=+/\\X", as));
	}
	assert_int_equal(paint_ascii(0x1f427), '?');
}

static void colours_are_reduced_to_those_of_the_terminal(void **state)
{
	(void)state;
	static const struct { const char *term, *sgr; short foreground, background; } table[] = {
		{ "xterm-256color", "31;44", 1, 4 },
		{ "xterm-256color", "91;104", 9, 12 },
		{ "xterm-256color", "38;5;200", 200, -1 },
		{ "xterm-256color", "38;2;255;0;0;48;2;0;0;95", 196, 17 },
		{ "xterm-256color", "38;2;128;128;128", 244, -1 },
		{ "xterm", "91;44", 1, 4 },
		{ "xterm", "38;5;46", 2, -1 },
		{ "xterm", "38;2;0;0;255", 4, -1 },
		{ "xterm", "97", 7, -1 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct stage stage;
		char text[64];

		open_stage(&stage, table[i].term, "C.UTF-8", false);
		snprintf(text, sizeof(text), "\033[%smx", table[i].sgr);
		paint(&stage, text);
		assert_int_equal(colour_at(&stage, 0, false), table[i].foreground);
		assert_int_equal(colour_at(&stage, 0, true), table[i].background);
		close_stage(&stage);
	}
}

static void without_colours_only_attributes_are_used(void **state)
{
	(void)state;
	for (int vt100 = 0; vt100 < 2; vt100++) {
		struct stage stage;
		attr_t attributes;
		short pair;

		open_stage(&stage, vt100 ? "vt100" : "xterm-256color", "C.UTF-8", !vt100);
		paint(&stage, "\033[1;31ma\033[0;44mb\033[7mc\033[0;40md\033[0;8me\033[28;4mf");
		seen(&stage, 0, 0, &attributes, &pair);
		assert_int_equal(pair, 0);
		assert_true(attributes & A_BOLD);
		seen(&stage, 0, 1, &attributes, &pair);
		assert_true(attributes & A_REVERSE);	/* a selection that is a background only */
		seen(&stage, 0, 2, &attributes, &pair);
		assert_false(attributes & A_REVERSE);
		seen(&stage, 0, 3, &attributes, &pair);
		assert_false(attributes & A_REVERSE);	/* black on black it is not */
		assert_int_equal(seen(&stage, 0, 4, &attributes, &pair), L' ');
		seen(&stage, 0, 5, &attributes, &pair);
		assert_true(attributes & A_UNDERLINE);
		close_stage(&stage);
	}
}

/* The attributes of text that a guest writes with this SGR. */
static attr_t look_of(struct stage *stage, const char *sgr)
{
	attr_t attributes;
	char bytes[64];
	short pair;

	snprintf(bytes, sizeof(bytes), "\033[H\033[0;%smx", sgr);
	paint(stage, bytes);
	seen(stage, 0, 0, &attributes, &pair);
	return attributes;
}

static void looks_that_the_terminal_lacks_are_reduced(void **state)
{
	static const struct { const char *sgr; attr_t full, basic; } table[] = {
		{ "9", A_HORIZONTAL, A_DIM }, { "53", A_TOP, A_NORMAL }, { "4", A_UNDERLINE, A_UNDERLINE },
		{ "21", A_LEFT, A_UNDERLINE }, { "4:2", A_LEFT, A_UNDERLINE }, { "4:3", A_LOW, A_UNDERLINE },
		{ "4:4", A_RIGHT, A_UNDERLINE }, { "4:5", A_VERTICAL, A_UNDERLINE }, { "4:0", A_NORMAL, A_NORMAL },
		{ "1;9;53;4:3", A_BOLD | A_HORIZONTAL | A_TOP | A_LOW, A_BOLD | A_DIM | A_UNDERLINE },
	};
	struct stage stage;

	(void)state;
	for (int full = 0; full < 2; full++) {
		screen_attributes(full ? ATTRIBUTES_FULL : ATTRIBUTES_BASIC);
		open_stage(&stage, "xterm-256color", "C.UTF-8", false);
		for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
			assert_int_equal(look_of(&stage, table[i].sgr), full ? table[i].full : table[i].basic);
		close_stage(&stage);
	}
}

/* The Linux console: what is at these places of the entry has no meaning of ours. */
static void a_terminal_with_few_looks_is_left_as_it_is(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "linux", "C.UTF-8", false);
	assert_int_equal(look_of(&stage, "9"), A_DIM);
	assert_int_equal(look_of(&stage, "4:3"), A_UNDERLINE);
	assert_int_equal(look_of(&stage, "53"), A_NORMAL);
	close_stage(&stage);
}

static void a_part_of_the_terminal_is_painted_from_its_corner(void **state)
{
	(void)state;
	struct stage stage;
	struct paint_area area = { .row = -2, .column = 2, .rows = 3, .columns = 4 };

	open_stage(&stage, "xterm", "C.UTF-8", false);
	paint(&stage, "line one\r\nline two\r\n3\r\n4\r\n5\r\n6\r\nseven is last");
	werase(stage.window);
	paint_area(&stage, &area);
	assert_row(&stage, 0, L"ne o ");
	assert_row(&stage, 1, L"ne t ");
	assert_row(&stage, 2, L"     ");
	area.row = 4;
	werase(stage.window);
	paint_area(&stage, &area);
	assert_row(&stage, 0, L"ven  ");
	close_stage(&stage);
}

static void a_wide_character_that_is_cut_is_replaced_by_a_mark(void **state)
{
	(void)state;
	struct stage stage;
	struct paint_area area = { .column = 0, .rows = 1, .columns = 2 };

	open_stage(&stage, "xterm", "C.UTF-8", false);
	paint(&stage, "a\xe4\xb8\xad" "b");
	werase(stage.window);
	paint_area(&stage, &area);
	assert_row(&stage, 0, L"a\xfffd ");
	close_stage(&stage);
}

static void only_rows_with_a_new_version_are_painted(void **state)
{
	(void)state;
	struct stage stage;
	struct paint_area area = { .rows = 5, .columns = 20 };
	uint64_t versions[5] = { 0 };

	open_stage(&stage, "xterm", "C.UTF-8", false);
	write_text(&stage, "one\r\ntwo\r\nthree is longer");
	console_paint(stage.window, &stage.theme, stage.term, &area, versions);
	assert_row(&stage, 1, L"two ");
	mvwaddstr(stage.window, 0, 0, "mark");
	mvwaddstr(stage.window, 1, 0, "mark");
	write_text(&stage, "\033[2;1H2\033[K\033[3;3H\033[K");
	console_paint(stage.window, &stage.theme, stage.term, &area, versions);
	assert_row(&stage, 0, L"mark ");
	assert_row(&stage, 1, L"2    ");
	assert_row(&stage, 2, L"th              ");
	close_stage(&stage);
}

/* With 8 colours and no colour there are 81 pairs, of which such a terminal has 64. */
static void running_out_of_colour_pairs_is_reported(void **state)
{
	(void)state;
	struct stage stage;
	struct paint_area area = { .rows = 5, .columns = 20 };
	bool enough = true;

	open_stage(&stage, "xterm", "C.UTF-8", false);
	assert_int_equal(COLOR_PAIRS, 64);
	for (int pair = 0; pair < 64; pair++) {
		char bytes[32];

		assert_true(enough);
		snprintf(bytes, sizeof(bytes), "\033[H\033[%d;%dmx", 30 + pair / 8, 40 + pair % 8);
		write_text(&stage, bytes);
		enough = paint_area(&stage, &area);
		if (!enough)
			break;
	}
	assert_false(enough);
	close_stage(&stage);
}

/* Keys as ncurses names them. */

static size_t encode(const char *name, char out[64])
{
	struct terminal *term = terminal_new(5, 20, 0, &nobody, NULL);
	struct key key;
	size_t len;

	assert_true(key_parse(name, &key));
	len = console_encode(term, &key, out);
	terminal_free(term);
	return len;
}

static void keys_of_ncurses_reach_the_guest_as_xterm_would_send_them(void **state)
{
	(void)state;
	static const struct { const char *name, *want; } table[] = {
		{ "a", "a" }, { "\xc3\xa9", "\xc3\xa9" }, { "Enter", "\r" }, { "Tab", "\t" }, { "S-Tab", "\033[Z" },
		{ "Esc", "\033" }, { "Backspace", "\x7f" }, { "C-c", "\003" }, { "C-[", "\033" }, { "C-i", "\t" },
		{ "A-x", "\033x" }, { "A-Backspace", "\033\x7f" }, { "A-Up", "\033[1;3A" }, { "Up", "\033[A" },
		{ "Home", "\033[H" }, { "End", "\033[F" }, { "PgUp", "\033[5~" }, { "PgDn", "\033[6~" },
		{ "Ins", "\033[2~" }, { "Del", "\033[3~" }, { "F1", "\033OP" }, { "F12", "\033[24~" },
		{ "C-Right", "\033[1;5C" }, { "A-C-S-Del", "\033[3;8~" }, { "S-F1", "\033[1;2P" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char out[64];
		size_t len = encode(table[i].name, out);

		assert_int_equal(len, strlen(table[i].want));
		assert_memory_equal(out, table[i].want, len);
	}
}

static void function_keys_above_12_are_sent_with_modifiers(void **state)
{
	(void)state;
	struct terminal *term = terminal_new(5, 20, 0, &nobody, NULL);
	char out[64];

	struct key key = key_function(13);
	assert_int_equal(console_encode(term, &key, out), 6);
	assert_memory_equal(out, "\033[1;2P", 6);
	key = key_function(29);
	assert_int_equal(console_encode(term, &key, out), 7);
	assert_memory_equal(out, "\033[15;5~", 7);
	key = (struct key){ .is_code = true, .code = KEY_SUSPEND };
	assert_int_equal(console_encode(term, &key, out), 0);
	terminal_free(term);
}

/* More than a short can count. */
static void any_number_of_colours_can_be_distinguished(void **state)
{
	(void)state;
	struct stage stage;
	char bytes[64];

	open_stage(&stage, "xterm-256color", "C.UTF-8", false);
	for (int i = 0; i < 160; i++)
		for (int j = 0; j < 220; j++)
			theme_pair(&stage.theme, 16 + i, 16 + j);
	for (int i = 0; i < 20; i++) {
		int pair, foreground, background;
		wchar_t text[CCHARW_MAX + 1];
		attr_t attributes;
		cchar_t cell;
		short ignored;

		snprintf(bytes, sizeof(bytes), "\033[H\033[38;5;%d;48;5;%dmx", 230 + i, 20 + i);
		paint(&stage, bytes);
		assert_int_equal(mvwin_wch(stage.window, 0, 0, &cell), OK);
		assert_int_equal(getcchar(&cell, text, &attributes, &ignored, &pair), OK);
		assert_true(pair > INT16_MAX);
		assert_int_equal(extended_pair_content(pair, &foreground, &background), OK);
		assert_int_equal(foreground, 230 + i);
		assert_int_equal(background, 20 + i);
	}
	close_stage(&stage);
}

/* Of the first cell. */
static void extended_colours(struct stage *stage, int *foreground, int *background)
{
	wchar_t text[CCHARW_MAX + 1];
	attr_t attributes;
	cchar_t cell;
	short ignored;
	int pair;

	assert_int_equal(mvwin_wch(stage->window, 0, 0, &cell), OK);
	assert_int_equal(getcchar(&cell, text, &attributes, &ignored, &pair), OK);
	assert_int_equal(extended_pair_content(pair, foreground, background), OK);
}

static void colours_of_24_bits_are_kept_if_the_terminal_has_them(void **state)
{
	(void)state;
	static const struct { const char *sgr; int foreground, background; } table[] = {
		{ "38;2;255;0;0;48;2;0;0;95", TERMINAL_RGB | 0xff0000, TERMINAL_RGB | 0x5f },
		{ "38;2;0;0;0", TERMINAL_RGB, -1 },
		{ "38;5;208;48;2;1;2;3", 208, TERMINAL_RGB | 0x010203 },
		{ "91;44", 9, 4 },
	};
	struct stage stage;
	char text[64];

	setenv("COLORTERM", "truecolor", 1);
	open_stage(&stage, "xterm", "C.UTF-8", false);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int foreground, background;

		snprintf(text, sizeof(text), "\033[H\033[0;%smx", table[i].sgr);
		paint(&stage, text);
		extended_colours(&stage, &foreground, &background);
		assert_int_equal(foreground, table[i].foreground);
		assert_int_equal(background, table[i].background);
	}
	close_stage(&stage);
	unsetenv("COLORTERM");
}

/* Pairs are used again some day; what is seen has its own colours all the same. */
static void colour_pairs_are_reused_and_never_run_out(void **state)
{
	(void)state;
	struct paint_area area = { .rows = 5, .columns = 20 };
	uint64_t versions[5] = { 0 };
	struct stage stage;
	bool enough = true;
	int foreground, background;

	setenv("COLORTERM", "truecolor", 1);
	open_stage(&stage, "xterm", "C.UTF-8", false);
	write_text(&stage, "\033[38;2;1;1;1mx\033[2;1H");
	for (int i = 0; i < 40000; i++) {
		char bytes[64];

		snprintf(bytes, sizeof(bytes), "\r\033[48;2;9;%d;%dmy", i / 256, i % 256);
		write_text(&stage, bytes);
		enough = console_paint(stage.window, &stage.theme, stage.term, &area, versions);
	}
	assert_false(enough);
	extended_colours(&stage, &foreground, &background);
	assert_int_equal(foreground, TERMINAL_RGB | 0x010101);
	assert_int_equal(background, -1);
	close_stage(&stage);
	unsetenv("COLORTERM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_colours_can_be_distinguished),
		cmocka_unit_test(colours_of_24_bits_are_kept_if_the_terminal_has_them),
		cmocka_unit_test(colour_pairs_are_reused_and_never_run_out),
		cmocka_unit_test(every_cell_is_painted_at_its_own_column),
		cmocka_unit_test(characters_outside_the_locale_keep_their_columns),
		cmocka_unit_test(every_line_character_has_an_ascii_substitute),
		cmocka_unit_test(colours_are_reduced_to_those_of_the_terminal),
		cmocka_unit_test(without_colours_only_attributes_are_used),
		cmocka_unit_test(looks_that_the_terminal_lacks_are_reduced),
		cmocka_unit_test(a_terminal_with_few_looks_is_left_as_it_is),
		cmocka_unit_test(a_part_of_the_terminal_is_painted_from_its_corner),
		cmocka_unit_test(a_wide_character_that_is_cut_is_replaced_by_a_mark),
		cmocka_unit_test(only_rows_with_a_new_version_are_painted),
		cmocka_unit_test(running_out_of_colour_pairs_is_reported),
		cmocka_unit_test(keys_of_ncurses_reach_the_guest_as_xterm_would_send_them),
		cmocka_unit_test(function_keys_above_12_are_sent_with_modifiers),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("console paint", tests, NULL, NULL);
}
