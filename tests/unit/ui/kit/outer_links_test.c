/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_links.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COLUMNS 20
#define ONE "http://one/"
#define TWO "http://two/"

static struct str written;
static struct outer_links *links;

static int put(int byte)
{
	str_addc(&written, (char)byte);
	return byte;
}

static int begin(void **state)
{
	struct error err;

	(void)state;
	str_init(&written);
	links = outer_links_new();
	return screen_open_hidden("xterm-256color", 4, COLUMNS, &err) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	outer_links_free(links);
	str_finish(&written);
	screen_close();
	return 0;
}

static void draw(int row, int column, const char *text, unsigned name, const char *uri)
{
	attrset(uri ? OUTER_LINKED : A_NORMAL);
	mvaddstr(row, column, text);
	outer_links_place(links, row, column, (int)strlen(text), uri ? outer_links_number(links, name, uri) : 0);
}

/* What is written for the links, with \\e for ESC. */
static const char *update(void)
{
	static char out[4096];
	size_t len = 0;

	str_clear(&written);
	wnoutrefresh(stdscr);
	outer_links_before(links);
	doupdate();
	outer_links_after(links, put);
	for (size_t i = 0; i < written.len && len + 3 < sizeof(out); i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len, written.text[i] == '\033' ? "\\e" : "%c", written.text[i]);
	out[len] = '\0';
	return out;
}

#define LINK(n, uri, text) "\\e]8;id=paddock-" n ";" uri "\\e\\" text
#define OFF "\\e]8;;\\e\\"
#define END OFF "\\e(B\\e[m"

static void cells_are_written_again_with_their_links(void **state)
{
	(void)state;
	draw(1, 2, "one", 7, ONE);
	draw(1, 5, "two", 8, TWO);
	draw(2, 0, "plain", 0, NULL);
	move(3, 4);
	assert_string_equal(update(), "\\e[2;3H" LINK("1", ONE, "one") LINK("2", TWO, "two") END "\\e[4;5H");
	/* Nothing has changed. */
	assert_string_equal(update(), "");
	draw(2, 0, "other", 0, NULL);
	assert_string_equal(update(), "");
}

static void a_link_that_ends_is_taken_from_the_terminal(void **state)
{
	(void)state;
	draw(0, 0, "one", 1, ONE);
	update();
	draw(0, 0, "one", 0, NULL);
	move(0, 0);
	/* The whole row, since curses could have moved cells in it. */
	assert_string_equal(update(), "\\e[1;1Hone                 \\e[1;1H");
	assert_string_equal(update(), "");
}

static void another_address_for_the_same_text_is_written(void **state)
{
	(void)state;
	draw(0, 0, "one", 1, ONE);
	update();
	draw(0, 0, "one", 1, TWO);
	move(0, 0);
	assert_string_equal(update(), "\\e[1;1H" LINK("2", TWO, "one") END "\\e[1;1H");
}

static void what_covers_a_link_has_none(void **state)
{
	WINDOW *over = newwin(1, 5, 0, 2);

	(void)state;
	draw(0, 0, "linked", 1, ONE);
	update();
	waddstr(over, "cover");
	wnoutrefresh(stdscr);
	wnoutrefresh(over);
	outer_links_before(links);
	doupdate();
	outer_links_after(links, put);
	assert_non_null(strstr(written.text, ONE "\033\\li\033]8;;\033\\\033(B\033[mcover"));
	delwin(over);
	/* And has it again when it is seen again. */
	touchwin(stdscr);
	assert_non_null(strstr(update(), LINK("1", ONE, "linked") OFF));
}

static void attributes_and_wide_characters_are_kept(void **state)
{
	(void)state;
	attrset(A_BOLD | OUTER_LINKED);
	mvaddstr(0, 0, "\344\270\255e\314\201");
	outer_links_place(links, 0, 0, 3, outer_links_number(links, 1, ONE));
	move(0, 0);
	assert_string_equal(update(), "\\e[1;1H" LINK("1", ONE, "\\e[1m\344\270\255e\314\201") END "\\e[1;1H");
	attrset(A_NORMAL);
	mvaddstr(1, 0, "x");
	update();
	draw(0, 5, "z", 1, ONE);
	assert_non_null(strstr(update(), LINK("1", ONE, "z")));
}

static void numbers_do_not_run_out(void **state)
{
	(void)state;
	for (int i = 0; i < 5 * OUTER_LINKS_KEPT; i++) {
		char uri[32];

		snprintf(uri, sizeof(uri), "http://x/%d", i);
		draw(0, i % COLUMNS, "x", (unsigned)i, uri);
		if (i % 7 == 0)
			assert_non_null(strstr(update(), uri));
	}
}

static void addresses_of_a_screen_have_a_limit(void **state)
{
	char uri[2049] = "http://";
	size_t count = 0;

	(void)state;
	memset(uri + 7, 'a', sizeof(uri) - 8);
	for (int i = 0; i < 4 * COLUMNS - 1; i++) {
		uri[2000] = (char)('0' + i % 2);
		draw(i / COLUMNS, i % COLUMNS, "x", (unsigned)i % 2, uri);
	}
	update();
	for (const char *at = written.text; (at = strstr(at, "id=")) != NULL; at++)
		count++;
	assert_in_range(count, OUTER_LINKS_BYTES / 2048, OUTER_LINKS_BYTES / 2048 + 1);
}

#define SCREEN_CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN_CASE(cells_are_written_again_with_their_links),
		SCREEN_CASE(a_link_that_ends_is_taken_from_the_terminal),
		SCREEN_CASE(another_address_for_the_same_text_is_written),
		SCREEN_CASE(what_covers_a_link_has_none),
		SCREEN_CASE(attributes_and_wide_characters_are_kept),
		SCREEN_CASE(numbers_do_not_run_out),
		SCREEN_CASE(addresses_of_a_screen_have_a_limit),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("outer links", tests, NULL, NULL);
}
