/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct seen {
	char answer[256];
	size_t answer_len;
	char title[64];
	int bells;
};

static void on_answer(void *data, const void *bytes, size_t len)
{
	struct seen *seen = data;

	assert_true(seen->answer_len + len < sizeof(seen->answer));
	memcpy(seen->answer + seen->answer_len, bytes, len);
	seen->answer_len += len;
	seen->answer[seen->answer_len] = '\0';
}

static void on_bell(void *data)
{
	((struct seen *)data)->bells++;
}

static void on_title(void *data, const char *utf8)
{
	snprintf(((struct seen *)data)->title, sizeof(((struct seen *)data)->title), "%s", utf8);
}

static const struct terminal_events events = { .answer = on_answer, .bell = on_bell, .title = on_title };

static void feed(struct terminal *term, const char *text)
{
	terminal_write(term, text, strlen(text));
}

static const char *row_text(const struct terminal *term, int row)
{
	static char text[4][512];
	static int turn;
	char *out = text[turn++ % 4];

	terminal_row_text(term, row, out, sizeof(text[0]));
	return out;
}

static struct cell cell_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell;
}

static void assert_cursor(const struct terminal *term, int row, int column)
{
	int at_row, at_column, shape;

	terminal_cursor(term, &at_row, &at_column, &shape);
	assert_int_equal(at_row, row);
	assert_int_equal(at_column, column);
}

static struct terminal *small(int rows, int columns, size_t scrollback)
{
	static struct seen nobody;

	return terminal_new(rows, columns, scrollback, &events, &nobody);
}

static void lines_that_leave_the_top_are_the_scrollback(void **state)
{
	(void)state;
	struct terminal *term = small(3, 10, 2);

	feed(term, "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix");
	assert_string_equal(row_text(term, 0), "four");
	assert_string_equal(row_text(term, 2), "six");
	assert_int_equal(terminal_scrollback(term), 2);
	assert_string_equal(row_text(term, -1), "three");
	assert_string_equal(row_text(term, -2), "two");
	assert_string_equal(row_text(term, -3), "");
	terminal_free(term);
}

static void region_at_the_top_scrolls_into_history_and_keeps_the_lines_below(void **state)
{
	(void)state;
	struct terminal *term = small(4, 10, 5);

	feed(term, "\033[4;1Hstatus\033[1;3r\033[1;1Ha\r\nb\r\nc\r\nd");
	assert_string_equal(row_text(term, -1), "a");
	assert_string_equal(row_text(term, 0), "b");
	assert_string_equal(row_text(term, 2), "d");
	assert_string_equal(row_text(term, 3), "status");
	terminal_free(term);
}

static void erasing_the_saved_lines_forgets_the_scrollback(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 5);

	feed(term, "a\r\nb\r\nc\033[3J");
	assert_int_equal(terminal_scrollback(term), 0);
	assert_string_equal(row_text(term, -1), "");
	assert_string_equal(row_text(term, 1), "c");
	feed(term, "\r\nd");
	assert_string_equal(row_text(term, -1), "b");
	terminal_free(term);
}

static void alternate_screen_has_no_history_and_gives_the_first_back(void **state)
{
	(void)state;
	struct terminal *term = small(2, 20, 5);

	feed(term, "shell\r\n$ vi\033[?1049h");
	assert_true(terminal_alternate(term));
	assert_string_equal(row_text(term, 0), "");
	feed(term, "\033[Hx\r\ny\r\nz");
	assert_int_equal(terminal_scrollback(term), 0);
	feed(term, "\033[?1049l");
	assert_false(terminal_alternate(term));
	assert_string_equal(row_text(term, 0), "shell");
	assert_string_equal(row_text(term, 1), "$ vi");
	assert_cursor(term, 1, 4);
	terminal_free(term);
}

static void shrinking_pushes_lines_up_and_growing_brings_them_back(void **state)
{
	(void)state;
	struct terminal *term = small(4, 10, 10);

	feed(term, "1\r\n2\r\n3\r\n4");
	terminal_resize(term, 2, 10);
	assert_string_equal(row_text(term, 0), "3");
	assert_string_equal(row_text(term, 1), "4");
	assert_string_equal(row_text(term, -2), "1");
	assert_cursor(term, 1, 1);
	terminal_resize(term, 4, 10);
	assert_string_equal(row_text(term, 0), "1");
	assert_string_equal(row_text(term, 3), "4");
	assert_cursor(term, 3, 1);
	terminal_free(term);
}

