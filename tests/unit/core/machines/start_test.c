/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/machines/start.h"
#include "core/vm/store.h"
#include "fake/boot_iso.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define MAC "52:54:00:00:00:01"
#define USB "device = usb-host,vendorid=0x1234,productid=0x5678\n"

static void put_files(void)
{
	static const unsigned char efi = BOOT_ISO_EFI;

	boot_iso_write("efi.iso", &efi, 1, "x", 1);
	scratch_put("disk.img", "\0\0", 2, 1 << 20);
}

/* A profile "web" with these lines, of an image of this directory. */
static void put_profile(struct store *store, const char *image, const char *more)
{
	char *cwd = getcwd(NULL, 0);
	char *text = mem_printf("[vm]\narch = x86_64\naccel = tcg\n[qemu]\nbinary = /bin/true\n[state]\ndirectory = %s/web-state\n"
	                        "[boot]\nimage = %s/%s\n%s", cwd, cwd, image, more);

	store_memory_put(store, "web", text);
	free(text);
	free(cwd);
}

/* "error: ...", "host: ...", "warning: ...", a line each; the caller's. */
static char *problem_lines(const struct problems *problems)
{
	static const char *const words[] = { [PROBLEM_ERROR] = "error", [PROBLEM_HOST] = "host", [PROBLEM_WARNING] = "warning" };
	struct str text;

	str_init(&text);
	for (size_t i = 0; i < problems->count; i++)
		str_addf(&text, "%s: %s\n", words[problems->items[i].severity], problems->items[i].text);
	return str_detach(&text);
}

static void a_start_is_ready_refused_or_lacks_an_answer(void **state)
{
	static const struct {
		const char *why, *image, *more;
		unsigned options;
		enum start_verdict verdict;
		const char *first;	/* problem; NULL: none at all */
	} rows[] = {
		{ "nothing is wrong", "disk.img", "", 0, START_READY, NULL },
		{ "no image", "gone.img", "", 0, START_REFUSED, "error: " },
		{ "a MAC address that another has is a warning", "disk.img", "[network]\nmac = " MAC "\n", 0, START_READY,
		  "warning: " MAC " is also used by db" },
		{ "which is not looked for alone", "disk.img", "[network]\nmac = " MAC "\n", START_ALONE, START_READY, NULL },
		{ "and comes before what stops the start", "gone.img", "[network]\nmac = " MAC "\n", 0, START_REFUSED, "warning: " MAC },
		{ "what QEMU would judge stops it", "disk.img", "[devices]\n" USB, 0, START_REFUSED, "host: " },
		{ "but not `run`", "disk.img", "[devices]\n" USB, START_TOLERANT, START_READY, "warning: " },
		{ "nor is it reported of what runs", "disk.img", "[devices]\n" USB, START_DRY | START_RUNS, START_READY, NULL },
		{ "UEFI only, and nobody said yes or no", "efi.iso", "", 0, START_NEEDS_UEFI, "error: " },
		{ "no was said", "efi.iso", "uefi = no\n", 0, START_READY, "warning: " },
		{ "more is wrong than that", "efi.iso", "[devices]\n" USB, 0, START_REFUSED, "host: " },
		{ "more that only `run` takes", "efi.iso", "[devices]\n" USB, START_TOLERANT, START_NEEDS_UEFI, "warning: " },
	};

	(void)state;
	put_files();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store *store = store_memory_new();
		struct vm_config config;
		struct start start;
		struct error err;

		put_profile(store, rows[i].image, rows[i].more);
		store_memory_put(store, "db", "[boot]\nimage = /i\n[state]\ndirectory = /s\n[network]\nmac = " MAC "\n");
		assert_true(start_config(store, VM_REF_PROFILE, "web", &config, &err));
		start_prepare(&start, store, NULL, &config, rows[i].options);

		char *lines = problem_lines(&start.problems);
		bool first = rows[i].first ? strncmp(lines, rows[i].first, strlen(rows[i].first)) == 0 : !*lines;

		if (start.verdict != rows[i].verdict || !first)
			fail_msg("%s: verdict %d, problems:\n%s", rows[i].why, (int)start.verdict, lines);
		assert_true(start.verdict == START_REFUSED || start.verdict == START_NEEDS_UEFI || start.planned);
		assert_int_equal(access("web-state", F_OK), -1);
		free(lines);
		start_finish(&start);
		vm_config_finish(&config);
		store_memory_free(store);
	}
}

