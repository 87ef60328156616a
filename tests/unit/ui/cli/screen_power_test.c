/* SPDX-License-Identifier: MIT */
/* Stopping and restarting in the screen: the countdown, what can be done next, and the start after the end. */
#include "core/base/alloc.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static const struct keeper_end powered_off = { .started = true, .reason = "guest-shutdown", .error = "" };

static unsigned bit(enum keeper_command command)
{
	return 1u << command;
}

/* A profile web that can start, but for the memory. */
static void put_web(struct store *store, const char *memory)
{
	char here[512], *text;

	assert_non_null(getcwd(here, sizeof(here)));
	text = mem_printf("[vm]\narch = x86_64\naccel = tcg\nmemory = %s\n[boot]\nimage = %s/web.img\nmode = disk\n"
	                  "[qemu]\nbinary = /bin/sh\n[state]\ndirectory = %s/web-state\n", memory, here, here);
	store_memory_put(store, "web", text);
	free(text);
}

static void fill(struct store *store)
{
	scratch_put("web.img", "", 0, 1 << 20);
	put_web(store, "256");
}

/* It runs. */
static void open_web(struct fixture *f, int rows, int columns)
{
	static char image[512], directory[512], name[] = "web", kind[] = "profile";
	static struct registry_entry entry = { .uuid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427", .name = name, .state = directory,
	                                       .image = image, .kind = kind, .pid = 1 };
	char here[400];

	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(image, sizeof(image), "%s/web.img", here);
	snprintf(directory, sizeof(directory), "%s/web-state", here);
	keepers.list = (struct registry_list){ &entry, 1 };
	open_world(f, rows, columns, "xterm-256color", "C.UTF-8", fill);
	keeper_says(f, &(struct keeper_state){ .phase = VM_RUNNING, .name = "web", .pid = 4242, .started = time(NULL) });
	go_to(f, "web");
}

static void the_power_button_counts_down(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "p b");
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN));
	assert_true(sees("web: power button pressed; the guest decides"));
	assert_true(sees("power button pressed; 30 s left, then p Q = quit"));
	assert_true(sees("stopping 30 s"));
	/* The menu that is open counts too. */
	press(f, "p");
	assert_true(sees("web: power button pressed; 30 s left"));
	assert_true(comes_to_see(f, "web: power button pressed; 29 s left"));
	assert_true(sees("stopping 29 s"));
	assert_true(sees("T   SIGTERM to QEMU"));
	keepers.list.count = 0;
	keeper_ends(f, &powered_off);
	assert_true(sees("it is no longer running"));
	assert_true(sees_not("29 s"));
	press(f, "K y");
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN));
}

static void each_step_needs_its_key_and_none_is_taken_back(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "p b p Q y");
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN) | bit(KEEPER_QUIT));
	assert_true(sees("QEMU asked to quit; 10 s left, then p T = SIGTERM, p K"));
	press(f, "p");
	assert_true(sees_not("b   power button"));
	assert_true(sees_not("quit QEMU"));
	press(f, "K y");
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN) | bit(KEEPER_QUIT) | bit(KEEPER_KILL));
	assert_true(sees("QEMU killed; 5 s left"));
}

static void whoever_stops_waiting_sees_no_countdown(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "p");
	assert_true(sees_not("stop waiting"));
	press(f, "b p");
	assert_true(sees("w   stop waiting"));
	press(f, "w");
	assert_true(sees("web: no longer waited for; it goes on with what it was asked for"));
	assert_true(sees_not("s left"));
	assert_true(sees("running"));
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN));
}

static void sigterm_without_a_process_is_an_error(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "p b p T y");
	assert_true(sees("no QEMU of this user holds the lock"));
	assert_true(sees("power button pressed; 30 s left"));
}

