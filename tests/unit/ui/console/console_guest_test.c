/* SPDX-License-Identifier: MIT */
/* What a guest gets besides plain keys: the focus, keys that views do not know, the mouse. */
#include "fake/keepers_impl.h"
#include "fake/world.h"

#include "ui/kit/app.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void says(struct fixture *f, const char *text)
{
	keepers.console->console(keepers.console_data, text, strlen(text), false);
	turn(f);
}

/* The screen on web, which runs, with its console on the whole screen and the keys in it. */
static void open_live_console(struct fixture *f)
{
	web_runs();
	open_world(f, 30, 100, "xterm-256color", "C.UTF-8", a_small_world);
	web_tells(f);
	go_to(f, "web");
	press(f, "Enter");
	keepers.console->history_end(keepers.console_data);
	turn(f);
}

static void assert_typed(const char *want)
{
	assert_int_equal(keepers.typed_len, strlen(want));
	assert_memory_equal(keepers.typed, want, strlen(want));
}

static void report(struct fixture *f, wint_t code)
{
	app_key(f->app, &(struct key){ .code = code, .is_code = true });
	turn(f);
}

static void super_q(struct fixture *f)
{
	app_key(f->app, &(struct key){ .code = 'q', .detail = { .character = 'q', .held = 8, .foreign = true } });
	turn(f);
}

static void the_focus_is_for_guests_that_ask_and_disturbs_nothing(void **state)
{
	struct fixture *f = *state;

	open_live_console(f);
	report(f, KEY_FOCUS_OUT);
	assert_int_equal(keepers.typed_len, 0);
	says(f, "\033[?1004h");
	press(f, "C-g x");
	report(f, KEY_FOCUS_OUT);
	assert_true(sees("Ctrl-g x is not a command"));
	assert_typed("\033[O");
	press(f, "C-g");
	report(f, KEY_FOCUS_IN);
	press(f, "d");
	/* The prefix was still in force, and the guest lost the keys. */
	assert_true(sees("Machines"));
	assert_typed("\033[O\033[I\033[O");
	report(f, KEY_FOCUS_OUT);
	report(f, KEY_FOCUS_IN);
	assert_typed("\033[O\033[I\033[O");
}

static void a_guest_below_a_dialog_is_told_of_the_focus_but_gets_no_keys(void **state)
{
	struct fixture *f = *state;

	open_live_console(f);
	says(f, "\033[?1004h\033[>1u");
	super_q(f);
	assert_typed("\033[113;9u");
	press(f, "C-g p");
	assert_true(sees("web: power"));
	report(f, KEY_FOCUS_OUT);
	super_q(f);
	assert_typed("\033[113;9u\033[O");
	assert_true(sees("web: power"));
}

static void keys_that_no_view_handles_do_nothing(void **state)
{
	struct fixture *f = *state;

	open_live_console(f);
	super_q(f);
	press(f, "C-g");
	super_q(f);
	press(f, "[");
	assert_int_equal(keepers.typed_len, 0);
	super_q(f);
	assert_true(sees("back to the guest"));
	press(f, "q");
	press(f, "C-g d");
	super_q(f);
	assert_true(sees("Machines"));
	assert_false(app_done(f->app));
}

static void point(struct fixture *f, struct key_mouse mouse)
{
	app_key(f->app, &(struct key){ .code = KEY_MOUSE, .is_code = true, .mouse = mouse });
	turn(f);
}

static void a_guest_that_has_ended_wants_nothing(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true };

	open_live_console(f);
	says(f, "\033[?1000h");
	assert_true(screen_has_mouse());
	keepers.console->ended(keepers.console_data, &end);
	turn(f);
	assert_false(screen_has_mouse());
}

static void a_button_is_released_wherever_the_mouse_has_gone(void **state)
{
	struct fixture *f = *state;

	open_live_console(f);
	says(f, "\033[?1002h\033[?1006h");
	point(f, (struct key_mouse){ 2, 3, 1, true, 1 });
	point(f, (struct key_mouse){ 29, 3, 0, true, 0 });
	point(f, (struct key_mouse){ 29, 4, 2, true, 0 });
	assert_typed("\033[<4;4;3M");
	point(f, (struct key_mouse){ 29, 4, 1, false, 0 });
	assert_typed("\033[<4;4;3M\033[<0;5;29m");
}

static void an_update_is_shown_at_its_end(void **state)
{
	struct fixture *f = *state;
	int row, column;

	open_live_console(f);
	says(f, "\033[Hbefore");
	says(f, "\033[?2026h\033[H\033[2Jhalf");
	assert_true(sees("before"));
	assert_true(sees_not("half"));
	/* A key redraws the pane, and not the guest's part of it. */
	press(f, "C-g x");
	assert_true(sees("Ctrl-g x is not a command"));
	assert_true(sees("before"));
	says(f, " and whole\033[?2026l");
	assert_true(sees("half and whole"));
	assert_true(sees_not("before"));
	getyx(newscr, row, column);
	assert_int_equal(row, 0);
	assert_int_equal(column, 14);
}

static void an_update_without_an_end_is_shown_late(void **state)
{
	struct fixture *f = *state;

	open_live_console(f);
	says(f, "\033[Hbefore");
	says(f, "\033[?2026h\033[H\033[2Jhalf");
	assert_true(sees_not("half"));
	assert_true(comes_to_see(f, "half"));
	says(f, " is late");
	assert_true(sees("half is late"));
	says(f, "\033[?2026l\033[?2026hnext");
	says(f, "\033[?2026l");
	says(f, "\033[?2026hheld");
	assert_true(sees("half is latenext"));
	assert_true(sees_not("held"));
}

static void an_update_is_not_held_where_it_cannot_end(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true };

	open_live_console(f);
	says(f, "\033[?2026h\033[Hhalf");
	assert_true(sees_not("half"));
	keepers.console->ended(keepers.console_data, &end);
	turn(f);
	assert_true(sees("half"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(the_focus_is_for_guests_that_ask_and_disturbs_nothing),
		world_test(a_guest_below_a_dialog_is_told_of_the_focus_but_gets_no_keys),
		world_test(keys_that_no_view_handles_do_nothing),
		world_test(a_guest_that_has_ended_wants_nothing),
		world_test(a_button_is_released_wherever_the_mouse_has_gone),
		world_test(an_update_is_shown_at_its_end),
		world_test(an_update_without_an_end_is_shown_late),
		world_test(an_update_is_not_held_where_it_cannot_end),
	};

	return cmocka_run_group_tests_name("console guest", tests, NULL, NULL);
}
