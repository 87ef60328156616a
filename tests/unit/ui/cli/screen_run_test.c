/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* What runs, starts and ends, as the list shows it. */

static void one_vm_that_can_start(struct store *store)
{
	char here[512], *text;

	assert_non_null(getcwd(here, sizeof(here)));
	scratch_put("web.img", "", 0, 1 << 20);
	text = mem_printf("[vm]\narch = x86_64\naccel = tcg\n[boot]\nimage = %s/web.img\nmode = disk\n"
	                  "[qemu]\nbinary = /bin/sh\n", here);
	store_memory_put(store, "web", text);
	store_memory_put(store, "other", text);
	free(text);
}

static struct registry_entry entry_of(const char *kind, const char *name, const char *image, const char *directory)
{
	return (struct registry_entry){
		.uuid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427", .name = (char *)(uintptr_t)name,
		.state = (char *)(uintptr_t)directory, .image = (char *)(uintptr_t)image,
		.kind = (char *)(uintptr_t)kind, .pid = 1, .started = 1714737780,
	};
}

static void start_web(struct fixture *f, const char *key)
{
	open_world(f, 24, 80, "xterm", "C.UTF-8", one_vm_that_can_start);
	go_to(f, "web");
	press(f, key);
}

static struct registry_entry listed[1];

static void list_entry(struct registry_entry entry)
{
	listed[0] = entry;
	keepers.list = (struct registry_list){ listed, 1 };
}

static void a_start_shows_its_steps_and_then_runs(void **state)
{
	struct fixture *f = *state;
	struct keeper_state up = { .phase = VM_RUNNING, .name = "web", .pid = 77, .started = time(NULL) };
	struct keeper_state spawned = { .phase = VM_STARTING, .name = "web", .pid = 77 };

	start_web(f, "s");
	assert_int_equal(keepers.launched, 1);
	assert_true(sees("starting"));
	keepers.events->step(keepers.data, "creating disk data.img, 4096 MiB");
	turn(f);
	assert_true(sees("creating disk data.img"));
	keeper_says(f, &spawned);
	assert_true(sees("QEMU does not answer on its monitor yet"));
	assert_true(sees_not("creating disk"));
	keeper_says(f, &up);
	assert_true(sees("pid 77"));
	assert_true(sees("1 running  "));
	assert_true(sees_not("does not answer"));
	/* Twice is once. */
	press(f, "s");
	assert_int_equal(keepers.launched, 1);
	assert_true(sees("is already running"));
}

static void q_leaves_the_power_menu_as_it_leaves_everything(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "p");
	assert_true(sees("quit QEMU"));
	press(f, "q");
	assert_true(sees_not("quit QEMU"));
	press(f, "p Q");
	assert_true(sees("Quit the QEMU of web?"));
	press(f, "y");
	assert_int_equal(keepers.commands, 1u << KEEPER_QUIT);
}

static void a_start_that_fails_says_why_in_list_and_pane(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = false, .reason = "not-started", .error = "disk full" };

	start_web(f, "Enter");
	assert_int_equal(keepers.launched, 1);
	keeper_ends(f, &end);
	assert_true(sees("web did not start: disk full"));
	assert_true(sees("did not start: disk full"));
	assert_true(sees("failed"));
	assert_true(sees("0 running"));
	/* The keys are not waiting for a console that never comes. */
	press(f, "q");
	assert_false(app_done(f->app));
	press(f, "q");
	assert_true(app_done(f->app));
}

static void a_keeper_that_is_lost_before_it_registers_is_a_failure(void **state)
{
	struct fixture *f = *state;

	start_web(f, "s");
	keepers.events->lost(keepers.data, "the keeper of this VM has exited");
	turn(f);
	assert_true(sees("failed"));
	assert_true(sees("0 running"));
}

static void a_vm_that_loses_its_keeper_is_not_reported_as_not_started(void **state)
{
	struct fixture *f = *state;
	struct keeper_state up = { .phase = VM_RUNNING, .name = "web", .pid = 77, .started = time(NULL) };

	start_web(f, "s");
	keeper_says(f, &up);
	keepers.events->lost(keepers.data, "the keeper of this VM has exited");
	turn(f);
	assert_true(sees("web: the keeper of this VM has exited"));
	assert_true(sees_not("did not start"));
	assert_true(sees("0 running"));
}

