/* SPDX-License-Identifier: MIT */
/* Marks in the list, and what is done with all that is marked. */
#include "core/keeper/clients/client.h"
#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/clients/protocol.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/list/list_marks.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void space_marks_and_goes_down(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 16, 100);
	go_to(f, "db");
	press(f, "Space");
	assert_true(sees("1 marked"));
	press(f, "Down Space");
	assert_true(sees("2 marked"));
	hold_against_golden("marked-100x16");
	/* The same again unmarks. */
	press(f, "Up Space");
	assert_true(sees("1 marked"));
	press(f, "-");
	assert_true(sees_not("marked"));
	/* A heading is folded. */
	press(f, "Home Space");
	assert_true(sees("profiles (4)"));
}

static void all_that_is_shown_is_marked(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 16, 100);
	press(f, "/ w e Enter *");
	assert_true(sees("1 marked"));
	/* It stays marked when the filter hides it. */
	press(f, "/ d b Enter *");
	assert_true(sees("2 marked"));
	press(f, "Esc");
	assert_true(sees("2 marked"));
	press(f, "- Home Space *");
	assert_true(sees("3 marked"));		/* images and directories: the profiles are folded */
}

static void one_question_is_asked_for_all(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "db");
	press(f, "Space");
	go_to(f, "web");
	press(f, "Space p");
	assert_true(sees("2 marked: power"));
	press(f, "b");
	assert_true(sees("Press the power button of 2: db, web?"));
	press(f, "n");
	assert_int_equal(keepers.commands, 0);
	press(f, "p b y");
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN);
	assert_true(sees("Power button: done for 1 of 2"));
	assert_true(sees("db: it is not running under paddock"));
	press(f, "Esc p K");
	hold_against_golden("marked-kill-80x24");
	press(f, "y");
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN | 1u << KEEPER_KILL);
	/* What is marked stays so. */
	press(f, "Esc");
	assert_true(sees("2 marked"));
}

static void all_that_can_is_done(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "Space p p y");
	assert_int_equal(keepers.commands, 1u << KEEPER_PAUSE);
	assert_true(sees("paused 1"));
	press(f, "R y");
	assert_true(sees("web: it is not paused"));
	press(f, "Esc");
	keeper_says(f, &(struct keeper_state){ .phase = VM_RUNNING, .pid = 4242, .paused = true });
	press(f, "R y");
	assert_int_equal(keepers.commands, 1u << KEEPER_PAUSE | 1u << KEEPER_RESUME);
	assert_true(sees("resumed 1"));
}

static void a_start_says_why_not(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "db");
	press(f, "Space");
	go_to(f, "web");
	press(f, "Space s");
	assert_true(sees("Start 2: db, web?"));
	press(f, "y");
	assert_true(sees("Start: done for 0 of 2"));
	assert_true(sees("db: qemu.binary: "));
	assert_true(sees("web: it is already running"));
	assert_int_equal(keepers.launched, 0);
}

static void what_runs_from_the_name_by_then_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest-shutdown", .error = "" };

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "Space p K");
	keepers.list.count = 0;
	keeper_ends(f, &end);
	press(f, "y");
	assert_int_equal(keepers.commands, 0);
	assert_true(sees("web: it is no longer running"));
}

static void what_cannot_be_deleted_is_said(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "db");
	press(f, "Space");
	go_to(f, "web");
	press(f, "Space Down Space d");
	assert_true(sees("Delete 3: db, web, alpine.iso?"));
	press(f, "y");
	assert_true(sees("Delete: done for 1 of 3"));
	assert_true(sees("web: it is running"));
	assert_true(sees("alpine.iso: an image is not deleted here"));
	assert_int_equal(store_memory_calls(f->store, "discard"), 1);
}

static void what_is_gone_is_no_longer_marked(void **state)
{
	struct fixture *f = *state;
	struct list_marks marks = { 0 };
	struct item_keys keys;

	open_small_world(f, 24, 80);
	list_marks_set(&marks, ITEM_PROFILE, "db", true);
	list_marks_set(&marks, ITEM_PROFILE, "gone", true);
	list_marks_set(&marks, ITEM_PROFILE, "web", true);
	list_marks_set(&marks, ITEM_PROFILE, "web", false);
	list_marks_prune(&marks, session_model(f->app));
	assert_int_equal(marks.count, 1);
	assert_true(list_marks_has(&marks, ITEM_PROFILE, "db"));
	keys = list_marks_keys(&marks, session_model(f->app));
	assert_int_equal(keys.count, 1);
	assert_string_equal(keys.items[0]->name, "db");
	item_keys_finish(&keys);
	list_marks_clear(&marks);
	assert_false(list_marks_has(&marks, ITEM_PROFILE, "db"));
}

static void the_details_are_about_one(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "db");
	press(f, "Space");
	go_to(f, "web");
	press(f, "1 p");
	assert_true(sees("web: power"));
}

static void fifty(struct store *store)
{
	char name[16];

	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "vm-%02d", i);
		store_memory_put(store, name, "[boot]\nimage = /lab/vm/x.qcow2\n");
	}
}

static void a_question_about_very_many_fits(void **state)
{
	struct fixture *f = *state;

	open_world(f, 12, 40, "xterm", "C.UTF-8", fifty);
	press(f, "* s");
	assert_true(sees("Start 50: vm-00"));
	assert_true(sees("more?"));
	assert_true(sees("y yes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(space_marks_and_goes_down),
		world_test(all_that_is_shown_is_marked),
		world_test(one_question_is_asked_for_all),
		world_test(all_that_can_is_done),
		world_test(a_start_says_why_not),
		world_test(what_runs_from_the_name_by_then_is_left_alone),
		world_test(what_cannot_be_deleted_is_said),
		world_test(what_is_gone_is_no_longer_marked),
		world_test(the_details_are_about_one),
		world_test(a_question_about_very_many_fits),
	};

	return cmocka_run_group_tests_name("marks in the list", tests, NULL, NULL);
}
