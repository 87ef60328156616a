/* SPDX-License-Identifier: MIT */
/*
 * Short streams with the screen that xterm makes of them: one behaviour each. What our terminal does otherwise is in
 * tests/golden/terminal/known-differences/screens.txt.
 */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/terminal/terminal.h"
#include "fake/differences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ANY (-2)
#define RGB(r, g, b) (TERMINAL_RGB | (r) << 16 | (g) << 8 | (b))

/* Rows and columns are counted from 1, as in the sequences; fields left out are not looked at. */
struct example {
	const char *name;
	const char *written;		/* after "\033[H\033[2J", to 24 rows of 80 columns */
	struct {
		int row;
		const char *text;
	} rows[2];
	struct {
		int row, column, foreground, background;	/* colours as in cell.h, or ANY */
	} cells[2];
	const char *answer;
	bool hidden;			/* the cursor; else it must be visible */
	const char *title;
};

static const struct example examples[] = {
	{ "colours after a colon have an empty colour space", "\033[38:2::255:100:0mA\033[48:2::0:0:200mB\033[m",
	  .cells = { { 1, 1, RGB(255, 100, 0), -1 }, { 1, 2, RGB(255, 100, 0), RGB(0, 0, 200) } } },
	{ "colours after a colon may leave the colour space out", "\033[38:2:255:100:0mA\033[48:5:21mB\033[m",
	  .cells = { { 1, 1, RGB(255, 100, 0), -1 }, { 1, 2, RGB(255, 100, 0), 21 } } },
	{ "emoji of 2018 and later take two columns", "\xf0\x9f\x9f\xa2\xf0\x9f\xa5\xb0\xf0\x9f\xa7\xb8\xf0\x9f\xa6\xbe|\033[1;9H!",
	  .rows = { { 1, "\xf0\x9f\x9f\xa2\xf0\x9f\xa5\xb0\xf0\x9f\xa7\xb8\xf0\x9f\xa6\xbe!" } } },
	{ "DECSC keeps the character set", "\033(0q\0337\033(Bq\0338q", .rows = { { 1, "\xe2\x94\x80\xe2\x94\x80" } } },
	{ "DECSC keeps the shift", "\033)0\0337\x0eq\0338q\x0eq", .rows = { { 1, "q\xe2\x94\x80" } } },
	{ "DECRC leaves the cursor hidden", "\0337\033[?25lX\0338", .hidden = true },
	{ "DECSC keeps origin mode", "\033[5;10r\0337\033[?6h\0338\033[1;1HX", .rows = { { 1, "X" }, { 5, "" } } },
	{ "insert mode moves by two columns for a wide character", "abcdef\033[1;3H\033[4h\xe6\xbc\xa2\033[4l",
	  .rows = { { 1, "ab\xe6\xbc\xa2" "cdef" } } },
	{ "DCH works outside of the region", "ABCDEF\033[3;6r\033[1;2H\033[3P", .rows = { { 1, "AEF" } } },
	{ "ICH works outside of the region", "ABCDEF\033[3;6r\033[1;2H\033[3@", .rows = { { 1, "A   BCDEF" } } },
	{ "CUD stops at the bottom margin", "\033[3;6r\033[4;1H\033[9BX", .rows = { { 6, "X" }, { 13, "" } } },
	{ "CUU stops at the top margin", "\033[3;6r\033[5;1H\033[9AX", .rows = { { 3, "X" }, { 1, "" } } },
	{ "DECSTBM with the top below the bottom does nothing", "\033[5;5H\033[6;3rX", .rows = { { 5, "    X" }, { 1, "" } } },
	{ "SGR takes more than 14 numbers", "\033[0;1;3;4;9;38;2;0;200;0;48;2;200;0;0mX\033[m",
	  .cells = { { 1, 1, RGB(0, 200, 0), RGB(200, 0, 0) } } },
	{ "a mark does not bring back an erased character", "ab\033[2K\xcc\x81x", .rows = { { 1, "  x" } } },
	{ "REP repeats nothing after a sequence", "A\033[5C\033[3b|", .rows = { { 1, "A     |" } } },
	{ "a wide character without wrap stays in its row", "\033[?7l\033[1;80H\xe6\xbc\xa2x\033[?7h", .rows = { { 2, "" } } },
	{ "DECALN resets the margins and homes the cursor", "\033[3;6r\033[5;5H\033#8\033[KX",
	  .rows = { { 1, "X" }, { 5, "EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE" } } },
	{ "DEC graphics have less and greater or equal", "\033(0yz\033(B", .rows = { { 1, "\xe2\x89\xa4\xe2\x89\xa5" } } },
	{ "CPR counts from the margin in origin mode", "\033[3;10r\033[?6h\033[2;2H\033[6n", .answer = "\033[2;2R" },
	{ "a sequence with a colon outside of SGR does nothing", "\033[5;5H\033[2:3HX", .rows = { { 5, "    X" }, { 2, "" } } },
	{ "CSI 18 t reports the size", "\033[18t", .answer = "\033[8;24;80t" },
	{ "DECRQM reports a mode", "\033[?7$p\033[?7l\033[?7$p\033[4$p", .answer = "\033[?7;1$y\033[?7;2$y\033[4;2$y" },
	{ "a title ends at BEL and at ST", "\033]2;one\a\033]0;two\033\\x", .rows = { { 1, "x" } }, .title = "two" },
};

