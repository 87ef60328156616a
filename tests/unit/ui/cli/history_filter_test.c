/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/cli/history_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void show(const char *text, bool raw, struct str *out, struct str *reset)
{
	struct history_filter history;

	str_init(out);
	str_init(reset);
	history_filter_init(&history, true);
	history.raw = raw;
	history_filter_feed(&history, text, strlen(text), out);
	history_filter_reset(&history, reset);
	history_filter_finish(&history);
}

struct undone {
	const char *name, *set, *reset;	/* reset NULL: it must not even pass */
};

/* What a guest can leave a terminal in, and what must then be among the bytes that give it back. */
static const struct undone modes[] = {
	{ "keyboard lock", "\033[2h", NULL },
	{ "insert", "\033[4h", "\033[4l" },
	{ "new line", "\033[20h", "\033[20l" },
	{ "origin", "\033[?6h", "\033[?6l" },
	{ "reverse video", "\033[?5h", "\033[?5l" },
	{ "side margins", "\033[?69h\033[5;10s", "\033[?69l" },
	{ "mouse 9", "\033[?9h", "\033[?9l" },
	{ "mouse 1000", "\033[?1000h", "\033[?1000l" },
	{ "mouse 1003", "\033[?1003h", "\033[?1003l" },
	{ "mouse 1005", "\033[?1005h", "\033[?1005l" },
	{ "mouse 1015", "\033[?1015h", "\033[?1015l" },
	{ "mouse 1016", "\033[?1016h", "\033[?1016l" },
	{ "focus", "\033[?1004h", "\033[?1004l" },
	{ "wheel as arrows", "\033[?1007h", NULL },
	{ "kitty keyboard", "\033[>1u", "\033[<99u\033[=0;1u" },
	{ "kitty keyboard, set", "\033[=1;1u", "\033[<99u\033[=0;1u" },
	{ "kitty keyboard on both screens", "\033[>1u\033[?1049h\033[>1u", "\033[<99u\033[=0;1u\033[?1049l\033[<99u\033[=0;1u" },
	{ "modifyOtherKeys", "\033[>4;2m", "\033[>4m" },
	{ "synchronized", "\033[?2026h", NULL },
	{ "cursor shape", "\033[5 q", "\033[0 q" },
	{ "cursor blinking", "\033[?12h", "\033[0 q" },
	{ "printer", "\033[5i", NULL },
	{ "palette", "\033]4;1;#00ff00\007", NULL },
	{ "foreground", "\033]10;#ff00ff\007", NULL },
	{ "132 columns", "\033[?40h\033[?3h", NULL },
	{ "alternate screen", "\033[?1049h", "\033[?1049l" },
	{ "bracketed paste", "\033[?2004h", "\033[?2004l" },
	{ "no cursor", "\033[?25l", "\033[?25h" },
	{ "no autowrap", "\033[?7l", "\033[?7h" },
	{ "application keys", "\033[?1h", "\033[?1l" },
	{ "application keypad", "\033=", "\033>" },
	{ "scroll region", "\033[5;6r", "\033[r" },
	{ "line drawing", "\033(0", "\033(B" },
	{ "shifted", "\016", "\017" },
	{ "protected", "\033[1\"q", "\033[0\"q" },
	{ "colours", "\033[7;31m", "\033[0m" },
	{ "function keys", "\033P0;1|17/726d0d\033\\", NULL },
};

static void modes_of_the_guest_are_undone_or_have_not_passed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct str out, reset;

		show(modes[i].set, false, &out, &reset);
		if (modes[i].reset ? !strstr(reset.text, modes[i].reset) || strcmp(out.text, modes[i].set) != 0 : out.len > 0)
			fail_msg("%s stays", modes[i].name);
		str_finish(&out);
		str_finish(&reset);
	}
}

static void nothing_is_undone_that_was_not_set(void **state)
{
	struct str out, reset;

	(void)state;
	show("plain\r\n", false, &out, &reset);
	assert_string_equal(reset.text, "\033[0m\017");
	str_finish(&out);
	str_finish(&reset);
}

static void margins_are_undone_without_moving_the_cursor(void **state)
{
	struct str out, reset;

	(void)state;
	show("\033[5;6r", false, &out, &reset);
	assert_true(text_starts(reset.text, "\0337\033[r\0338"));
	str_finish(&out);
	str_finish(&reset);
	/* One that is bound to them cannot stay. */
	show("\033[5;6r\033[?6h", false, &out, &reset);
	assert_true(text_starts(reset.text, "\033[?6l\033[r\033[999;1H"));
	str_finish(&out);
	str_finish(&reset);
}

/* The main screen's cursor comes back with the mode that it was saved in. */
static void origin_mode_is_not_restored_with_the_main_screen(void **state)
{
	struct str out, reset;

	(void)state;
	show("\033[?6h\033[?1049h\033[?6l", false, &out, &reset);
	assert_true(text_starts(reset.text, "\033[?1049l\033[?6l"));
	str_finish(&out);
	str_finish(&reset);
}

static void raw_mode_passes_everything_and_resets_everything(void **state)
{
	static const char text[] = "\033]52;c;Zm9v\007\033[>31u\033[2h\033[6n";
	struct str out, reset;

	(void)state;
	show(text, true, &out, &reset);
	assert_string_equal(out.text, text);
	assert_non_null(strstr(reset.text, "\033[<99u"));
	assert_non_null(strstr(reset.text, "\033[2l"));
	str_finish(&out);
	str_finish(&reset);
}

static void answers_are_expected_only_after_queries_and_reports(void **state)
{
	static const struct { const char *text; bool asks, expect; } rows[] = {
		{ "plain", true, false }, { "\033[6n", true, true }, { "\033[6n", false, false },
		{ "\033[?1004h\033[?1004l", false, true }, { "\033[?1000h", false, true }, { "\033[?2004h", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct history_filter history;
		struct str out;

		str_init(&out);
		history_filter_init(&history, true);
		history.filter.asks = rows[i].asks;
		history_filter_feed(&history, rows[i].text, strlen(rows[i].text), &out);
		assert_int_equal(history_filter_may_be_answered(&history), rows[i].expect);
		history_filter_finish(&history);
		str_finish(&out);
	}
}

static void keys_are_encoded_only_for_a_guest_that_asked(void **state)
{
	static const struct { const char *text; bool expect; } rows[] = {
		{ "plain", false }, { "\033[>4;2m", true }, { "\033[>4;2m\033[>4m", false }, { "\033[>4;1m\033[>4;0m", false },
		{ "\033[>1u", true }, { "\033[>1u\033[<u", false }, { "\033[=1u\033[?1049h", false }, { "\033[>30u", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct history_filter history;
		struct str out;

		str_init(&out);
		history_filter_init(&history, true);
		history_filter_feed(&history, rows[i].text, strlen(rows[i].text), &out);
		assert_int_equal(history_filter_spells_keys(&history), rows[i].expect);
		history_filter_finish(&history);
		str_finish(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_of_the_guest_are_undone_or_have_not_passed),
		cmocka_unit_test(nothing_is_undone_that_was_not_set),
		cmocka_unit_test(margins_are_undone_without_moving_the_cursor),
		cmocka_unit_test(origin_mode_is_not_restored_with_the_main_screen),
		cmocka_unit_test(raw_mode_passes_everything_and_resets_everything),
		cmocka_unit_test(keys_are_encoded_only_for_a_guest_that_asked),
		cmocka_unit_test(answers_are_expected_only_after_queries_and_reports),
	};

	return cmocka_run_group_tests_name("history_filter", tests, NULL, NULL);
}