/* Other than everything else about the host, QEMU does not judge it: it goes on without one. */
static void a_window_that_cannot_open_stops_every_start(void **state)
{
	static const struct { unsigned options; enum start_verdict verdict; enum severity severity; } rows[] = {
		{ 0, START_REFUSED, PROBLEM_ERROR },
		{ START_TOLERANT, START_REFUSED, PROBLEM_ERROR },
		{ START_DRY, START_REFUSED, PROBLEM_HOST },
		{ START_DRY | START_TOLERANT, START_READY, PROBLEM_WARNING },
	};
	struct vm_config config;

	(void)state;
	vm_config_init(&config, CONFIG_COMMAND_LINE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct problems problems = { 0 };

		problem_add(&problems, PROBLEM_HOST, SET_GUI, -1, "no module for a window");
		assert_int_equal(start_judge(&config, true, &problems, rows[i].options), rows[i].verdict);
		assert_int_equal(problems.items[0].severity, rows[i].severity);
		problems_finish(&problems);
	}
	vm_config_finish(&config);
}

static void uefi_is_kept_by_a_profile_only(void **state)
{
	static const struct { enum vm_ref_kind kind; const char *name; } rows[] = {
		{ VM_REF_PROFILE, "web" }, { VM_REF_IMAGE, "/i/efi.iso" },
	};
	struct store *store = store_memory_new();
	struct vm_config config;
	struct error err;

	(void)state;
	put_profile(store, "efi.iso", "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(start_config_with_uefi(store, rows[i].kind, rows[i].name, &config, &err));
		assert_string_equal(vm_config_get(&config, SET_UEFI), "yes");
		vm_config_finish(&config);
		assert_true(start_config(store, rows[i].kind, rows[i].name, &config, &err));
		assert_int_equal(vm_config_get(&config, SET_UEFI) != NULL, rows[i].kind == VM_REF_PROFILE);
		vm_config_finish(&config);
	}
	store_memory_fail(store, "save", "disk full");
	assert_false(start_config_with_uefi(store, VM_REF_PROFILE, "web", &config, &err));
	vm_config_finish(&config);
	store_memory_free(store);
}

static void a_state_directory_starts_the_image_it_was_made_for(void **state)
{
	struct store *store = store_memory_new();
	struct vm_config config;
	struct error err;
	char *cwd = getcwd(NULL, 0);

	(void)state;
	scratch_put("kept/image", "/i/a.iso\n", 9, 0);
	char *kept = mem_printf("%s/kept", cwd);
	assert_true(start_config(store, VM_REF_STATE, kept, &config, &err));
	assert_string_equal(config.name, "a.iso");
	assert_string_equal(vm_config_get(&config, SET_IMAGE), "/i/a.iso");
	assert_string_equal(vm_config_get(&config, SET_STATE), kept);
	vm_config_finish(&config);
	assert_false(start_config(store, VM_REF_STATE, cwd, &config, &err));
	assert_non_null(strstr(err.text, "without an image"));
	vm_config_finish(&config);
	free(kept);
	free(cwd);
	store_memory_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_start_is_ready_refused_or_lacks_an_answer, scratch_enter, scratch_leave),
		cmocka_unit_test(a_window_that_cannot_open_stops_every_start),
		cmocka_unit_test_setup_teardown(uefi_is_kept_by_a_profile_only, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_state_directory_starts_the_image_it_was_made_for, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
