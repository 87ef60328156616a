/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Fed in pieces of every length, it must come to the same; out is the caller's. */
static void show(const char *text, size_t piece, struct str *out, struct str *reset)
{
	struct shown shown;
	size_t len = strlen(text);

	str_init(out);
	str_init(reset);
	shown_init(&shown);
	for (size_t at = 0; at < len; at += piece)
		shown_feed(&shown, text + at, at + piece < len ? piece : len - at, out);
	shown_flush(&shown, out);
	shown_reset(&shown, reset);
}

static void queries_are_left_out_and_all_else_stays(void **state)
{
	static const char text[] = "a\033[6nb\033[31mc\033]11;?\007d\033[?1049he\033[c";

	(void)state;
	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct str out, reset;

		show(text, piece, &out, &reset);
		assert_string_equal(out.text, "ab\033[31mcd\033[?1049he");
		assert_true(text_starts(reset.text, "\033[?1049l\033[0m\033[?25h"));
		str_finish(&out);
		str_finish(&reset);
	}
}

static void what_has_no_end_is_shown_at_the_end(void **state)
{
	struct str out, reset;

	(void)state;
	show("a\033[1;3", 2, &out, &reset);
	assert_string_equal(out.text, "a\033[1;3");
	/* The alternate screen was not entered. */
	assert_true(text_starts(reset.text, "\033[0m"));
	str_finish(&out);
	str_finish(&reset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_are_left_out_and_all_else_stays),
		cmocka_unit_test(what_has_no_end_is_shown_at_the_end),
	};

	return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
