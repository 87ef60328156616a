/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct terminal_events nobody = { .bell = NULL };

static void feed(struct terminal *term, const char *text)
{
	terminal_write(term, text, strlen(text));
}

/* `count` lines with a link each: http://FIRST and those that follow. */
static void feed_links(struct terminal *term, int first, int count)
{
	for (int i = first; i < first + count; i++) {
		char text[100];

		snprintf(text, sizeof(text), "\r\n\033]8;;http://%d\033\\%d\033]8;;\033\\", i, i);
		feed(term, text);
	}
}

static const char *link_at(const struct terminal *term, int row, int column)
{
	struct cell cell;

	terminal_cell(term, row, column, &cell);
	return cell.link ? terminal_link(term, cell.link) : "";
}

static void saved_pens_keep_their_links(void **state)
{
	struct terminal *term = terminal_new(4, 20, 0, &nobody, NULL);

	(void)state;
	feed(term, "\033]8;;http://saved\033\\\0337\033]8;;\033\\\033[?47h\033]8;;http://other\033\\\0337\033]8;;\033\\\033[?47l");
	feed_links(term, 0, 1000);
	feed(term, "\0338\033[Hx\033[?47h\0338\033[H-");
	assert_string_equal(link_at(term, 0, 0), "http://other");
	feed(term, "\033[?47l");
	assert_string_equal(link_at(term, 0, 0), "http://saved");
	terminal_free(term);
}

static void a_pen_that_was_pushed_keeps_its_link(void **state)
{
	struct terminal *term = terminal_new(4, 20, 0, &nobody, NULL);

	(void)state;
	feed(term, "\033]8;;http://pushed\033\\\033[#{\033]8;;\033\\");
	feed_links(term, 0, 1000);
	feed(term, "\033[#}\033[Hx");
	assert_string_equal(link_at(term, 0, 0), "http://pushed");
	terminal_free(term);
}

/* Where the history has more links than there are numbers, the oldest are gone, and none has become another. */
static void new_links_take_the_place_of_the_oldest_in_the_history(void **state)
{
	struct terminal *term = terminal_new(4, 20, 2000, &nobody, NULL);
	int linked = 0;

	(void)state;
	feed_links(term, 0, 1000);
	for (int i = 0; i < 1000; i++) {
		const char *uri = link_at(term, 3 - i, 0);
		char expected[32];

		snprintf(expected, sizeof(expected), "http://%d", 999 - i);
		if (*uri || i < 150)
			assert_string_equal(uri, expected);
		linked += *uri != '\0';
	}
	assert_in_range(linked, 150, 255);
	terminal_free(term);
}

static void links_on_the_screen_stay_when_there_are_too_many(void **state)
{
	struct terminal *term = terminal_new(300, 20, 0, &nobody, NULL);
	char expected[32];

	(void)state;
	feed_links(term, 1, 299);
	for (int i = 1; i < 300; i++) {
		snprintf(expected, sizeof(expected), "http://%d", i);
		assert_string_equal(link_at(term, i, 0), i < 256 ? expected : "");
	}
	feed(term, "\033[2J\033[H");
	feed_links(term, 1, 200);
	assert_string_equal(link_at(term, 20, 0), "http://20");
	assert_string_equal(link_at(term, 200, 0), "http://200");
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_pens_keep_their_links),
		cmocka_unit_test(a_pen_that_was_pushed_keeps_its_link),
		cmocka_unit_test(new_links_take_the_place_of_the_oldest_in_the_history),
		cmocka_unit_test(links_on_the_screen_stay_when_there_are_too_many),
	};

	return cmocka_run_group_tests_name("terminal, links", tests, NULL, NULL);
}