/* Two screens, one key each, at the same moment: at a first start both make up a UUID. */
static void a_start_that_was_too_late_does_not_hide_the_running_vm(void **state)
{
	struct fixture *f = *state;
	struct keeper_state up = { .phase = VM_RUNNING, .name = "web", .pid = 77, .started = time(NULL) };
	struct keeper_end refused = { .started = false, .reason = "not-started", .error = "it is in use" };

	start_web(f, "s");

	const struct running_vm *machine = model_running_vm(session_model(f->app), model_find(session_model(f->app), ITEM_PROFILE, "web"));
	char *directory = mem_strdup(machine->state), *image = mem_strdup(machine->image);
	void *ours = keepers.data;

	list_entry(entry_of("profile", "web", image, directory));
	press(f, "F5");
	assert_true(keepers.data != ours);
	keeper_says(f, &up);
	assert_true(sees("1 running  "));
	assert_true(sees("pid 77"));
	keepers.events->ended(ours, &refused);
	turn(f);
	press(f, "Up Down");
	assert_true(sees("pid 77"));
	assert_true(sees_not("did not start"));
	close_world(f);
	free(directory);
	free(image);
}

static void a_lost_watch_keeps_the_vms_of_the_registry(void **state)
{
	struct fixture *f = *state;

	list_entry(entry_of("profile", "web", "/lab/vm/web.qcow2", "/lab/vm/web.qcow2-state"));
	open_small_world(f, 24, 80);

	const struct keeper_events *events = keepers.events;

	keepers.events = NULL;
	events->lost(keepers.data, "newer than this screen");
	turn(f);
	assert_true(sees("1 running"));
	/* It is not asked again and again; but another keeper of the VM is. */
	press(f, "F5");
	assert_null(keepers.events);
	listed[0].pid++;
	press(f, "F5");
	assert_true(keepers.events == events);
}

static void enter_opens_the_console_on_the_whole_small_screen(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "Enter");
	assert_int_equal(keepers.launched, 0);
	assert_int_equal(keepers.consoles, 1);
	assert_true(sees_not("Machines"));
	press(f, "q d y");
	assert_false(app_done(f->app));
	press(f, "C-g d");
	assert_true(sees("Machines"));
	press(f, "q");
	assert_true(app_done(f->app));
}

static void a_wide_screen_keeps_the_list_next_to_the_console(void **state)
{
	struct fixture *f = *state;

	web_runs();
	open_small_world(f, 40, 160);
	go_to(f, "web");
	press(f, "Enter");
	assert_int_equal(keepers.consoles, 1);
	assert_true(sees("Machines"));
	assert_true(sees("[2 Console]"));
	assert_true(sees("Ctrl-g"));
}

static void the_console_opens_as_soon_as_the_keeper_is_ready(void **state)
{
	struct fixture *f = *state;
	const struct running_vm *machine;

	start_web(f, "Enter");
	assert_int_equal(keepers.consoles, 0);
	machine = model_running_vm(session_model(f->app), model_find(session_model(f->app), ITEM_PROFILE, "web"));
	assert_non_null(machine);

	struct registry_entry entry = entry_of("profile", "web", machine->image, machine->state);

	entry.image = mem_strdup(entry.image);
	entry.state = mem_strdup(entry.state);
	snprintf(entry.uuid, sizeof(entry.uuid), "%s", machine->uuid);
	list_entry(entry);
	keepers.events->lost(keepers.data, "read the registry again");
	turn(f);
	assert_int_equal(keepers.consoles, 1);
	assert_true(sees_not("Machines"));
	close_world(f);
	free(entry.image);
	free(entry.state);
}

static void the_image_of_a_profile_is_not_listed_on_its_own(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	assert_true(sees_not("web.qcow2 "));
	assert_int_equal(model_count(session_model(f->app), ITEM_IMAGE), 2);
	assert_int_equal(model_count(session_model(f->app), ITEM_STATE), 1);
	store_memory_put(f->store, "web", NULL);
	turn(f);
	assert_int_equal(model_count(session_model(f->app), ITEM_IMAGE), 3);
	assert_true(sees("web.qcow2"));
	/* Its state directory is still the image's. */
	assert_int_equal(model_count(session_model(f->app), ITEM_STATE), 1);
	store_memory_put(f->store, "isos", "[boot]\nimage = /lab/vm/alpine.iso\n[state]\ndirectory = /lab/vm/old-state\n");
	turn(f);
	assert_int_equal(model_count(session_model(f->app), ITEM_IMAGE), 2);
	assert_int_equal(model_count(session_model(f->app), ITEM_STATE), 0);
}

