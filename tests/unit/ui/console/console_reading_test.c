/* SPDX-License-Identifier: MIT */
/* Scrolling, searching, selecting and copying in a console, with keys and the mouse. */
#include "fake/keepers_impl.h"
#include "fake/world.h"

#include "core/base/alloc.h"
#include "ui/kit/app.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void says(struct fixture *f, const char *text)
{
	keepers.console->console(keepers.console_data, text, strlen(text), false);
	turn(f);
}

static void open_live_console(struct fixture *f, int rows, int columns)
{
	web_runs();
	open_world(f, rows, columns, "xterm-256color", "C.UTF-8", a_small_world);
	web_tells(f);
	go_to(f, "web");
	press(f, "Enter");
	keepers.console->history_end(keepers.console_data);
	turn(f);
	world_text[0] = world_record[0] = '\0';
}

/* A log of 60 lines, the last of which is wrapped at 100 columns and narrower, and a prompt. */
static void fill(struct fixture *f)
{
	for (int i = 1; i < 60; i++) {
		char *line = mem_printf("entry %d of the log%s\r\n", i, i % 20 == 0 ? ": Error" : "");

		says(f, line);
		free(line);
	}
	says(f, "entry 60 is longer than the others, so that it goes over the end of a row and goes on in the next one until here\r\n# ");
}

static void open_filled(struct fixture *f, int rows, int columns)
{
	open_live_console(f, rows, columns);
	fill(f);
}

static void point(struct fixture *f, int button, bool pressed, int row, int column)
{
	struct key key = { .code = KEY_MOUSE, .is_code = true, .mouse = { row, column, button, pressed, 0 } };

	app_key(f->app, &key);
	turn(f);
}

static void click(struct fixture *f, int row, int column)
{
	point(f, 1, true, row, column);
	point(f, 1, false, row, column);
}

static void matches_are_counted_and_marked(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ / e r r o r Enter");
	assert_true(sees("2/2   line 40 of"));		/* entry 60 has none */
	press(f, "n");
	assert_true(sees("1/2   line 20 of"));
	press(f, "n");
	assert_true(sees("no match for \"error\" above"));
	press(f, "N");
	assert_true(sees("2/2   line 40 of"));
	/* What comes is counted too, and is no move. */
	says(f, "new error\r\n");
	assert_true(sees("2/3   line 40 of"));
	/* Over the end of a row: "…over the end of a row and". */
	press(f, "G / r o w Space a n d Space g o e s Enter");
	assert_true(sees("1/1   line 60 of"));
	hold_against_golden("console-search-80x24");
}

static void an_expression_is_searched_for_after_ctrl_r(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ / 4 [ 0 - 2 ]");
	assert_true(sees("/4[0-2]   Ctrl-r regular expression"));
	press(f, "C-r");
	assert_true(sees("regex /4[0-2]   Ctrl-r plain text"));
	press(f, "Enter");
	assert_true(sees("3/3   line 42 of"));
	/* What is no expression says why, and is no search. */
	press(f, "/ 4 (");
	assert_true(sees("regex /4(   ( without )"));
	press(f, "Enter");
	assert_true(sees("( without )"));
	assert_true(sees_not("no match"));
	press(f, "n");
	assert_true(sees("( without )"));
	press(f, "/ 4 ( C-r Enter");
	assert_true(sees("no match for \"4(\" above"));
}

static void a_search_through_much_goes_on_while_keys_are_handled(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 24, 80);
	says(f, "the needle\r\n");
	for (int i = 0; i < 4000; i++)
		keepers.console->console(keepers.console_data, "nothing in here\r\n", 17, false);
	turn(f);
	press(f, "C-g [ /");
	for (const char *at = "needle"; *at; at++)
		app_key(f->app, &(struct key){ .code = (wint_t)*at });
	app_key(f->app, &(struct key){ .code = '\r' });
	app_draw(f->app);
	assert_true(sees("searching"));
	turn(f);
	assert_true(sees("1/1   line 1 of"));
	/* A key that leaves ends it. */
	press(f, "G");
	app_key(f->app, &(struct key){ .code = 'n' });
	press(f, "q");
	assert_true(sees("Ctrl-g d list"));
}

