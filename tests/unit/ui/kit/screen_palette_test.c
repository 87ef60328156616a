/* SPDX-License-Identifier: MIT */
#include "fake/keepers_impl.h"
#include "fake/world.h"
#include "ui/kit/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <stddef.h>

#include <cmocka.h>

/* Running commands by their names, over the small world. */

static void a_colon_lists_the_commands_of_the_view_with_the_focus(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	assert_true(sees("? help  : commands"));
	press(f, ":");
	hold_against_golden("commands-80x24");
	press(f, "End PgDn PgDn PgDn PgDn");
	assert_true(sees("Suspend paddock, back to the shell"));
	press(f, "Esc");
	assert_true(sees_not("Commands"));
	/* Other views have other commands. */
	press(f, "1 :");
	assert_true(sees_not("Fold the group"));
	press(f, "n e x t Space t a b");
	assert_true(sees("Next tab"));
}

static void letters_narrow_the_commands_and_enter_runs_the_first(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, ": c l o");
	assert_true(sees("Clone the profile"));
	assert_true(sees_not("Rename the profile"));
	press(f, "Enter");
	assert_true(sees("Name of the clone of db"));
	press(f, "Esc : q");
	/* A label that begins with the text comes before a help text that contains it. */
	press(f, "Enter");
	assert_true(app_done(f->app));
}

static void a_text_that_matches_no_command_runs_nothing(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, ": z z z");
	assert_true(sees("no match"));
	press(f, "Enter Tab");
	assert_true(sees("Commands"));
	/* Backspace in the empty line closes the list. */
	press(f, "Backspace Backspace Backspace");
	assert_true(sees("Commands"));
	press(f, "Backspace");
	assert_true(sees_not("Commands"));
	assert_false(app_done(f->app));
}

static void tab_completes_the_name(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, ": r e n Tab");
	assert_true(sees(": Rename the profile"));
	press(f, "Enter");
	assert_true(sees("New name of db"));
	press(f, "Esc : Down Down Tab");
	assert_true(sees(": power"));
}

static void a_colon_in_a_text_field_is_text(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "r : ?");
	assert_true(sees("invalid name 'db:?'; use only"));
	/* A key that would be typed is not shown as a command. */
	assert_true(sees_not("? help"));
	press(f, "Esc e");
	go_to_field(f, "description");
	press(f, ": x");
	assert_true(sees(":x"));
	press(f, "A-x s a v Enter");
	assert_true(sees("saved db"));
}

static void commands_are_not_listed_over_a_question(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "d : A-x");
	assert_true(sees("Delete the profile db?"));
	assert_true(sees_not("ommands"));
	press(f, "Enter");
	assert_true(sees("  ○ db"));
}

static void pasted_letters_narrow_the_commands_and_run_nothing(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, ":");
	paste(f, "quit\r");
	assert_true(sees(": quit"));
	assert_false(app_done(f->app));
}

static void the_console_lists_commands_after_its_prefix(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "Enter C-g : b a c k Space t o");
	assert_true(sees("back to the list"));
	assert_true(sees_not("Scrolling: a line up"));
	press(f, "Enter");
	assert_true(sees("Machines"));
	/* Other commands are available while scrolling. */
	press(f, "Enter C-g [ C-g C-g [");
	press(f, "C-g C-g : s c r o l l i n g");
	assert_true(sees_not("Scrolling: a line up"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_colon_lists_the_commands_of_the_view_with_the_focus),
		world_test(letters_narrow_the_commands_and_enter_runs_the_first),
		world_test(a_text_that_matches_no_command_runs_nothing),
		world_test(tab_completes_the_name),
		world_test(a_colon_in_a_text_field_is_text),
		world_test(commands_are_not_listed_over_a_question),
		world_test(pasted_letters_narrow_the_commands_and_run_nothing),
		world_test(the_console_lists_commands_after_its_prefix),
	};

	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