static void shrinking_drops_blank_lines_below_the_cursor_first(void **state)
{
	(void)state;
	struct terminal *term = small(5, 10, 10);

	feed(term, "1\r\n2");
	terminal_resize(term, 2, 10);
	assert_int_equal(terminal_scrollback(term), 0);
	assert_string_equal(row_text(term, 0), "1");
	assert_cursor(term, 1, 1);
	terminal_free(term);
}

static void a_change_of_width_wraps_the_lines_again(void **state)
{
	(void)state;
	struct terminal *term = small(4, 10, 10);

	feed(term, "0123456789\r\nab");
	terminal_resize(term, 4, 4);
	assert_string_equal(row_text(term, 0), "0123");
	assert_string_equal(row_text(term, 1), "4567");
	assert_string_equal(row_text(term, 2), "89");
	assert_cursor(term, 3, 2);
	terminal_resize(term, 4, 10);
	assert_string_equal(row_text(term, 0), "0123456789");
	assert_string_equal(row_text(term, 1), "ab");
	assert_cursor(term, 1, 2);
	terminal_free(term);
}

/* As vi does it; the prompt belongs where the shell's line went meanwhile. */
static void leaving_the_alternate_screen_finds_the_row_that_a_resize_moved(void **state)
{
	static const int heights[] = { 6, 3, 5, 12 };
	struct terminal *term = terminal_new(8, 20, 100, &events, NULL);
	int row, column, shape;

	(void)state;
	for (int i = 0; i < 20; i++)
		feed(term, "line\r\n");
	feed(term, "$ vi\033[?1049h\033[H~\r\n~");
	for (size_t i = 0; i < sizeof(heights) / sizeof(heights[0]); i++)
		terminal_resize(term, heights[i], 20);
	feed(term, "\033[?1049l");
	assert_true(terminal_cursor(term, &row, &column, &shape));
	assert_string_equal(row_text(term, row), "$ vi");
	assert_int_equal(column, 4);
	/* What was saved is used once: a later restore is the program's own. */
	feed(term, "\033[2;2H\0337\033[1;1H\0338");
	assert_true(terminal_cursor(term, &row, &column, &shape));
	assert_int_equal(row, 1);
	terminal_free(term);
}

static void region_of_a_taller_screen_does_not_outlive_a_resize(void **state)
{
	(void)state;
	struct terminal *term = small(24, 80, 10);

	feed(term, "\033[20;24r\033[24;1H\0337");
	terminal_resize(term, 10, 40);
	feed(term, "\0338\r\n\n\n\033[5Lx\033[?1048l\n\n\n\033[5My");
	assert_cursor(term, 9, 1);
	terminal_free(term);
}

static void wide_characters_take_two_cells_and_lose_both(void **state)
{
	(void)state;
	struct terminal *term = small(2, 6, 0);

	feed(term, "a\xe4\xb8\xad" "b");
	assert_true(cell_at(term, 0, 1).attributes & CELL_WIDE);
	assert_int_equal(cell_at(term, 0, 1).text[0], 0x4e2d);
	assert_int_equal(cell_at(term, 0, 2).text[0], 0);
	assert_string_equal(row_text(term, 0), "a\xe4\xb8\xad" "b");
	feed(term, "\033[1;3Hx");
	assert_int_equal(cell_at(term, 0, 1).text[0], 0);
	assert_false(cell_at(term, 0, 1).attributes & CELL_WIDE);
	assert_string_equal(row_text(term, 0), "a xb");
	feed(term, "\033[2;1H12345\xe4\xb8\xad");	/* no room for it: the next line */
	assert_string_equal(row_text(term, 0), "12345");
	assert_string_equal(row_text(term, 1), "\xe4\xb8\xad");
	terminal_free(term);
}

static void marks_join_their_letter_even_when_they_come_later(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 0);

	feed(term, "e\xcc\x81");
	feed(term, "o");
	feed(term, "\xcc");
	feed(term, "\x88!");
	assert_string_equal(row_text(term, 0), "e\xcc\x81o\xcc\x88!");
	assert_int_equal(cell_at(term, 0, 1).text[1], 0x308);
	terminal_free(term);
}

static void marks_without_end_are_dropped(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 0);

	feed(term, "e");
	for (int i = 0; i < 100000; i++)
		feed(term, i % 7 ? "\xcc\x81" : "\xcc\x82\xcc\x83");
	feed(term, "ok");
	assert_int_equal(cell_at(term, 0, 1).text[0], 'o');
	assert_int_equal(cell_at(term, 0, 0).text[0], 'e');
	terminal_free(term);
}

