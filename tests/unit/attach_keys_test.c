/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/attach.h"
#include "ui/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

struct row {
	const char *typed;
	const char *sent;
	enum attach_action action;
};

static const struct row rows[] = {
	{ "ls\r", "ls\r", ATTACH_TYPE },
	{ "~.", "", ATTACH_DETACH },		/* before anything was typed */
	{ "x~.", "x~.", ATTACH_TYPE },		/* not at a line's start */
	{ "x\r~.y", "x\r", ATTACH_DETACH },
	{ "x\n~.", "x\n", ATTACH_DETACH },
	{ "\r~~.", "\r~.", ATTACH_TYPE },	/* one ~ for the guest's own ssh */
	{ "\r~/bin", "\r~/bin", ATTACH_TYPE },
	{ "\r~\r~.", "\r~\r", ATTACH_DETACH },
	{ "\r~?", "\r", ATTACH_HELP },
	{ "\r\033[24;5R~.", "\r\033[24;5R", ATTACH_DETACH },	/* the terminal's answer to a prompt that asks */
	{ "\r\033[?62;c\033]11;rgb:0/0/0\007\033P1$r0m\033\\~.", "\r\033[?62;c\033]11;rgb:0/0/0\007\033P1$r0m\033\\", ATTACH_DETACH },
	{ "\r\033[A~.", "\r\033[A~.", ATTACH_TYPE },	/* an arrow is a key */
	{ "\r\033OA~.", "\r\033OA~.", ATTACH_TYPE },
	{ "\r\033x~.", "\r\033x~.", ATTACH_TYPE },
	{ "x\033[24;5R~.", "x\033[24;5R~.", ATTACH_TYPE },
	{ "\033[24;5R\007d", "\033[24;5R", ATTACH_DETACH },
	{ "\007d", "", ATTACH_DETACH },
	{ "a\007d", "a", ATTACH_DETACH },
	{ "\007\007", "\007", ATTACH_TYPE },	/* twice sends it */
	{ "\007x", "", ATTACH_TYPE },		/* no such command: neither key goes to the guest */
	{ "\007?", "", ATTACH_HELP },
	{ "\001x\002\035\017", "\001x\002\035\017", ATTACH_TYPE },	/* the guest's own prefixes */
};

static void escapes_are_taken_out_and_the_rest_goes_to_the_guest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attach_keys keys = { .prefix = 7, .line_start = true };
		struct str out;
		size_t used;

		str_init(&out);
		assert_int_equal(attach_keys_feed(&keys, rows[i].typed, strlen(rows[i].typed), &used, &out),
		                 rows[i].action);
		assert_string_equal(out.text, rows[i].sent);
		str_finish(&out);
	}
}

/* A slow typist gives the same as a paste. */
static void keys_may_arrive_one_by_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attach_keys keys = { .prefix = 7, .line_start = true };
		enum attach_action action = ATTACH_TYPE;
		struct str out;
		size_t used;

		str_init(&out);
		for (const char *p = rows[i].typed; *p && action == ATTACH_TYPE; p++)
			action = attach_keys_feed(&keys, p, 1, &used, &out);
		assert_int_equal(action, rows[i].action);
		assert_string_equal(out.text, rows[i].sent);
		str_finish(&out);
	}
}

static void what_follows_an_escape_is_left_for_later(void **state)
{
	(void)state;
	struct attach_keys keys = { .prefix = 7, .line_start = true };
	struct str out;
	size_t used;

	str_init(&out);
	assert_int_equal(attach_keys_feed(&keys, "a\007?bc", 5, &used, &out), ATTACH_HELP);
	assert_int_equal(used, 3);
	assert_int_equal(attach_keys_feed(&keys, "bc", 2, &used, &out), ATTACH_TYPE);
	assert_string_equal(out.text, "abc");
	str_finish(&out);
}

static void a_prefix_is_ctrl_and_a_letter_however_it_is_written(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "g", "C-", "C-gg", "C-1", "C-[x", "Meta-g", "^", "C-i", "^J", "Ctrl-m", "C-[" };
	unsigned char prefix = 0;

	assert_true(settings_parse_prefix("C-g", &prefix) && prefix == 7);
	assert_true(settings_parse_prefix("c-G", &prefix) && prefix == 7);
	assert_true(settings_parse_prefix("^B", &prefix) && prefix == 2);
	assert_true(settings_parse_prefix("Ctrl-a", &prefix) && prefix == 1);
	assert_true(settings_parse_prefix("C-\\", &prefix) && prefix == 28);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(settings_parse_prefix(bad[i], &prefix));
	assert_int_equal(settings_prefix(NULL), SETTINGS_PREFIX);
	/* Each is told so that it can be written again. */
	for (unsigned char c = 1; c < 32; c++) {
		char name[8];

		/* Esc, Tab and Enter send these. */
		if (c == 27 || c == '\t' || c == '\n' || c == '\r')
			continue;
		assert_true(settings_parse_prefix(settings_prefix_name(c, name), &prefix) && prefix == c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_taken_out_and_the_rest_goes_to_the_guest),
		cmocka_unit_test(keys_may_arrive_one_by_one),
		cmocka_unit_test(what_follows_an_escape_is_left_for_later),
		cmocka_unit_test(a_prefix_is_ctrl_and_a_letter_however_it_is_written),
	};

	return cmocka_run_group_tests_name("attach keys", tests, NULL, NULL);
}
