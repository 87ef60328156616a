/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/cli/attach.h"
#include "ui/kit/settings.h"

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
	{ "x\033\r~.", "x\033\r", ATTACH_DETACH },
	{ "\r\033x~.", "\r\033x~.", ATTACH_TYPE },
	/* An answer, a moved mouse or a lost focus in the middle of it. */
	{ "\r~\033[24;5R.", "\r\033[24;5R", ATTACH_DETACH },
	{ "\r~\033]11;rgb:0/0/0\033\\.", "\r\033]11;rgb:0/0/0\033\\", ATTACH_DETACH },
	{ "\r~\033[?62;c\033[8;24;80t\033[0n.", "\r\033[?62;c\033[8;24;80t\033[0n", ATTACH_DETACH },
	{ "\r\033[<35;1;1M~\033[I.", "\r\033[<35;1;1M\033[I", ATTACH_DETACH },
	{ "\r\033[M ~.~.", "\r\033[M ~.", ATTACH_DETACH },
	{ "\007\033[1;1Rd", "\033[1;1R", ATTACH_DETACH },
	{ "\r~\033[A.", "\r~\033[A.", ATTACH_TYPE },	/* a key ends it, and is sent behind the ~ */
	{ "\r\033]~\r~.", "\r\r", ATTACH_DETACH },	/* an answer that a key breaks off */
	{ "\r\033\033[A~.", "\r\033\033[A~.", ATTACH_TYPE },
	/* The same keys, spelled out. */
	{ "\033[103;5ud", "", ATTACH_DETACH },
	{ "\033[27;5;103~d", "", ATTACH_DETACH },
	{ "\033[13u\033[27;2;126~\033[46u", "\r", ATTACH_DETACH },
	{ "\033[27;5;105~\033[117;5u\033[127u\033[9;2u\033[102;3u\033[57419;5u", "\t\025\x7f\033[Z\033f\033[1;5A", ATTACH_TYPE },
	{ "\007\033[103;5u", "\007", ATTACH_TYPE },
	{ "\r~\033[105;5u", "\r~\t", ATTACH_TYPE },
	{ "x\033[24;5R~.", "x~.\033[24;5R", ATTACH_TYPE },
	{ "\033[24;5R\007d", "\033[24;5R", ATTACH_DETACH },
	{ "\007d", "", ATTACH_DETACH },
	{ "a\007d", "a", ATTACH_DETACH },
	{ "\007\007", "\007", ATTACH_TYPE },	/* twice sends it */
	{ "\007x", "", ATTACH_TYPE },		/* no such command: neither key goes to the guest */
	{ "\007?", "", ATTACH_HELP },
	{ "\001x\002\035\017", "\001x\002\035\017", ATTACH_TYPE },	/* the guest's own prefixes */
};

static void begin(struct attach_keys *keys, struct attach_sent *sent)
{
	attach_keys_init(keys, 7);
	str_init(&sent->typed);
	str_init(&sent->answers);
}

/* Keys and answers one after the other; frees them. */
static void assert_sent(struct attach_sent *sent, const char *expect)
{
	str_add(&sent->typed, sent->answers.text, sent->answers.len);
	assert_string_equal(sent->typed.text, expect);
	str_finish(&sent->typed);
	str_finish(&sent->answers);
}

static enum attach_action type(struct attach_keys *keys, const char *bytes, size_t len, struct attach_sent *sent)
{
	attach_keys_feed(keys, bytes, len);
	return attach_keys_take(keys, sent);
}

static bool holds(const struct attach_keys *keys)
{
	unsigned ms;

	return key_parser_waits(&keys->parser, 50, &ms);
}

static void escape_commands_are_removed_and_the_rest_goes_to_the_guest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attach_keys keys;
		struct attach_sent sent;

		begin(&keys, &sent);
		assert_int_equal(type(&keys, rows[i].typed, strlen(rows[i].typed), &sent),
		                 rows[i].action);
		assert_sent(&sent, rows[i].sent);
		attach_keys_finish(&keys);
	}
}

/* A slow typist gives the same as a paste. */
static void keys_may_arrive_one_by_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct attach_keys keys;
		enum attach_action action = ATTACH_TYPE;
		struct attach_sent sent;

		begin(&keys, &sent);
		for (const char *p = rows[i].typed; *p && action == ATTACH_TYPE; p++)
			action = type(&keys, p, 1, &sent);
		assert_int_equal(action, rows[i].action);
		assert_sent(&sent, rows[i].sent);
		attach_keys_finish(&keys);
	}
}