struct seen {
	struct str answer, title;
};

static void on_answer(void *data, const void *bytes, size_t len)
{
	str_add(&((struct seen *)data)->answer, bytes, len);
}

static void on_title(void *data, const char *utf8)
{
	struct seen *seen = data;

	str_clear(&seen->title);
	str_adds(&seen->title, utf8);
}

/* The next three return what differs, or NULL. */
static char *row_difference(const struct terminal *term, const struct example *example)
{
	char text[512];

	for (size_t i = 0; i < 2 && example->rows[i].row; i++) {
		terminal_row_text(term, example->rows[i].row - 1, text, sizeof(text));
		if (!text_equal(text, example->rows[i].text))
			return mem_printf("row %d is \"%s\"", example->rows[i].row, text);
	}
	return NULL;
}

static char *cell_difference(const struct terminal *term, const struct example *example)
{
	struct cell cell;

	for (size_t i = 0; i < 2 && example->cells[i].row; i++) {
		int foreground = example->cells[i].foreground, background = example->cells[i].background;

		terminal_cell(term, example->cells[i].row - 1, example->cells[i].column - 1, &cell);
		if ((foreground != ANY && cell.foreground != foreground) || (background != ANY && cell.background != background))
			return mem_printf("row %d column %d has colours 0x%x, 0x%x", example->cells[i].row,
			                  example->cells[i].column, (unsigned)cell.foreground, (unsigned)cell.background);
	}
	return NULL;
}

static char *other_difference(const struct terminal *term, const struct example *example, const struct seen *seen)
{
	int row, column, shape;

	if (terminal_cursor(term, &row, &column, &shape) == example->hidden)
		return mem_printf("the cursor is %s", example->hidden ? "visible" : "hidden");
	if (example->answer && !text_equal(seen->answer.text, example->answer))
		return mem_printf("the answer is %s", seen->answer.len > 0 ? seen->answer.text + 1 : "missing");
	if (example->title && !text_equal(seen->title.text, example->title))
		return mem_printf("the title is \"%s\"", seen->title.text);
	return NULL;
}

static void compare(struct differences *list, const struct example *example)
{
	static const struct terminal_events events = { .answer = on_answer, .title = on_title };
	static const char clear[] = "\033[H\033[2J";
	struct seen seen;
	struct terminal *term;
	char *what;

	str_init(&seen.answer);
	str_init(&seen.title);
	term = terminal_new(24, 80, 0, &events, &seen);
	terminal_answers(term, true);
	terminal_write(term, clear, strlen(clear));
	terminal_write(term, example->written, strlen(example->written));
	what = row_difference(term, example);
	if (!what)
		what = cell_difference(term, example);
	if (!what)
		what = other_difference(term, example, &seen);
	differences_note(list, example->name, what);
	free(what);
	terminal_free(term);
	str_finish(&seen.answer);
	str_finish(&seen.title);
}

static void short_streams_give_the_screens_of_xterm(void **state)
{
	struct differences *list = differences_read("tests/golden/terminal/known-differences/screens.txt");

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		compare(list, &examples[i]);
	differences_finish(list, "short streams that give the screen of xterm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_streams_give_the_screens_of_xterm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