static void keys_select_and_copy(void **state)
{
	static const struct { const char *keys, *text; } cases[] = {
		{ "k k k 0 v e y", "entry" }, { "k k k 0 v w w y", "entry 59 o" }, { "k k k $ v b Enter", "log" },
		{ "k k k 0 w v $ o h h y", "y 59 of the log" },
		{ "k k k V y", "entry 59 of the log" }, { "k k k V k y", "entry 58 of the log\nentry 59 of the log" },
		/* A wrapped line is one, and the other kind takes the same places. */
		{ "k Y", "entry 60 is longer than the others, so that it goes over the end of a row and goes on in the next one until here" },
		{ "k v V y", "entry 60 is longer than the others, so that it goes over the end of a row and goes on in the next one until here" },
		{ "k k k 0 l C-v k l l y", "ntr\nntr" }, { "k k k 0 r j l y", "en\nen" },
		{ "k k k 0 r j j j h h h l l l l l l l l y", "entry 59\nentry 60\nes on in\n#" },
		{ "g } Y", "#" },
	};
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		press(f, "C-g [");
		press(f, cases[i].keys);
		if (strcmp(world_text, cases[i].text) != 0)
			fail_msg("%s: \"%s\"", cases[i].keys, world_text);
		assert_true(sees("copied"));
	}
	assert_int_equal(keepers.typed_len, 0);
	press(f, "x");
	assert_true(sees_not("copied"));
	assert_int_equal(keepers.typed_len, 1);
}

static void the_address_of_a_link_is_copied_if_it_is_safe(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 24, 80);
	says(f, "\033[H\033[2J\033]8;;https://example.org/page\033\\here\033]8;;\033\\ \033]8;;file:///etc/passwd\033\\there\033]8;;\033\\ gone\033[H");
	press(f, "C-g [ l u");
	assert_true(sees("copied 1 line (24 characters)"));
	assert_non_null(strstr(world_text, "https://example.org/page"));
	press(f, "C-g [ w u");
	assert_true(sees("the link is not copied: only web, ftp and mailto links are"));
	press(f, "w u");
	assert_true(sees("there is no link under the cursor"));
	assert_null(strstr(world_text, "passwd"));
}

static void what_was_copied_is_told(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ k k k V k y");
	assert_true(sees("copied 2 lines (38 characters) to "));	/* this terminal has no clipboard */
	assert_true(sees("paddock/copied.txt"));
	press(f, "C-g [ y");
	assert_true(sees("nothing is selected; v begins a selection"));
	press(f, "k k k v y");
	assert_true(sees("copied 1 line (1 character)"));
	/* Esc ends the selection first. */
	press(f, "C-g [ v");
	assert_true(sees("y copy  o other end"));
	press(f, "Esc");
	assert_true(sees("v select"));
	press(f, "Esc");
	assert_true(sees("Ctrl-g d list"));
	press(f, "C-g y");
	assert_true(sees("copied 23 lines"));
	assert_non_null(strstr(world_text, "in the next one until here\n#"));
}

static void a_selection_is_shown_in_reverse(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ k k k 0 v w");
	for (int column = 0; column < 20; column++)
		assert_int_equal((mvwinch(curscr, 19, column) & A_REVERSE) != 0, column <= 6);
	press(f, "Esc q");
	assert_false(mvwinch(curscr, 19, 0) & A_REVERSE);
}

static void the_window_and_the_cursor_survive_a_resize(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ g j j j j j j j j j V");
	resize_world(f, 14, 120);
	press(f, "0");
	assert_true(sees("line 10 of 61"));
	resize_world(f, 24, 80);
	press(f, "0");
	assert_true(sees("line 10 of 62"));
	press(f, "y");
	assert_string_equal(world_text, "entry 10 of the log");
}

