/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/console_tail.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void assert_tail(int rows, int columns, const char *written, size_t size, const char *expected)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *screen = terminal_new(rows, columns, 0, &nobody, NULL);
	char tail[4096];

	terminal_write(screen, written, strlen(written));
	console_tail(screen, tail, size);
	assert_string_equal(tail, expected);
	terminal_free(screen);
}

static void the_tail_is_text_without_what_surrounds_it(void **state)
{
	(void)state;
	assert_tail(24, 80, "", 4096, "");
	assert_tail(24, 80, "one\r\n\r\n\033[31mtwo\033[0m \033]0;title\007\r\n\r\n", 4096, "one\n\ntwo");
	assert_tail(24, 80, "\033[12;40Hmiddle", 4096, "\n\n\n\n\n\n\n\n\n\n\n                                       middle");
	/* A line of 10 columns on a screen of 4. */
	assert_tail(6, 4, "0123456789\r\nnext", 4096, "0123456789\nnext");
	/* What does not fit is cut at the beginning, and in whole lines. */
	assert_tail(24, 80, "first\r\nsecond\r\nthird", 13, "second\nthird");
	assert_tail(24, 80, "first\r\nsecond\r\nthird", 12, "third");
	assert_tail(24, 80, "first\r\nsecond\r\nthird", 5, "");
	assert_tail(24, 80, "gr\xc3\xbc\xc3\x9f", 4096, "gr\xc3\xbc\xc3\x9f");
}

static void the_tail_has_twenty_lines(void **state)
{
	char written[512] = "", expected[512] = "";

	(void)state;
	for (int i = 1; i <= 30; i++) {
		size_t at = strlen(written);

		snprintf(written + at, sizeof(written) - at, "line %d\r\n", i);
		at = strlen(expected);
		if (i > 30 - CONSOLE_TAIL_LINES)
			snprintf(expected + at, sizeof(expected) - at, "line %d%s", i, i < 30 ? "\n" : "");
	}
	assert_tail(40, 80, written, sizeof(written), expected);
}

static void the_reason_of_a_panic_is_found(void **state)
{
	static const struct { const char *tail, *reason; } rows[] = {
		{ "", "" },
		{ "login:", "" },
		{ "[    1.5] Kernel panic - not syncing: sysrq triggered crash\r\n[    1.6] CPU: 0", "not syncing: sysrq triggered crash" },
		{ "Kernel panic - not syncing: first\nKernel panic - not syncing: last\033[0m", "not syncing: last" },
		{ "x\n---[ end Kernel panic - not syncing: VFS: Unable ]---\r\n", "not syncing: VFS: Unable" },
		{ "Kernel panic - ", "" },
		{ "Kernel panic - not syncing: 0123456789012345678901234567890", "not syncing: 01234567890123456789012345" },
		{ "Kernel panic - not syncing: gr\xc3\xbc\xc3\x9f", "not syncing: gr????" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ring *ring = ring_new();
		char reason[40];

		ring_add(ring, rows[i].tail, strlen(rows[i].tail));
		console_panic(ring, reason, sizeof(reason));
		assert_string_equal(reason, rows[i].reason);
		ring_free(ring);
	}
}

/* A call trace follows it; and the ring has come round in the middle of it. */
static void a_panic_is_found_far_above_the_end(void **state)
{
	struct ring *ring = ring_new();
	char reason[40], line[64] = "[    1.0]  ? some_function+0x10/0x20\r\n";

	(void)state;
	while (ring_end(ring) + 20 < RING_SIZE)
		ring_add(ring, "x", 1);
	ring_add(ring, "Kernel panic - not syncing: far\r\n", 33);
	for (int i = 0; i < 200; i++)
		ring_add(ring, line, strlen(line));
	console_panic(ring, reason, sizeof(reason));
	assert_string_equal(reason, "not syncing: far");
	for (int i = 0; i < 2000; i++)
		ring_add(ring, line, strlen(line));
	console_panic(ring, reason, sizeof(reason));
	assert_string_equal(reason, "");
	ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tail_is_text_without_what_surrounds_it),
		cmocka_unit_test(the_tail_has_twenty_lines),
		cmocka_unit_test(the_reason_of_a_panic_is_found),
		cmocka_unit_test(a_panic_is_found_far_above_the_end),
	};

	return cmocka_run_group_tests_name("console tail", tests, NULL, NULL);
}
