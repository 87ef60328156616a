/* SPDX-License-Identifier: MIT */
#include "ui/console/line_text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct terminal *terminal_with(int rows, int columns, const char *text)
{
	static const struct terminal_events none = { .answer = NULL };
	struct terminal *term = terminal_new(rows, columns, 1000, &none, NULL);

	terminal_write(term, text, strlen(text));
	return term;
}

static void assert_piece(const struct terminal *term, int64_t line, int64_t first, const char *text)
{
	struct line_text out = { 0 };

	line_text_read(&out, term, line);
	assert_string_equal(out.text.text, text);
	assert_int_equal(out.first, first);
	line_text_finish(&out);
}

static void rows_that_are_wrapped_are_one_line(void **state)
{
	struct terminal *term = terminal_with(3, 10, "short\r\n0123456789abcdefghijKLM  \r\n\r\nlast");

	(void)state;
	assert_int_equal(line_oldest(term), 0);
	assert_int_equal(line_end(term), 6);
	assert_piece(term, 0, 0, "short");
	for (int64_t line = 1; line < 4; line++)
		assert_piece(term, line, 1, "0123456789abcdefghijKLM");
	assert_piece(term, 4, 4, "");
	assert_piece(term, 5, 5, "last");
	/* The history wraps again, and is the same line. */
	terminal_resize(term, 3, 80);
	assert_piece(term, line_end(term) - 3, line_end(term) - 3, "0123456789abcdefghijKLM");
	terminal_free(term);
}

static void every_byte_knows_its_cell(void **state)
{
	struct terminal *term = terminal_with(3, 6, "ab\xc3\xa9\xe4\xb8\xad" "e\xcc\x81\xe6\x96\x87z");
	static const struct { size_t offset; int line, column; } places[] = {
		{ 0, 0, 0 }, { 1, 0, 1 }, { 2, 0, 2 }, { 3, 0, 2 },	/* é */
		{ 4, 0, 3 }, { 6, 0, 3 },				/* a wide one */
		{ 7, 0, 5 }, { 9, 0, 5 },				/* e and its mark */
		{ 10, 1, 0 }, { 13, 1, 2 }, { 14, 1, 3 },
	};
	struct line_text out = { 0 };

	(void)state;
	line_text_read(&out, term, 0);
	assert_string_equal(out.text.text, "ab\xc3\xa9\xe4\xb8\xad" "e\xcc\x81\xe6\x96\x87z");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct terminal_point point = line_text_point(&out, places[i].offset);

		assert_int_equal(point.line, places[i].line);
		assert_int_equal(point.column, places[i].column);
	}
	line_text_finish(&out);
	terminal_free(term);
}

static void the_column_that_was_too_narrow_for_a_wide_character_is_left_out(void **state)
{
	struct terminal *term = terminal_with(3, 5, "abcd\xe4\xb8\xad" "ef");

	(void)state;
	assert_piece(term, 0, 0, "abcd\xe4\xb8\xad" "ef");
	terminal_free(term);
}

static void a_line_without_end_is_read_in_pieces(void **state)
{
	struct terminal *term = terminal_with(2, 4, "first\r\n");
	int64_t end, last = -1;

	(void)state;
	for (int i = 0; i < 800; i++)
		terminal_write(term, "abcd", 4);
	end = line_end(term);
	/* Each row belongs to one piece that contains it, and no piece is too long. */
	for (int64_t line = line_oldest(term); line < end; line++) {
		struct line_text out = { 0 };

		line_text_read(&out, term, line);
		assert_in_range(line, out.first, out.first + out.rows - 1);
		assert_in_range(out.rows, 1, LINE_ROWS);
		assert_in_range(out.owned, out.first, line);
		assert_true(out.first >= last);
		last = out.first;
		line_text_finish(&out);
	}
	assert_in_range(last, end - LINE_ROWS, end);
	terminal_free(term);
}

static void a_part_of_a_row_keeps_whole_characters(void **state)
{
	struct terminal *term = terminal_with(2, 12, "a\xe4\xb8\xad" "b\xe6\x96\x87 c  ");
	static const struct { int from, to; const char *text; } parts[] = {
		{ 0, 12, "a\xe4\xb8\xad" "b\xe6\x96\x87 c" }, { 0, 2, "a\xe4\xb8\xad" }, { 2, 4, "b" }, { 1, 1, "" },
		{ 5, 6, "" }, { 7, 8, "c" }, { 9, 12, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct str out;

		str_init(&out);
		line_add_row(term, (struct terminal_point){ 0, parts[i].from }, parts[i].to, &out);
		assert_string_equal(out.text, parts[i].text);
		str_finish(&out);
	}
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_are_wrapped_are_one_line),
		cmocka_unit_test(every_byte_knows_its_cell),
		cmocka_unit_test(the_column_that_was_too_narrow_for_a_wide_character_is_left_out),
		cmocka_unit_test(a_line_without_end_is_read_in_pieces),
		cmocka_unit_test(a_part_of_a_row_keeps_whole_characters),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("line text", tests, NULL, NULL);
}