static void keys_after_an_escape_command_are_kept(void **state)
{
	(void)state;
	struct attach_keys keys;
	struct attach_sent sent;

	begin(&keys, &sent);
	assert_int_equal(type(&keys, "a\007?bc", 5, &sent), ATTACH_HELP);
	assert_string_equal(sent.typed.text, "a");
	assert_int_equal(attach_keys_take(&keys, &sent), ATTACH_TYPE);
	assert_sent(&sent, "abc");
	attach_keys_finish(&keys);
}

static void answers_are_distinguished_from_keys(void **state)
{
	static const char typed[] = "a\033[2;5R\033[1;5R\033[A\033]11;x\007b";

	(void)state;
	struct attach_keys keys;
	struct attach_sent sent;

	begin(&keys, &sent);
	type(&keys, typed, sizeof(typed) - 1, &sent);
	assert_string_equal(sent.typed.text, "a\033[1;5R\033[Ab");	/* Ctrl-F3 is spelled as an answer is */
	assert_string_equal(sent.answers.text, "\033[2;5R\033]11;x\007");
	str_clear(&sent.answers);
	str_clear(&sent.typed);
	assert_sent(&sent, "");
	attach_keys_finish(&keys);
}

static void a_lone_escape_is_a_key_if_nothing_follows(void **state)
{
	(void)state;
	struct attach_keys keys;
	struct attach_sent sent;

	begin(&keys, &sent);
	type(&keys, "~\033", 2, &sent);
	assert_true(holds(&keys));
	assert_int_equal(sent.typed.len, 0);
	key_parser_expire(&keys.parser);
	assert_int_equal(attach_keys_take(&keys, &sent), ATTACH_TYPE);
	assert_false(holds(&keys));
	assert_int_equal(type(&keys, ".", 1, &sent), ATTACH_TYPE);
	assert_sent(&sent, "~\033.");
	attach_keys_finish(&keys);
}

/* However long what looks like an answer is, Enter ~ . leaves. */
static void the_number_of_held_bytes_is_limited(void **state)
{
	(void)state;
	struct attach_keys keys;
	struct attach_sent sent;

	begin(&keys, &sent);
	type(&keys, "\033]", 2, &sent);
	for (int i = 0; i < 3 * KEY_HELD_MAX; i++)
		type(&keys, "x", 1, &sent);
	assert_int_equal(type(&keys, "\r~.", 3, &sent), ATTACH_DETACH);
	assert_sent(&sent, "\r");
	attach_keys_finish(&keys);
}

static void a_guest_gets_keys_in_the_encoding_that_it_asked_for(void **state)
{
	(void)state;
	struct attach_keys keys;
	struct attach_sent sent;

	begin(&keys, &sent);
	keys.spelled = true;
	assert_int_equal(type(&keys, "\033[117;5u\033[13u~\033[46u", 19, &sent), ATTACH_DETACH);
	assert_sent(&sent, "\033[117;5u\033[13u");
	attach_keys_finish(&keys);
}

static void a_prefix_is_ctrl_and_a_letter_in_any_spelling(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "g", "C-", "C-gg", "C-1", "C-[x", "Meta-g", "^", "C-i", "^J", "Ctrl-m", "C-[", "C-h", "^H" };
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

		/* Esc, Backspace, Tab and Enter send these. */
		if (c == 27 || c == '\b' || c == '\t' || c == '\n' || c == '\r')
			continue;
		assert_true(settings_parse_prefix(settings_prefix_name(c, name), &prefix) && prefix == c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_commands_are_removed_and_the_rest_goes_to_the_guest),
		cmocka_unit_test(keys_may_arrive_one_by_one),
		cmocka_unit_test(keys_after_an_escape_command_are_kept),
		cmocka_unit_test(answers_are_distinguished_from_keys),
		cmocka_unit_test(a_lone_escape_is_a_key_if_nothing_follows),
		cmocka_unit_test(the_number_of_held_bytes_is_limited),
		cmocka_unit_test(a_guest_gets_keys_in_the_encoding_that_it_asked_for),
		cmocka_unit_test(a_prefix_is_ctrl_and_a_letter_in_any_spelling),
	};

	return cmocka_run_group_tests_name("attach keys", tests, NULL, NULL);
}