static void queries_are_answered_only_when_asked_to(void **state)
{
	(void)state;
	struct seen seen = { 0 };
	struct terminal *term = terminal_new(24, 80, 0, &events, &seen);

	feed(term, "\033[6n\033[c\033[5n\033P$qr\033\\");
	assert_int_equal(seen.answer_len, 0);
	terminal_answers(term, true);
	feed(term, "\033[3;5H\033[6n");
	assert_string_equal(seen.answer, "\033[3;5R");
	seen.answer_len = 0;
	feed(term, "\033P$q");
	feed(term, "r\033");
	feed(term, "\\");
	assert_string_equal(seen.answer, "\033P1$r1;24r\033\\");
	seen.answer_len = 0;
	feed(term, "\033P$qx\033\\");
	assert_string_equal(seen.answer, "\033P0$r\033\\");
	seen.answer_len = 0;
	feed(term, "\033[18t\033[21t\033[8;1;1t");
	assert_string_equal(seen.answer, "\033[8;24;80t");
	terminal_free(term);
}

/* Each of these ends 0.1.4 in a crash or an endless loop when it sees the bytes itself. */
static void absurd_and_unfinished_sequences_do_no_harm(void **state)
{
	(void)state;
	static const char *const pieces[] = {
		"\033[b", "\033[1000000000b", "\xcc\x81\033[20b",
		"\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28m",
		"\033[2147483647C\033[99999999999999999999B\033[2147483647@\033[2147483647X",
		"\033]0;a title\033", "\\", "\033]2;", "in pieces", "\a",
		"\xc2\x85\xc2\x9b", "\033[38m\033[48m\033[38;5m", "\033[?69h\033[5;70s\033[?69l",
		"\033 G\033[c", "\033N\xc3\xa9\033O\xe4\xb8\xad", "\xc3\033[m", "a\xf0\x9f", "\n\x80\xbf\xff\xfe\xed\xa0\x80",
		"\033(P$qx", "\033)]2;", "\033%[1",
		"\033#6\033#3wide\033#5", "\033_apc\033\\\033^pm\033\\\033Xsos\033\\",
	};
	struct seen seen = { 0 };
	struct terminal *term = terminal_new(24, 80, 10, &events, &seen);

	terminal_answers(term, true);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		feed(term, pieces[i]);
	assert_string_equal(seen.title, "in pieces");
	assert_string_equal(seen.answer, "\xc2\x9b?65;6;9;15;21;22;28c");
	feed(term, "\033[2J\033[Hstill here\033[3b");
	assert_string_equal(row_text(term, 0), "still hereeee");
	terminal_free(term);
}

static void several_modes_in_one_sequence_are_all_set(void **state)
{
	(void)state;
	struct terminal *term = small(4, 20, 0);
	char out[64];

	feed(term, "\033[?1;1000;1006;2004h");
	assert_int_equal(terminal_key(term, TERM_KEY_UP, 0, out), 3);
	assert_memory_equal(out, "\033OA", 3);
	assert_true(terminal_wants_mouse(term));
	assert_int_equal(terminal_paste_begin(term, out), 6);
	assert_memory_equal(out, "\033[200~", 6);
	feed(term, "\033c");
	assert_false(terminal_wants_mouse(term));
	assert_int_equal(terminal_paste_end(term, out), 0);
	terminal_free(term);
}

static void a_reset_leaves_the_alternate_screen_and_keeps_the_scrollback(void **state)
{
	(void)state;
	struct terminal *term = small(2, 10, 5);
	int row, column, shape;

	feed(term, "a\r\nb\r\nc\033[?1049h\033[?25l\033[?5h\033[2mx\033");
	terminal_reset(term);
	assert_false(terminal_alternate(term));
	assert_true(terminal_cursor(term, &row, &column, &shape));
	assert_int_equal(shape, 0);
	assert_int_equal(terminal_scrollback(term), 1);
	feed(term, "[y");
	assert_string_equal(row_text(term, 0), "[y");
	assert_int_equal(cell_at(term, 0, 0).attributes, 0);
	/* A restore without a save must not end in black on black. */
	feed(term, "\0338z");
	assert_int_equal(cell_at(term, 0, 0).foreground, -1);
	assert_true(terminal_cursor(term, &row, &column, &shape));
	terminal_free(term);
}

static void line_drawing_and_utf8_do_not_disturb_each_other(void **state)
{
	(void)state;
	struct terminal *term = small(1, 20, 0);

	feed(term, "\033(0\xc3\xa9lqk\033(Bq\033)0\x0eq\x0fq");
	assert_string_equal(row_text(term, 0), "\xc3\xa9\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90q\xe2\x94\x80q");
	terminal_free(term);
}

static void palette_sequences_of_the_linux_console_have_no_end(void **state)
{
	(void)state;
	struct terminal *term = small(1, 20, 0);

	feed(term, "\033]P1aabbccA\033]RB");
	assert_string_equal(row_text(term, 0), "AB");
	terminal_free(term);
}

