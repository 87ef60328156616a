/* SPDX-License-Identifier: MIT */
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"
#include "ui/kit/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <curses.h>

/* Clicks and the wheel, over the small world at 100x30, where the list is 36 columns wide. */

static void open_with_mouse(struct fixture *f, int rows, int columns)
{
	open_small_world(f, rows, columns);
	screen_mouse_wanted(true);
}

static void point(struct fixture *f, int button, int row, int column)
{
	struct key key = { .code = KEY_MOUSE, .is_code = true, .mouse = { row, column, button, true, 0 } };

	app_key(f->app, &key);
	turn(f);
}

static void click(struct fixture *f, int row, int column)
{
	point(f, 1, row, column);
}

static void a_click_selects_and_the_wheel_moves(void **state)
{
	struct fixture *f = *state;

	open_with_mouse(f, 30, 100);
	click(f, 6, 10);
	assert_true(sees("web [1 Overview]"));
	point(f, 4, 6, 10);
	assert_true(sees("ci-arm [1 Overview]"));
	point(f, 5, 20, 10);
	assert_true(sees("web [1 Overview]"));
	/* Nothing happens below the last row, on the frame and in the title. */
	click(f, 25, 10);
	click(f, 1, 10);
	click(f, 0, 10);
	click(f, 29, 10);
	assert_true(sees("web [1 Overview]"));
}

static void a_heading_folds_on_the_second_click(void **state)
{
	struct fixture *f = *state;

	open_with_mouse(f, 30, 100);
	click(f, 2, 10);
	assert_true(sees("ci-arm"));
	assert_true(sees(" Profiles [1 Overview]"));
	click(f, 2, 10);
	assert_true(sees("profiles (4)"));
	click(f, 2, 10);
	assert_true(sees("ci-arm"));
}

static void a_click_on_a_tab_opens_it(void **state)
{
	struct fixture *f = *state;

	open_with_mouse(f, 30, 100);
	click(f, 6, 10);
	/* "┌ web [1 Overview] 2 Console 3 Settings 4 Command 5 Log": of pane 36 on. */
	click(f, 1, 36 + 31);
	assert_true(sees("[3 Settings]"));
	click(f, 1, 36 + 2);
	assert_true(sees("[3 Settings]"));
	click(f, 1, 36 + 6);
	assert_true(sees("[1 Overview]"));
	click(f, 1, 98);
	assert_true(sees("[1 Overview]"));
}

static void only_the_dialog_on_top_gets_clicks(void **state)
{
	struct fixture *f = *state;

	web_runs();
	open_with_mouse(f, 24, 80);
	web_tells(f);
	click(f, 6, 10);
	press(f, "p");
	click(f, 3, 10);
	assert_true(sees("web: power"));
	/* The first click selects, the second chooses. */
	click(f, 12, 20);
	assert_int_equal(keepers.commands, 0);
	click(f, 10, 20);
	click(f, 10, 20);
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN);
}

static void a_click_on_a_field_of_a_form_selects_it(void **state)
{
	struct fixture *f = *state;

	open_with_mouse(f, 30, 100);
	click(f, 6, 10);
	press(f, "e");
	click(f, 6, 20);
	press(f, "7");
	assert_true(sees("cpus          7"));
	/* A part of a value can be selected, a heading cannot. */
	click(f, 20, 42);
	assert_true(sees("host port: "));
	click(f, 2, 2);
	assert_true(sees("host port: "));
	press(f, "C-t");
	point(f, 5, 10, 10);
}

static void a_setting_leaves_the_mouse_to_the_terminal(void **state)
{
	struct store *store = store_memory_new();

	(void)state;
	assert_true(settings_mouse(NULL));
	assert_true(settings_mouse(store));
	store_memory_set(store, "mouse", "use", "no");
	assert_false(settings_mouse(store));
	store_memory_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_click_selects_and_the_wheel_moves),
		world_test(a_heading_folds_on_the_second_click),
		world_test(a_click_on_a_tab_opens_it),
		world_test(only_the_dialog_on_top_gets_clicks),
		world_test(a_click_on_a_field_of_a_form_selects_it),
		cmocka_unit_test(a_setting_leaves_the_mouse_to_the_terminal),
	};

	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
