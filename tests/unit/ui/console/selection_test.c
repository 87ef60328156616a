/* SPDX-License-Identifier: MIT */
#include "ui/console/point_move.h"
#include "ui/console/selection.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/*
 * Rows of 10 columns:
 *	0 "ab cd   ", 1 "", 2 "0123456789", 3 "abc-def gh", 4 "ij", 5 "x中文y", 6 "  end."
 * where 2 to 4 are one line; 3 rows of 7 are on the screen.
 */
static struct terminal *ten_columns(void)
{
	static const struct terminal_events none = { .answer = NULL };
	static const char text[] = "ab cd   \r\n\r\n0123456789abc-def ghij\r\nx\xe4\xb8\xad\xe6\x96\x87y\r\n  end.";
	struct terminal *term = terminal_new(3, 10, 100, &none, NULL);

	terminal_write(term, text, sizeof(text) - 1);
	return term;
}

static void the_text_of_a_selection(void **state)
{
	static const struct { enum selection_kind kind; struct terminal_point from, to; const char *text; } cases[] = {
		{ SELECT_NOTHING, { 0, 0 }, { 6, 0 }, "" },
		{ SELECT_CHARACTERS, { 0, 1 }, { 0, 3 }, "b c" },
		{ SELECT_CHARACTERS, { 0, 3 }, { 0, 1 }, "b c" },
		{ SELECT_CHARACTERS, { 0, 3 }, { 0, 9 }, "cd" },
		{ SELECT_CHARACTERS, { 0, 3 }, { 2, 1 }, "cd\n\n01" },
		/* Wrapped rows are joined, in one piece. */
		{ SELECT_CHARACTERS, { 2, 8 }, { 4, 0 }, "89abc-def ghi" },
		{ SELECT_CHARACTERS, { 2, 8 }, { 3, 7 }, "89abc-def" },
		{ SELECT_CHARACTERS, { 4, 0 }, { 5, 1 }, "ij\nx\xe4\xb8\xad" },
		{ SELECT_LINES, { 3, 5 }, { 3, 5 }, "0123456789abc-def ghij" },
		{ SELECT_LINES, { 5, 0 }, { 4, 1 }, "0123456789abc-def ghij\nx\xe4\xb8\xad\xe6\x96\x87y" },
		{ SELECT_LINES, { 0, 9 }, { 1, 9 }, "ab cd" },
		/* A rectangle keeps its columns, and blanks inside of it. */
		{ SELECT_RECTANGLE, { 2, 1 }, { 3, 3 }, "123\nbc-" },
		{ SELECT_RECTANGLE, { 3, 1 }, { 2, 3 }, "123\nbc-" },
		{ SELECT_RECTANGLE, { 0, 4 }, { 2, 2 }, " cd\n\n234" },
		{ SELECT_RECTANGLE, { 2, 7 }, { 4, 9 }, "789\n gh" },
		{ SELECT_RECTANGLE, { 5, 2 }, { 5, 3 }, "\xe6\x96\x87" },
		/* Out of the terminal. */
		{ SELECT_CHARACTERS, { -50, 3 }, { 0, 1 }, "ab" },
		{ SELECT_CHARACTERS, { 6, 2 }, { 99, 99 }, "end." },
	};
	struct terminal *term = ten_columns();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct selection selection = { cases[i].kind, cases[i].from, cases[i].to };
		struct str out;

		str_init(&out);
		selection_text(&selection, term, &out);
		if (strcmp(out.text, cases[i].text) != 0)
			fail_msg("case %zu: \"%s\"", i, out.text);
		str_finish(&out);
	}
	terminal_free(term);
}

static void all_is_the_history_and_the_screen(void **state)
{
	struct terminal *term = ten_columns();
	struct selection all = selection_of_all(term, false), screen = selection_of_all(term, true);
	struct str out;

	(void)state;
	str_init(&out);
	selection_text(&all, term, &out);
	assert_string_equal(out.text, "ab cd\n\n0123456789abc-def ghij\nx\xe4\xb8\xad\xe6\x96\x87y\n  end.");
	str_clear(&out);
	selection_text(&screen, term, &out);
	assert_string_equal(out.text, "ij\nx\xe4\xb8\xad\xe6\x96\x87y\n  end.");
	str_finish(&out);
	terminal_free(term);
}

static void what_is_marked_is_what_is_copied(void **state)
{
	static const struct { enum selection_kind kind; struct terminal_point from, to; int64_t line; int first, behind; } cases[] = {
		{ SELECT_CHARACTERS, { 2, 8 }, { 4, 0 }, 1, 0, 0 }, { SELECT_CHARACTERS, { 2, 8 }, { 4, 0 }, 2, 8, 10 },
		{ SELECT_CHARACTERS, { 2, 8 }, { 4, 0 }, 3, 0, 10 }, { SELECT_CHARACTERS, { 4, 0 }, { 2, 8 }, 4, 0, 1 },
		{ SELECT_LINES, { 3, 4 }, { 3, 4 }, 2, 0, 10 }, { SELECT_LINES, { 3, 4 }, { 3, 4 }, 4, 0, 10 },
		{ SELECT_RECTANGLE, { 4, 2 }, { 2, 5 }, 3, 2, 6 },
	};
	struct terminal *term = ten_columns();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct selection selection = { cases[i].kind, cases[i].from, cases[i].to };
		struct selection ordered = selection_ordered(&selection, term);
		int first = 0, behind = 0;

		assert_int_equal(selection_columns(&ordered, term, cases[i].line, &first, &behind), cases[i].behind > 0);
		if (cases[i].behind > 0 && (first != cases[i].first || behind != cases[i].behind))
			fail_msg("case %zu: [%d, %d)", i, first, behind);
	}
	terminal_free(term);
}