static void versions_tell_which_rows_changed(void **state)
{
	(void)state;
	struct terminal *term = small(3, 10, 5);
	uint64_t first, second;

	feed(term, "a\r\nb");
	first = terminal_row_version(term, 0);
	second = terminal_row_version(term, 1);
	assert_true(first != second);
	feed(term, "x");
	assert_true(terminal_row_version(term, 0) == first);
	assert_true(terminal_row_version(term, 1) != second);
	second = terminal_row_version(term, 1);
	feed(term, "\r\n\n");
	assert_true(terminal_row_version(term, -1) == first);
	assert_true(terminal_row_version(term, 0) == second);
	terminal_free(term);
}

static void assert_run(const struct terminal *term, int row, int column, int size)
{
	char text[20];
	struct cell pen, cell;
	int count = terminal_run(term, row, column, text, size, &pen);

	terminal_cell(term, row, column + count, &cell);
	/* It ends for a reason; inside a wide character there is none. */
	if (count > 0)
		assert_true(count == size || column + count == terminal_columns(term) || cell.text[0] >= 0x7f ||
		            cell.foreground != pen.foreground || cell.background != pen.background ||
		            cell.attributes != pen.attributes);
	for (int i = 0; i < count; i++) {
		terminal_cell(term, row, column + i, &cell);
		assert_int_equal(text[i], cell.text[0] ? cell.text[0] : ' ');
		assert_int_equal(cell.text[1], 0);
		assert_int_equal(pen.foreground, cell.foreground);
		assert_int_equal(pen.background, cell.background);
		assert_int_equal(pen.attributes, cell.attributes);
	}
}

static void a_run_is_what_its_cells_are(void **state)
{
	(void)state;
	struct terminal *term = small(2, 20, 3);

	feed(term, "above\r\n\033[31mred\033[7m on\033[38;2;1;2;3m x\033[m \xe4\xb8\xad" "e\xcc\x81 z\033[15Cq"
	           "\r\n\033[44m\033[K\033[5Cblue\033[?5h");
	for (int size = 1; size < 20; size += 9)
		for (int row = -1; row < 2; row++)
			for (int column = 0; column < 20; column++)
				assert_run(term, row, column, size);
	terminal_resize(term, 2, 10);
	assert_run(term, 0, 0, 20);
	terminal_free(term);
}

static void copied_rectangles_leave_out_halves_of_wide_characters(void **state)
{
	(void)state;
	struct terminal *term = terminal_new(3, 8, 0, &events, NULL);

	feed(term, "a\xe4\xb8\xad" "b\033[1;1;1;2;1;2;1$v\033[1;3;1;4;1;3;1$v");
	assert_string_equal(row_text(term, 1), "a");
	assert_string_equal(row_text(term, 2), " b");
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_leave_the_top_are_the_scrollback),
		cmocka_unit_test(region_at_the_top_scrolls_into_history_and_keeps_the_lines_below),
		cmocka_unit_test(erasing_the_saved_lines_forgets_the_scrollback),
		cmocka_unit_test(alternate_screen_has_no_history_and_gives_the_first_back),
		cmocka_unit_test(shrinking_pushes_lines_up_and_growing_brings_them_back),
		cmocka_unit_test(shrinking_drops_blank_lines_below_the_cursor_first),
		cmocka_unit_test(a_change_of_width_wraps_the_lines_again),
		cmocka_unit_test(leaving_the_alternate_screen_finds_the_row_that_a_resize_moved),
		cmocka_unit_test(region_of_a_taller_screen_does_not_outlive_a_resize),
		cmocka_unit_test(wide_characters_take_two_cells_and_lose_both),
		cmocka_unit_test(copied_rectangles_leave_out_halves_of_wide_characters),
		cmocka_unit_test(marks_join_their_letter_even_when_they_come_later),
		cmocka_unit_test(marks_without_end_are_dropped),
		cmocka_unit_test(queries_are_answered_only_when_asked_to),
		cmocka_unit_test(absurd_and_unfinished_sequences_do_no_harm),
		cmocka_unit_test(several_modes_in_one_sequence_are_all_set),
		cmocka_unit_test(a_reset_leaves_the_alternate_screen_and_keeps_the_scrollback),
		cmocka_unit_test(line_drawing_and_utf8_do_not_disturb_each_other),
		cmocka_unit_test(palette_sequences_of_the_linux_console_have_no_end),
		cmocka_unit_test(versions_tell_which_rows_changed),
		cmocka_unit_test(a_run_is_what_its_cells_are),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
