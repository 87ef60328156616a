/* SPDX-License-Identifier: MIT */
/* Colours and attributes of cells. */
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct terminal_events events = { 0 };

static void feed(struct terminal *term, const char *text)
{
	terminal_write(term, text, strlen(text));
}

static const char *row_text(const struct terminal *term, int row)
{
	static char text[512];

	terminal_row_text(term, row, text, sizeof(text));
	return text;
}

static struct cell cell_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell;
}

static struct terminal *small(int rows, int columns, size_t scrollback)
{
	return terminal_new(rows, columns, scrollback, &events, NULL);
}

static void colours_and_attributes_reach_the_cell(void **state)
{
	(void)state;
	static const struct { const char *sgr; int foreground, background; unsigned attributes; } table[] = {
		{ "", -1, -1, 0 },
		{ "1;31;42", 1, 2, CELL_BOLD },
		{ "95;104", 13, 12, 0 },
		{ "38;5;200;48;5;17", 200, 17, 0 },
		{ "38;2;1;2;3;7", TERMINAL_RGB | 0x010203, -1, CELL_REVERSE },
		{ "38;2;1;2;3;48;2;255;254;253", TERMINAL_RGB | 0x010203, TERMINAL_RGB | 0xfffefd, 0 },
		{ "38:2::1:2:3;48:2:0:255:254:253;7", TERMINAL_RGB | 0x010203, TERMINAL_RGB | 0xfffefd, CELL_REVERSE },
		{ "38:2:1:2:3", TERMINAL_RGB | 0x010203, -1, 0 },
		{ "58:2::1:2:3;31", 1, -1, 0 },
		{ "2;3;4;5;8;9", -1, -1, CELL_DIM | CELL_ITALIC | CELL_UNDERLINE | CELL_BLINK | CELL_CONCEAL | CELL_STRIKE },
		{ "2;8;22;28", -1, -1, 0 },
		{ "2;0", -1, -1, 0 },
		{ "58;5;1;32", 2, -1, 0 },
		{ "33;58;2;1;2;3", 3, -1, 0 },
		{ "4:3;2;35", 5, -1, CELL_UNDERLINE | CELL_DIM },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct terminal *term = small(1, 10, 0);
		char text[80];
		struct cell cell;

		snprintf(text, sizeof(text), "\033[%smx", table[i].sgr);
		feed(term, text);
		cell = cell_at(term, 0, 0);
		assert_int_equal(cell.foreground, table[i].foreground);
		assert_int_equal(cell.background, table[i].background);
		assert_int_equal(cell.attributes, table[i].attributes);
		feed(term, "\033[my");
		assert_int_equal(cell_at(term, 0, 1).attributes, 0);
		terminal_free(term);
	}
}

static void erased_cells_keep_the_background_only(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 0);

	feed(term, "\033[1;7;31;44mab\033[K");
	assert_int_equal(cell_at(term, 0, 5).background, 4);
	assert_int_equal(cell_at(term, 0, 5).foreground, -1);
	assert_int_equal(cell_at(term, 0, 5).attributes, 0);
	assert_int_equal(cell_at(term, 0, 1).attributes, CELL_BOLD | CELL_REVERSE);
	terminal_free(term);
}

static void protected_cells_survive_a_selective_erase(void **state)
{
	(void)state;
	struct terminal *term = small(1, 10, 0);

	feed(term, "a\033[1\"qb\033[38;2;9;9;9mc\033[0\"qd\033[?2K");
	assert_string_equal(row_text(term, 0), " bc");
	feed(term, "\033[2K");
	assert_string_equal(row_text(term, 0), "");
	terminal_free(term);
}

static void hundreds_of_thousands_of_pens_pass_through(void **state)
{
	(void)state;
	struct terminal *term = small(2, 8, 3);
	char text[64];

	for (int i = 0; i < 300000; i++) {
		snprintf(text, sizeof(text), "\033[38;2;%d;%d;%dm%c\xcc\x81", i & 255, i >> 8 & 255, i >> 16, 'a' + i % 26);
		feed(term, text);
	}
	struct cell cell = cell_at(term, 1, 7);

	/* 300000 = 16 * 18750: the last one stands in the last column. */
	assert_int_equal(cell.foreground, TERMINAL_RGB | (299999 & 255) << 16 | (299999 >> 8 & 255) << 8 | 299999 >> 16);
	assert_int_equal(cell.text[0], 'a' + 299999 % 26);
	assert_int_equal(cell.text[1], 0x301);
	terminal_free(term);
}

static void reverse_screen_turns_every_cell(void **state)
{
	(void)state;
	struct terminal *term = small(1, 4, 0);

	feed(term, "a\033[7mb\033[?5h");
	assert_int_equal(cell_at(term, 0, 0).attributes, CELL_REVERSE);
	assert_int_equal(cell_at(term, 0, 1).attributes, 0);
	assert_int_equal(cell_at(term, 0, 3).attributes, CELL_REVERSE);
	terminal_free(term);
}

/* The table of pens moves when it grows, also while an erase looks up in it what is protected. */
static void an_erase_that_adds_a_pen_looks_at_the_pens_where_they_are(void **state)
{
	(void)state;
	struct terminal *term = small(4, 20, 0);
	char text[64];

	feed(term, "\033Vkept\033W");
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "\033[48;2;%d;%d;7m\033[2J", i / 256, i % 256);
		feed(term, text);
	}
	assert_string_equal(row_text(term, 0), "kept");
	terminal_free(term);
}

static void a_change_of_all_colours_changes_the_rows_of_the_history(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 5);
	uint64_t before;

	feed(term, "\033[31mone\r\ntwo\r\nthree");
	before = terminal_row_version(term, -1);
	feed(term, "x");
	assert_true(terminal_row_version(term, -1) == before);
	feed(term, "\033[?5h");
	assert_true(terminal_row_version(term, -1) != before);
	before = terminal_row_version(term, -1);
	feed(term, "\033]4;1;#00ff00\033\\");
	assert_true(terminal_row_version(term, -1) != before);
	assert_true(terminal_row_version(term, -1) != terminal_row_version(term, 0));
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_and_attributes_reach_the_cell),
		cmocka_unit_test(erased_cells_keep_the_background_only),
		cmocka_unit_test(protected_cells_survive_a_selective_erase),
		cmocka_unit_test(hundreds_of_thousands_of_pens_pass_through),
		cmocka_unit_test(reverse_screen_turns_every_cell),
		cmocka_unit_test(an_erase_that_adds_a_pen_looks_at_the_pens_where_they_are),
		cmocka_unit_test(a_change_of_all_colours_changes_the_rows_of_the_history),
	};

	return cmocka_run_group_tests_name("terminal_pens", tests, NULL, NULL);
}