static void the_mouse_selects_and_copies(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	screen_mouse_wanted(true);
	/* The prompt is in row 22, entry 59 in row 19. */
	point(f, 1, true, 19, 6);
	point(f, 0, true, 19, 7);
	assert_true(sees("y copy"));
	point(f, 0, true, 19, 10);
	point(f, 1, false, 19, 10);
	assert_string_equal(world_text, "59 of");
	assert_true(sees("copied 1 line (5 characters)"));
	press(f, "x");
	assert_true(sees("Ctrl-g d list"));
	/* Once is nothing, twice a word, three times the line. */
	world_text[0] = '\0';
	click(f, 19, 13);
	assert_string_equal(world_text, "");
	click(f, 19, 13);
	assert_string_equal(world_text, "the");
	click(f, 19, 13);
	assert_string_equal(world_text, "entry 59 of the log");
	/* Upward beyond the edge: the history comes. */
	point(f, 1, true, 2, 3);
	for (int i = 0; i < 50; i++)
		point(f, 0, true, -1, 3);
	assert_true(sees("entry 1 of"));
	point(f, 1, false, -1, 3);
	assert_int_equal(strncmp(world_text, "ry 1 of the log\n", 16), 0);
	press(f, "x");
	assert_int_equal(keepers.typed_len, 2);
}

static void a_drag_after_a_double_click_selects_words(void **state)
{
	static const struct { int from, to; const char *text; } drags[] = {
		{ 13, 7, "59 of the" }, { 10, 17, "of the log" }, { 1, 8, "entry 59" }, { 17, 17, "log" },
	};
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	screen_mouse_wanted(true);
	for (size_t i = 0; i < sizeof(drags) / sizeof(drags[0]); i++) {
		click(f, 19, drags[i].from);
		point(f, 1, true, 19, drags[i].from);
		/* And back: the word of the click stays. */
		point(f, 0, true, 18, 1);
		point(f, 0, true, 20, 1);
		point(f, 0, true, 19, drags[i].from);
		point(f, 0, true, 19, drags[i].to);
		point(f, 1, false, 19, drags[i].to);
		assert_string_equal(world_text, drags[i].text);
		press(f, "x");
	}
}

static void a_match_keeps_the_colours_of_its_cells(void **state)
{
	struct fixture *f = *state;
	chtype red, plain, turned;

	open_live_console(f, 24, 80);
	says(f, "\033[31;1mred needle\033[0m needle \033[7mneedle\033[0m");
	press(f, "C-g [ / n e e d l e Enter");
	red = mvwinch(curscr, 0, 4);
	plain = mvwinch(curscr, 0, 11);
	turned = mvwinch(curscr, 0, 18);
	assert_int_equal(red & (A_ATTRIBUTES ^ A_REVERSE), mvwinch(curscr, 0, 0) & A_ATTRIBUTES);
	assert_true(red & A_REVERSE && red & A_BOLD);
	assert_true(plain & A_REVERSE && !(plain & A_BOLD));
	assert_true(turned & A_UNDERLINE && !(turned & A_REVERSE));
	press(f, "q");
	assert_false(mvwinch(curscr, 0, 4) & A_REVERSE);
}

static void a_click_outside_of_the_pane_goes_where_it_points(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 40, 150);
	screen_mouse_wanted(true);
	assert_true(sees("Machines"));
	/* The wheel there would change what the pane shows. */
	point(f, 4, true, 4, 10);
	assert_true(sees("Ctrl-g d list"));
	/* A drag that began inside goes on. */
	point(f, 1, true, 5, 100);
	point(f, 0, true, 5, 10);
	point(f, 1, false, 5, 10);
	assert_true(sees("copied"));
	click(f, 4, 10);
	press(f, "?");
	assert_true(sees("Fold the group"));
	assert_int_equal(keepers.typed_len, 0);
}

