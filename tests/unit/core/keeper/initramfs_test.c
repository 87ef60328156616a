/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/initramfs.h"
#include "core/qemu/plan/plan_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct { const char *text; unsigned times; } rows[] = {
	{ "(initramfs) ", 1 },
	{ "boot\r\n((initramf) ((initramfs)", 1 },
	{ "(initramfs) ls\r\n(initramfs) ", 1 },
	{ "(init)ramfs) initramfs)", 0 },
	{ "no parenthesis (", 0 },
};

static void a_prompt_is_seen_once_in_pieces_of_any_size(void **state)
{
	static const struct plan plan = { .arg_count = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);

		for (size_t piece = 1; piece <= len; piece++) {
			unsigned place = 0, times = 0;

			for (size_t at = 0; at < len; at += piece)
				times += initramfs_seen(&place, rows[i].text + at, len - at < piece ? len - at : piece, &plan);
			assert_int_equal(times, rows[i].times);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prompt_is_seen_once_in_pieces_of_any_size),
	};

	return cmocka_run_group_tests_name("initramfs", tests, NULL, NULL);
}
