/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "core/keeper/run/last_run.h"
#include "ui/details/page_end.h"
#include "ui/model/item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#define NOON 1700049600	/* 15 November 2023, 12:00 UTC */

static void assert_page(struct page *page, const char *expected)
{
	struct str text;

	str_init(&text);
	for (size_t i = 0; i < page->count; i++)
		str_addf(&text, "%s%s%s\n", page->lines[i].label ? page->lines[i].label : "", page->lines[i].label ? ": " : "",
		         page->lines[i].text);
	assert_string_equal(text.text, expected);
	str_finish(&text);
	page_finish(page);
}

static void all_that_is_known_about_an_end_is_shown(void **state)
{
	static const struct last_run full = {
		.ran = true, .started = NOON - 3600, .ended = NOON - 60, .signal = 9, .asked_by = "kill", .reason = "killed",
		.words = "qemu: one\nqemu: two", .resets_guest = 3, .resets_host = 1, .reset_first = NOON - 1800,
		.reset_last = NOON - 600, .reset_loop = true, .watchdog = "reset", .io_error = "No space left on device: /vm/d",
		.memory_failure = "in memory of the guest; action: inject", .console = "login:\n\nKernel panic",
	};
	static const struct last_run failed = { .ended = NOON, .exit = 1, .asked_by = "", .error = "no disk" };
	static const struct last_run quiet = { .ran = true, .started = NOON - 90, .ended = NOON - 30, .asked_by = "guest" };
	static const struct last_run open = { .ran = true, .started = NOON, .asked_by = "" };
	static const struct last_run once = { .ran = true, .started = NOON - 90, .ended = NOON - 30, .exit = 2,
	                                      .resets_host = 1, .reset_first = NOON - 60, .reset_last = NOON - 60 };
	static const struct { const struct last_run *last; const char *page; } rows[] = {
		{ &full, "\nWhy it stopped\nstarted: 11:00, ran 59 min\nasked by: you, to kill it\nQEMU: ended by signal 9 (Killed)\n"
		  "resets: 3 by the guest, 1 by QEMU; first 11:30, last 11:50; again and again\n"
		  "watchdog: expired; action: reset\ndisk: No space left on device: /vm/d\n"
		  "memory: in memory of the guest; action: inject\n"
		  "its words: qemu: one\n: qemu: two\nconsole: login:\n: \n: Kernel panic\n" },
		{ &failed, "\nWhy it did not start\nasked by: nobody\n" },
		{ &quiet, "\nWhy it stopped\nstarted: 11:58, ran 1 min\nasked by: the guest\nQEMU: exit status 0\n" },
		{ &open, "\nWhy it stopped\nits keeper was killed, or the host went down\n" },
		{ &once, "\nWhy it stopped\nstarted: 11:58, ran 1 min\nasked by: nobody\nQEMU: exit status 2\n"
		  "resets: 0 by the guest, 1 by QEMU; at 11:59\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page page = { 0 };

		page_end(&page, rows[i].last, NOON);
		assert_page(&page, rows[i].page);
	}
}

static void what_hinders_a_running_vm_is_shown(void **state)
{
	static char full[] = "No space left on device: /no/such/disk", error[] = "Input/output error: /dev/sdb";
	struct running_vm machine = { .paused = true };
	struct page page = { 0 };

	(void)state;
	page_hindered(&page, &machine);
	assert_page(&page, "");
	machine.paused_why = full;
	page_hindered(&page, &machine);
	assert_page(&page, "paused: No space left on device: /no/such/disk; make room, then press R to go on\n");
	machine.paused_why = error;
	page_hindered(&page, &machine);
	assert_page(&page, "paused: Input/output error: /dev/sdb; press R to try again\n");
	machine = (struct running_vm){ .panicked = true };
	page_hindered(&page, &machine);
	assert_page(&page, "the guest has panicked; its console or log may show why\n");
	machine = (struct running_vm){ .resets = 3, .resetting = true };
	page_hindered(&page, &machine);
	assert_page(&page, "the guest resets itself again and again; its console or log may show why\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_known_about_an_end_is_shown),
		cmocka_unit_test(what_hinders_a_running_vm_is_shown),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("page of an end", tests, NULL, NULL);
}
