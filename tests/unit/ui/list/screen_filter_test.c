/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/client.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_filter_starts_empty_each_time_it_is_opened(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, "/ w e Enter");
	assert_true(sees("Machines / we"));
	assert_true(sees_not("alpine"));
	press(f, "/");
	assert_true(sees("Machines /  ─"));
	assert_true(sees("alpine"));
	press(f, "a l p");
	assert_true(sees("Machines / alp ─"));
	assert_true(sees("alpine"));
}

static void many_names(struct store *store)
{
	static const char *const names[] = { "cobweb", "my-web", "w-e-b", "web", "other" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		store_memory_put(store, names[i], "[boot]\nimage = /lab/vm/x.qcow2\n");
	store_memory_add_item(store, "/lab/vm/weblog.iso", BOOT_ISO, 4096);
	store_memory_add_item(store, "/lab/vm/zoo.iso", BOOT_ISO, 4096);
}

static void the_best_match_comes_first_and_is_selected(void **state)
{
	struct fixture *f = *state;

	open_world(f, 16, 100, "xterm", "C.UTF-8", many_names);
	press(f, "/ w e b");
	hold_against_golden("filter-best-100x16");
	/* In whatever group it is. */
	press(f, "l Enter");
	assert_true(sees("boot      iso      /lab/vm/weblog.iso"));
	press(f, "/ x x");
	assert_true(sees("no match, Esc clears"));
	/* What was selected stays so without the filter. */
	press(f, "Esc / o t h e Esc");
	assert_true(sees("┌ other"));
	assert_true(sees("zoo.iso"));
}

static void states_are_filtered_as_they_change(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest-shutdown", .error = "" };

	open_running_web(f, 24, 80);
	press(f, "/ s t a t e : r u n Enter");
	assert_true(sees("Esc clears"));
	assert_true(sees("● web"));
	assert_true(sees_not("ci-arm"));
	keepers.list.count = 0;
	keeper_ends(f, &end);
	assert_true(sees("no match, Esc clears"));
	/* How the last run ended is read for all, on the screen or not. */
	press(f, "Esc / s t a t e : f a i l Enter");
	assert_true(sees("✗ ci-arm"));
	assert_true(sees("! torn"));
	assert_true(sees_not("alpine"));
}

static void a_state_below_the_screen_is_found(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 12, 40);
	resize_world(f, 12, 40);
	press(f, "G / s t a t e : c r a s h");
	assert_true(sees("ci-arm"));
}

static void eight_long_names(struct store *store)
{
	static const char *const names[] = {
		"alpine-virt-3.19.1-x86_64.iso", "alpine-virt-3.20.0-x86_64.iso", "debian-12-genericcloud-amd64-20240211.qcow2",
		"debian-12-genericcloud-amd64-20240507.qcow2", "debian-12-nocloud-amd64-20240507.qcow2",
		"ubuntu-22.04-server-cloudimg-amd64.img", "ubuntu-22.04-server-cloudimg-arm64.img",
		"ubuntu-24.04-server-cloudimg-amd64.img"
	};
	char path[128];

	store_memory_add_directory(store, "/lab/vm");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/lab/vm/%s", names[i]);
		store_memory_add_item(store, path, BOOT_DISK, 629145600);
	}
}

static void long_names_differ_on_the_screen(void **state)
{
	struct fixture *f = *state;

	open_world(f, 12, 100, "xterm", "C.UTF-8", eight_long_names);
	hold_against_golden("long-names-100x12");
	close_world(f);
	open_world(f, 12, 80, "xterm", "C.UTF-8", eight_long_names);
	hold_against_golden("long-names-80x12");
}

static void what_cannot_boot(struct store *store)
{
	scratch_put("empty.img", "", 0, 0);
	scratch_put("disk.img.raw", "\x1f\x8b\x08", 3, 0);
	scratch_put("initrd.img", "070701", 6, 0);
	scratch_put("letter.img", "Dear all", 8, 0);
	scratch_put("good.img", "", 0, 4096);
	for (const char *const *name = (const char *const[]){ "empty.img", "disk.img.raw", "initrd.img", "letter.img", "good.img", NULL }; *name; name++) {
		char *path = realpath(*name, NULL);

		assert_non_null(path);
		store_memory_add_item(store, path, BOOT_DISK, 4096);
		free(path);
	}
	store_memory_put(store, "lots", "[vm]\nmemory = lots\n[boot]\nimage = /lab/vm/x.qcow2\n");
	store_memory_put(store, "gone", "[boot]\nimage = /nowhere/x.qcow2\n");
}

static void what_cannot_start_says_why(void **state)
{
	struct fixture *f = *state;

	open_world(f, 24, 100, "xterm", "C.UTF-8", what_cannot_boot);
	assert_true(sees("! gone"));
	assert_true(sees("invalid: no image"));
	assert_true(sees("! lots"));
	assert_true(sees("invalid: memory"));
	assert_true(sees("empty.img"));
	assert_true(sees(" empty "));
	assert_true(sees(" compressed "));
	assert_true(sees(" initrd "));
	assert_true(sees(" not a disk "));
	assert_true(sees("2 failed"));
	press(f, "/ g o o d");
	assert_true(sees(" disk "));
	assert_true(sees_not("!  "));
}

static void a_folded_group_says_what_runs_in_it(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	press(f, "Home Left");
	assert_true(sees("profiles (4)  1 running"));
	press(f, "/ w e Enter");
	assert_true(sees("profiles (1)  1 running"));
	press(f, "/ d b Enter");
	assert_true(sees("profiles (1)  "));
	assert_true(sees_not("(1)  1 running"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(the_filter_starts_empty_each_time_it_is_opened),
		world_test(the_best_match_comes_first_and_is_selected),
		world_test(states_are_filtered_as_they_change),
		world_test(a_state_below_the_screen_is_found),
		world_test(long_names_differ_on_the_screen),
		world_scratch_test(what_cannot_start_says_why),
		world_test(a_folded_group_says_what_runs_in_it),
	};

	return cmocka_run_group_tests_name("screen filter", tests, NULL, NULL);
}
