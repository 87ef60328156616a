/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/autowrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const struct { const char *in, *out; } rows[] = {
	{ "\033c\033[?7l\033[2J\033[0mSeaBIOS", "\033c\033[?7h\033[2J\033[0mSeaBIOS" },
	{ "\033[?7l", "\033[?7l" },			/* a program's own wish */
	{ "\033c\033[2J\033[?7l", "\033c\033[2J\033[?7l" },
	{ "\033\033c\033[?7lx", "\033\033c\033[?7hx" },
	{ "\033c\033c\033[?7l", "\033c\033c\033[?7h" },
	{ "\033c\033[?7h", "\033c\033[?7h" },
	{ "\033c\033[?7l\033c\033[?7l", "\033c\033[?7h\033c\033[?7h" },
	{ "plain", "plain" },
};

/* Serial lines bring single bytes, floods bring all at once. */
static void autowrap_survives_the_firmware_in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].in);

		for (size_t piece = 1; piece <= len; piece++) {
			struct firmware_wrap wrap = { 0 };
			char bytes[64];

			memcpy(bytes, rows[i].in, len + 1);
			for (size_t at = 0; at < len; at += piece)
				firmware_keep_wrap(&wrap, bytes + at, len - at < piece ? len - at : piece);
			assert_string_equal(bytes, rows[i].out);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(autowrap_survives_the_firmware_in_pieces_of_any_size),
	};

	return cmocka_run_group_tests_name("firmware wrap", tests, NULL, NULL);
}
