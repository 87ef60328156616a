/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan_data.h"
#include "core/terminal/terminal.h"
#include "ui/console/console_blank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ARGUMENTS 8

static const struct {
	const char *argv[ARGUMENTS];
	const char *says;
	const char *never;
} cases[] = {
	{ { NULL }, "With console=ttyS0", "window" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-append", "quiet", "-nographic" }, "has no console=ttyS0", "gui" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-append", "xconsole=ttyS0", "-nographic" }, "has no console=", "gui" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-append", "quiet console=tty0" }, "stopped before it wrote to ttyS0", "gui" },
	{ { "qemu-system-aarch64", "-machine", "virt,accel=tcg", "-append", "" }, "has no console=ttyAMA0", "gui" },
	{ { "qemu-system-riscv64", "-machine", "virt", "-append", "" }, "has no console=ttyS0", "gui" },
	{ { "qemu-system-s390x", "-machine", "s390-ccw-virtio", "-append", "" }, "has no console=ttysclp0", "gui" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-boot", "d", "-nographic" }, "this ISO draws on its graphical", "window" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-boot", "d" }, "this ISO draws in QEMU's window", "--gui" },
	{ { "qemu-system-x86_64", "-machine", "q35", "-nographic" }, "the system draws on its graphical", "window" },
	{ { "qemu-system-aarch64", "-machine", "virt", "-boot", "d", "-nographic" }, "only with UEFI", "gui" },
	{ { "qemu-system-aarch64", "-machine", "virt", "-drive", "if=pflash,unit=0,file=x" }, "may need console=ttyAMA0", "gui" },
	{ { "qemu-system-s390x", "-machine", "s390-ccw-virtio", "-nographic" }, "may need console=ttysclp0", "gui" },
};

static void the_advice_fits_the_running_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_arg args[ARGUMENTS] = { 0 };
		struct plan argv = { .args = args };
		char *advice;

		for (; argv.arg_count < ARGUMENTS && cases[i].argv[argv.arg_count]; argv.arg_count++)
			args[argv.arg_count].text = (char *)(uintptr_t)cases[i].argv[argv.arg_count];
		advice = console_blank_advice(&argv);
		if (!strstr(advice, cases[i].says) || strstr(advice, cases[i].never))
			fail_msg("case %zu: %s", i, advice);
		/* The rows of the smallest window, most lines a word short of their 38 columns. */
		assert_true(strlen(advice) <= 9 * 30);
		free(advice);
	}
}

static void a_screen_without_visible_text_is_blank(void **state)
{
	static const struct terminal_events events = { 0 };
	static const struct {
		const char *bytes;
		bool blank;
	} screens[] = {
		{ "", true }, { "\033[2J\033[H", true }, { "text\033[2J", true }, { "\r\n\r\n\t", true }, { "   ", true },
		{ "text\033[H\033[K", true }, { "text\r    ", true }, { "text\033[?1049h", true }, { "\033[24;80H.", false },
		{ "\033[44m\033[2J", false }, { "\033[7m \033[m", false }, { "\xe4\xb8\xad", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
		struct terminal *term = terminal_new(24, 80, 100, &events, NULL);

		terminal_write(term, screens[i].bytes, strlen(screens[i].bytes));
		if (console_is_blank(term) != screens[i].blank)
			fail_msg("screen %zu", i);
		terminal_free(term);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_advice_fits_the_running_arguments),
		cmocka_unit_test(a_screen_without_visible_text_is_blank),
	};

	return cmocka_run_group_tests_name("console blank", tests, NULL, NULL);
}