/* Between two slices of the model a keeper may tell something, and every view asks. */
static void profiles_that_vanish_are_dropped_at_once(void **state)
{
	struct fixture *f = *state;
	struct keeper_state tells = { .phase = VM_RUNNING, .name = "web", .pid = 4242, .clients = 2 };
	unsigned changes;
	size_t before;

	open_running_web(f, 30, 100);
	before = model_count(session_model(f->app), ITEM_PROFILE);
	changes = store_memory_calls(f->store, "changed");
	store_memory_put(f->store, "db", NULL);
	store_memory_put(f->store, "torn", NULL);
	while (store_memory_calls(f->store, "changed") == changes)
		loop_turn(f->loop, 0);
	assert_int_equal(model_count(session_model(f->app), ITEM_PROFILE), before - 2);
	keeper_says(f, &tells);
	assert_true(sees_not("torn"));
}

static void a_vm_that_runs_elsewhere_is_listed_while_it_runs(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "exited", .error = "" };

	list_entry(entry_of("run", "far", "/elsewhere/far.img", "/elsewhere/far.img-state"));
	open_small_world(f, 24, 80);
	assert_true(sees("elsewhere/far.img"));
	assert_true(sees("1 running  "));
	keepers.list.count = 0;
	keeper_ends(f, &end);
	assert_true(sees_not("elsewhere/far.img"));
}

static void a_profile_that_is_removed_while_it_runs_is_still_listed(void **state)
{
	struct fixture *f = *state;

	list_entry(entry_of("profile", "gone", "/lab/vm/gone.img", "/lab/vm/gone.img-state"));
	open_small_world(f, 24, 80);
	assert_true(sees("1 running"));
	assert_true(sees("gone.img-state"));
}

static void a_failed_search_is_shown_and_the_rest_works(void **state)
{
	struct fixture *f = *state;

	web_runs();
	open_small_world(f, 24, 80);
	store_memory_fail(f->store, "scan_begin", "/lab/vm: Permission denied");
	press(f, "F5");
	assert_true(sees("Permission denied"));
	assert_true(sees("web"));
	go_to(f, "web");
	press(f, "p");
	assert_true(sees("power button"));
}

/* Of paddock.ini, while paddock shows. */
static void a_new_directory_of_the_library_is_searched_at_once(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);

	unsigned searches = store_memory_calls(f->store, "scan_begin");

	store_memory_put(f->store, "new", "[boot]\nimage = /lab/new.img\n");
	turn(f);
	assert_int_equal(store_memory_calls(f->store, "scan_begin"), searches);
	store_memory_add_directory(f->store, "/more");
	store_memory_put(f->store, "newer", "[boot]\nimage = /lab/newer.img\n");
	turn(f);
	assert_int_equal(store_memory_calls(f->store, "scan_begin"), searches + 1);
}

static void a_world_with_a_hole(struct store *store)
{
	a_small_world(store);
	store_memory_fail(store, "scan_begin", "/lab/nas: Stale file handle");
}

static void an_unreadable_directory_does_not_hide_others(void **state)
{
	struct fixture *f = *state;

	open_world(f, 24, 80, "xterm", "C.UTF-8", a_world_with_a_hole);
	assert_true(sees("Stale file handle"));
	assert_true(sees("alpine.iso"));
	assert_true(sees_not("searching"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_scratch_test(a_start_shows_its_steps_and_then_runs),
		world_scratch_test(q_leaves_the_power_menu_as_it_leaves_everything),
		world_scratch_test(a_start_that_fails_says_why_in_list_and_pane),
		world_scratch_test(a_keeper_that_is_lost_before_it_registers_is_a_failure),
		world_scratch_test(a_vm_that_loses_its_keeper_is_not_reported_as_not_started),
		world_scratch_test(a_start_that_was_too_late_does_not_hide_the_running_vm),
		world_test(a_lost_watch_keeps_the_vms_of_the_registry),
		world_test(enter_opens_the_console_on_the_whole_small_screen),
		world_test(a_wide_screen_keeps_the_list_next_to_the_console),
		world_scratch_test(the_console_opens_as_soon_as_the_keeper_is_ready),
		world_test(the_image_of_a_profile_is_not_listed_on_its_own),
		world_test(profiles_that_vanish_are_dropped_at_once),
		world_test(a_vm_that_runs_elsewhere_is_listed_while_it_runs),
		world_test(a_profile_that_is_removed_while_it_runs_is_still_listed),
		world_test(a_failed_search_is_shown_and_the_rest_works),
		world_test(a_new_directory_of_the_library_is_searched_at_once),
		world_test(an_unreadable_directory_does_not_hide_others),
	};

	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