static void a_pasted_text_is_searched_for(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	press(f, "C-g [ /");
	paste(f, "entry 7 of");
	assert_true(sees("/entry 7 of"));
	press(f, "Enter");
	assert_true(sees("1/1   line 7 of"));
	/* It runs no keys. */
	paste(f, "qy");
	assert_true(sees("line 7 of"));
	assert_int_equal(keepers.typed_len, 0);
}

static void the_wheel_reads_the_history_and_comes_back(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	screen_mouse_wanted(true);
	point(f, 5, true, 5, 5);
	assert_true(sees("Ctrl-g d list"));
	point(f, 4, true, 5, 5);
	assert_true(sees("/ search"));
	assert_true(sees("entry 37 of"));
	point(f, 5, true, 5, 5);
	assert_true(sees("Ctrl-g d list"));
	assert_int_equal(keepers.typed_len, 0);
	/* A program on the whole screen gets cursor keys. */
	says(f, "\033[?1049h");
	point(f, 4, true, 5, 5);
	assert_int_equal(keepers.typed_len, 9);
	assert_memory_equal(keepers.typed, "\033[A\033[A\033[A", 9);
	/* One that wants the mouse gets it. */
	keepers.typed_len = 0;
	says(f, "\033[?1049l\033[?1000h\033[?1006h");
	point(f, 4, true, 5, 5);
	assert_int_equal(keepers.typed_len, 10);
	assert_memory_equal(keepers.typed, "\033[<64;6;7M", 10);
}

static void the_size_is_typed_only_when_asked_for(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 24, 80);
	assert_true(sees_not("Ctrl-g ="));
	resize_world(f, 31, 100);
	assert_true(sees("Ctrl-g = tells the guest its size, 30 rows of 100 columns"));
	assert_int_equal(keepers.typed_len, 0);
	press(f, "x");
	assert_true(sees_not("Ctrl-g ="));
	/* Once was enough for somebody who does not use it. */
	resize_world(f, 31, 101);
	assert_true(sees_not("Ctrl-g ="));
	keepers.typed_len = 0;
	press(f, "C-g =");
	assert_int_equal(keepers.typed_len, 22);
	assert_memory_equal(keepers.typed, "stty rows 30 cols 101\r", 22);
	assert_string_equal(world_record, "[console] tells-size = web");
	resize_world(f, 31, 100);
	assert_true(sees("Ctrl-g = tells the guest its size"));
	/* An editor would take it for text. */
	keepers.typed_len = 0;
	says(f, "\033[?1049h");
	press(f, "C-g =");
	assert_true(sees("a full-screen program runs there"));
	assert_int_equal(keepers.typed_len, 0);
}

static void rows_that_continue_outside_of_the_window_are_marked(void **state)
{
	struct fixture *f = *state;

	open_filled(f, 12, 40);
	hold_against_golden("console-clipped-40x12");
	press(f, "C-g [ / r o w Enter");
	hold_against_golden("console-reading-40x12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(matches_are_counted_and_marked),
		world_test(an_expression_is_searched_for_after_ctrl_r),
		world_test(a_search_through_much_goes_on_while_keys_are_handled),
		world_test(keys_select_and_copy),
		world_test(the_address_of_a_link_is_copied_if_it_is_safe),
		world_test(what_was_copied_is_told),
		world_test(a_selection_is_shown_in_reverse),
		world_test(a_match_keeps_the_colours_of_its_cells),
		world_test(a_drag_after_a_double_click_selects_words),
		world_test(the_window_and_the_cursor_survive_a_resize),
		world_test(the_mouse_selects_and_copies),
		world_test(a_click_outside_of_the_pane_goes_where_it_points),
		world_test(a_pasted_text_is_searched_for),
		world_test(the_wheel_reads_the_history_and_comes_back),
		world_test(the_size_is_typed_only_when_asked_for),
		world_test(rows_that_continue_outside_of_the_window_are_marked),
	};

	return cmocka_run_group_tests_name("reading a console", tests, NULL, NULL);
}
