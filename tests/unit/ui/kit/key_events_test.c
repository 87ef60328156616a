/* SPDX-License-Identifier: MIT */
/* Kinds of events and alternates of the kitty protocol: from what the user's terminal sends to what a guest gets. */
#include "core/base/str.h"
#include "ui/kit/key_meaning.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void take(const struct input_modes *guest, const char *sent, struct str *out)
{
	struct key_parser parser;
	struct key_token token;
	struct key key;
	char bytes[64];

	key_parser_init(&parser, NULL, 0);
	key_parser_feed(&parser, sent, strlen(sent));
	while (key_parser_next(&parser, &token)) {
		enum key_meaning meaning = key_meaning(&parser, &token, &key);

		if (meaning == KEY_MEANS_KEY || meaning == KEY_MEANS_FOREIGN)
			str_add(out, bytes, key_encode(guest, &key, bytes));
	}
	key_parser_finish(&parser);
}

#define DISAMBIGUATED KITTY_DISAMBIGUATE
#define EVENTS (KITTY_DISAMBIGUATE | KITTY_EVENT_TYPES)
#define ALTERNATES (KITTY_DISAMBIGUATE | KITTY_ALTERNATES)

static const struct {
	unsigned flags;
	const char *sent, *gets;
} rows[] = {
	/* A guest without the protocol, or without kinds of events, has no releases. */
	{ 0, "a\033[97;1:3u\033[1;1:2A\033[1;1:3A", "a\033[A" },
	{ DISAMBIGUATED, "a\033[97;1:3u\033[1;1:2A\033[1;1:3A\033[3;5:3~", "a\033[A" },
	{ KITTY_EVENT_TYPES, "\033[97;1:3u", "" },
	{ EVENTS, "a\033[97;1:3u", "a\033[97;1:3u" },
	{ EVENTS, "\033[97;5u\033[97;5:2u\033[97;5:3u", "\033[97;5u\033[97;5:2u\033[97;5:3u" },
	{ EVENTS, "\033[1;1:2A\033[1;1:3A\033[1;5:3P\033[3;1:3~", "\033[1;1:2A\033[1;1:3A\033[1;5:3P\033[3;1:3~" },
	{ EVENTS, "\033[57441;2u\033[57441;1:3u\033[57414;1:3u", "\033[57441;2u\033[57441;1:3u\033[57414;1:3u" },
	{ EVENTS, "\033[27u\033[27;1:3u", "\033[27u\033[27;1:3u" },
	{ EVENTS, "\033[97;9u\033[97;9:3u", "\033[97;9u\033[97;9:3u" },
	/* Enter, Tab and Backspace have releases only with all keys. */
	{ EVENTS, "\033[13;1:2u\033[13;1:3u\033[9;1:3u\033[127;1:3u", "\r" },
	{ EVENTS | KITTY_ALL_KEYS, "\033[13;1:2u\033[13;1:3u\033[97;1:3u", "\033[13;1:2u\033[13;1:3u\033[97;1:3u" },
	{ EVENTS | KITTY_ALL_KEYS | KITTY_TEXT, "\033[97;1:2u\033[97;1:3u", "\033[97;1:2;97u\033[97;1:3u" },
	/* Alternates. */
	{ DISAMBIGUATED, "\033[1089::99;5u", "\033[99;5u" },
	{ ALTERNATES, "\033[1089::99;5u", "\033[1089::99;5u" },
	{ ALTERNATES, "\033[97:65;6u\033[49:33;6u", "\033[97:65;6u\033[49:33;6u" },
	{ ALTERNATES, "\033[1089:1057:99;6u", "\033[1089:1057:99;6u" },
	{ ALTERNATES, "\033[97:65;2u\033[49:33;2u", "A!" },
	{ ALTERNATES | KITTY_ALL_KEYS | KITTY_TEXT, "\033[49:33;2u", "\033[49:33;2;33u" },
	{ ALTERNATES | KITTY_EVENT_TYPES, "\033[97:65;6:3u", "\033[97:65;6:3u" },
};

static void a_guest_gets_what_it_asks_for_and_the_terminal_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct input_modes guest = { 0 };
		struct str out;

		str_init(&out);
		input_kitty_push(&guest, false, rows[i].flags);
		take(&guest, rows[i].sent, &out);
		assert_string_equal(out.text, rows[i].gets);
		str_finish(&out);
	}
}

static void views_do_not_get_releases(void **state)
{
	static const char *const sent[] = { "\033[97;1:3u", "\033[1;1:3A", "\033[3;1:3~", "\033[13;1:3u" };

	(void)state;
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		struct key_parser parser;
		struct key_token token;
		struct key key;

		key_parser_init(&parser, NULL, 0);
		key_parser_feed(&parser, sent[i], strlen(sent[i]));
		assert_true(key_parser_next(&parser, &token));
		assert_int_equal(key_meaning(&parser, &token, &key), KEY_MEANS_FOREIGN);
		assert_true(key.detail.foreign);
		key_parser_finish(&parser);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guest_gets_what_it_asks_for_and_the_terminal_reports),
		cmocka_unit_test(views_do_not_get_releases),
	};

	return cmocka_run_group_tests_name("key events", tests, NULL, NULL);
}