static void an_agent_is_offered_where_one_answers(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "p");
	assert_string_equal(keepers.requests[0].text, "guest-ping ");
	assert_true(sees_not("guest agent"));
	keepers_answer_one("{}", NULL);
	press(f, "Esc p");
	assert_true(sees("a   guest agent: shut down without the power button"));
	keepers_answer_one("{}", NULL);
	press(f, "a");
	assert_int_equal(keepers.commands, 0);
	assert_string_equal(keepers.requests[0].text, "guest-shutdown {\"mode\":\"powerdown\"}");
	assert_true(sees("web: guest agent asked to shut down"));
	assert_true(sees("guest agent asked to shut down; 30 s left, then p Q"));
	keepers_answer_one(NULL, "it does not feel like it");
	keepers_answer_one("{}", NULL);
	turn(f);
	assert_true(sees("web: guest: it does not feel like it"));
	assert_true(sees("guest agent asked to shut down, no reaction; p Q"));
}

static void a_restart_without_a_keeper_is_off(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "S y");
	keepers.list.count = 0;
	keepers.events->lost(keepers.data, "the keeper of this VM has exited");
	turn(f);
	assert_true(sees("web: its keeper has gone, so it was not started again"));
	assert_int_equal(keepers.launched, 0);
}

static void a_restart_starts_again_with_the_profile_as_it_is_then(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "S");
	assert_true(sees("Restart web? The power button is pressed"));
	assert_true(sees("If you leave paddock before that"));
	press(f, "n");
	assert_int_equal(keepers.commands, 0);
	press(f, "p S y");
	assert_int_equal(keepers.commands, bit(KEEPER_POWERDOWN));
	assert_true(sees("restarting 30 s"));
	assert_true(sees("it starts again when it is off"));
	press(f, "S");
	assert_true(sees("web is already being restarted"));
	assert_int_equal(keepers.launched, 0);
	keepers.list.count = 0;
	keeper_ends(f, &powered_off);
	assert_int_equal(keepers.launched, 1);
	assert_true(sees("starting"));
}

static void a_restart_that_nobody_waits_for_starts_nothing(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "S y p w");
	assert_true(sees("no longer waited for and not started again"));
	keepers.list.count = 0;
	keeper_ends(f, &powered_off);
	assert_int_equal(keepers.launched, 0);
}

static void who_cannot_start_again_is_not_stopped(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	put_web(f->store, "lots");
	turn(f);
	press(f, "S");
	assert_true(sees("web cannot start"));
	press(f, "Esc");
	assert_int_equal(keepers.commands, 0);
}

static void a_start_that_fails_after_the_stop_says_why(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "S y");
	put_web(f->store, "lots");
	turn(f);
	keepers.list.count = 0;
	keeper_ends(f, &powered_off);
	assert_int_equal(keepers.launched, 0);
	assert_true(sees("web cannot start"));
}

static void leaving_during_a_restart_asks(void **state)
{
	struct fixture *f = *state;

	open_web(f, 30, 100);
	press(f, "S y q");
	assert_true(sees("Still to be started again when off: web."));
	press(f, "n");
	assert_false(app_done(f->app));
	press(f, "q y");
	assert_true(app_done(f->app));
}

static void the_menu_fits_a_small_screen(void **state)
{
	struct fixture *f = *state;

	open_web(f, 12, 40);
	press(f, "p b p");
	assert_true(sees("power button pressed"));
	press(f, "End");
	assert_true(sees("stop waiting"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_scratch_test(the_power_button_counts_down),
		world_scratch_test(each_step_needs_its_key_and_none_is_taken_back),
		world_scratch_test(whoever_stops_waiting_sees_no_countdown),
		world_scratch_test(sigterm_without_a_process_is_an_error),
		world_scratch_test(an_agent_is_offered_where_one_answers),
		world_scratch_test(a_restart_without_a_keeper_is_off),
		world_scratch_test(a_restart_starts_again_with_the_profile_as_it_is_then),
		world_scratch_test(a_restart_that_nobody_waits_for_starts_nothing),
		world_scratch_test(who_cannot_start_again_is_not_stopped),
		world_scratch_test(a_start_that_fails_after_the_stop_says_why),
		world_scratch_test(leaving_during_a_restart_asks),
		world_scratch_test(the_menu_fits_a_small_screen),
	};

	return cmocka_run_group_tests_name("screen: power", tests, NULL, NULL);
}