static void the_cursor_moves_as_in_vi(void **state)
{
	static const struct { enum point_move move; struct terminal_point from, to; } cases[] = {
		{ POINT_LEFT, { 0, 3 }, { 0, 2 } }, { POINT_LEFT, { 0, 0 }, { 0, 0 } }, { POINT_LEFT, { 2, 0 }, { 2, 0 } },
		{ POINT_LEFT, { 3, 0 }, { 2, 9 } }, { POINT_LEFT, { 5, 3 }, { 5, 1 } }, { POINT_LEFT, { 5, 5 }, { 5, 3 } },
		{ POINT_RIGHT, { 0, 3 }, { 0, 4 } }, { POINT_RIGHT, { 0, 4 }, { 0, 4 } }, { POINT_RIGHT, { 2, 9 }, { 3, 0 } },
		{ POINT_RIGHT, { 5, 1 }, { 5, 3 } }, { POINT_RIGHT, { 6, 5 }, { 6, 5 } },
		{ POINT_WORD, { 0, 0 }, { 0, 3 } }, { POINT_WORD, { 0, 3 }, { 2, 0 } }, { POINT_WORD, { 2, 0 }, { 3, 3 } },
		{ POINT_WORD, { 3, 3 }, { 3, 4 } }, { POINT_WORD, { 3, 8 }, { 5, 0 } }, { POINT_WORD, { 6, 2 }, { 6, 5 } },
		{ POINT_WORD, { 6, 5 }, { 6, 5 } },
		{ POINT_BACK, { 0, 3 }, { 0, 0 } }, { POINT_BACK, { 2, 0 }, { 0, 3 } }, { POINT_BACK, { 3, 3 }, { 2, 0 } },
		{ POINT_BACK, { 4, 1 }, { 3, 8 } }, { POINT_BACK, { 0, 0 }, { 0, 0 } },
		{ POINT_WORD_END, { 0, 0 }, { 0, 1 } }, { POINT_WORD_END, { 0, 1 }, { 0, 4 } }, { POINT_WORD_END, { 0, 4 }, { 3, 2 } },
		{ POINT_WORD_END, { 3, 8 }, { 4, 1 } }, { POINT_WORD_END, { 4, 1 }, { 5, 5 } }, { POINT_WORD_END, { 6, 5 }, { 6, 5 } },
		{ POINT_LINE_BEGIN, { 4, 1 }, { 2, 0 } }, { POINT_LINE_TEXT, { 6, 5 }, { 6, 2 } }, { POINT_LINE_TEXT, { 1, 0 }, { 1, 0 } },
		{ POINT_LINE_END, { 2, 3 }, { 4, 1 } }, { POINT_LINE_END, { 0, 0 }, { 0, 4 } }, { POINT_LINE_END, { 5, 0 }, { 5, 5 } },
		{ POINT_BLANK_ABOVE, { 5, 2 }, { 1, 0 } }, { POINT_BLANK_ABOVE, { 1, 0 }, { 0, 0 } },
		{ POINT_BLANK_BELOW, { 0, 2 }, { 1, 0 } }, { POINT_BLANK_BELOW, { 1, 0 }, { 6, 0 } },
		{ POINT_FIRST, { 5, 2 }, { 0, 0 } }, { POINT_LAST, { 0, 2 }, { 6, 0 } },
		/* From outside of the terminal, and from the right half of a character. */
		{ POINT_LEFT, { -9, 5 }, { 0, 0 } }, { POINT_RIGHT, { 99, 99 }, { 6, 9 } }, { POINT_RIGHT, { 5, 2 }, { 5, 3 } },
	};
	struct terminal *term = ten_columns();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal_point to = point_moved(term, cases[i].from, cases[i].move);

		if (to.line != cases[i].to.line || to.column != cases[i].to.column)
			fail_msg("case %zu: line %d, column %d", i, (int)to.line, to.column);
	}
	terminal_free(term);
}

static void words_for_a_double_click(void **state)
{
	static const struct { struct terminal_point at, first, last; } cases[] = {
		{ { 0, 1 }, { 0, 0 }, { 0, 1 } }, { { 0, 2 }, { 0, 2 }, { 0, 2 } },
		/* Over the end of a row, with the sign that paths have. */
		{ { 2, 5 }, { 2, 0 }, { 3, 6 } }, { { 4, 0 }, { 3, 8 }, { 4, 1 } },
		{ { 5, 2 }, { 5, 0 }, { 5, 5 } }, { { 6, 3 }, { 6, 2 }, { 6, 5 } },
	};
	struct terminal *term = ten_columns();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal_point first, last;

		point_word(term, cases[i].at, &first, &last);
		if (first.line != cases[i].first.line || first.column != cases[i].first.column ||
		    last.line != cases[i].last.line || last.column != cases[i].last.column)
			fail_msg("case %zu: %d,%d to %d,%d", i, (int)first.line, first.column, (int)last.line, last.column);
	}
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_of_a_selection),
		cmocka_unit_test(all_is_the_history_and_the_screen),
		cmocka_unit_test(what_is_marked_is_what_is_copied),
		cmocka_unit_test(the_cursor_moves_as_in_vi),
		cmocka_unit_test(words_for_a_double_click),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
