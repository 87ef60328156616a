/* SPDX-License-Identifier: MIT */
#include "core/terminal/input_modes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void modes_are_set_reset_and_asked_for(void **state)
{
	(void)state;
	static const int known[] = { 1, 9, 47, 66, 67, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1047, 1049, 2004 };
	struct input_modes modes = { 0 }, none = { 0 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_int_equal(input_mode_get(&modes, known[i]), INPUT_MODE_RESET);
		input_mode(&modes, known[i], true);
		assert_int_equal(input_mode_get(&modes, known[i]), INPUT_MODE_SET);
		input_mode(&modes, known[i], false);
		assert_memory_equal(&modes, &none, sizeof(modes));
	}
	for (int mode = -1; mode < 3000; mode++) {
		bool found = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= known[i] == mode;
		if (found)
			continue;
		assert_int_equal(input_mode_get(&modes, mode), INPUT_MODE_UNKNOWN);
		input_mode(&modes, mode, true);
		assert_memory_equal(&modes, &none, sizeof(modes));
	}
}

static void of_the_mouse_modes_the_last_one_holds(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	input_mode(&modes, 1000, true);
	input_mode(&modes, 1003, true);
	assert_int_equal(input_mode_get(&modes, 1000), INPUT_MODE_RESET);
	assert_int_equal(input_mode_get(&modes, 1003), INPUT_MODE_SET);
	/* Resetting any of them ends tracking; an encoding only itself. */
	input_mode(&modes, 1000, false);
	assert_int_equal(modes.mouse, TERM_MOUSE_NONE);
	input_mode(&modes, 1015, true);
	input_mode(&modes, 1006, true);
	input_mode(&modes, 1015, false);
	assert_int_equal(modes.mouse_encoding, TERM_MOUSE_SGR);
	input_mode(&modes, 1006, false);
	assert_int_equal(modes.mouse_encoding, TERM_MOUSE_X10);
}

static void unknown_levels_of_other_keys_change_nothing(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	input_other_keys(&modes, 2);
	input_other_keys(&modes, 4);
	input_other_keys(&modes, -1);
	assert_int_equal(modes.other_keys, 2);
	input_other_keys_format(&modes, 1);
	input_other_keys_format(&modes, 2);
	assert_int_equal(modes.other_keys_format, 1);
}

static void kitty_flags_are_pushed_and_popped_per_screen(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	input_kitty_push(&modes, false, 1);
	input_kitty_push(&modes, false, 9);
	input_kitty_push(&modes, true, 8);
	assert_int_equal(input_kitty_flags(&modes, false), 9);
	assert_int_equal(input_kitty_flags(&modes, true), 8);
	input_kitty_pop(&modes, false, 0);
	assert_int_equal(input_kitty_flags(&modes, false), 1);
	input_kitty_pop(&modes, false, 1);
	assert_int_equal(input_kitty_flags(&modes, false), 0);
	input_kitty_set(&modes, false, 1, 1);
	input_kitty_set(&modes, false, 16, 2);
	assert_int_equal(input_kitty_flags(&modes, false), 17);
	input_kitty_set(&modes, false, 1, 3);
	assert_int_equal(input_kitty_flags(&modes, false), 16);
	input_kitty_set(&modes, false, 8, 4);
	assert_int_equal(input_kitty_flags(&modes, false), 16);
	input_kitty_set(&modes, false, 8, 0);
	assert_int_equal(input_kitty_flags(&modes, false), 8);
	input_kitty_push(&modes, false, 1);
	input_kitty_pop(&modes, false, 1);
	assert_int_equal(input_kitty_flags(&modes, false), 8);
	input_kitty_pop(&modes, false, 99);
	assert_int_equal(input_kitty_flags(&modes, false), 0);
	assert_int_equal(input_kitty_flags(&modes, true), 8);
	/* What is not done is not said. */
	input_kitty_push(&modes, false, 0xffff);
	assert_int_equal(input_kitty_flags(&modes, false), KITTY_HONOURED);
}

static void a_full_stack_forgets_the_oldest(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	for (int i = 0; i < 1000; i++)
		input_kitty_push(&modes, true, i % 2 ? 1 : 8);
	for (int i = 0; i < KITTY_STACK; i++) {
		assert_int_equal(input_kitty_flags(&modes, true), i % 2 ? 8 : 1);
		input_kitty_pop(&modes, true, 1);
	}
	assert_int_equal(input_kitty_flags(&modes, true), 0);
	assert_int_equal(input_kitty_flags(&modes, false), 0);
}

static void a_soft_reset_keeps_mouse_and_paste(void **state)
{
	(void)state;
	struct input_modes modes = { .application_cursor = true, .application_keypad = true, .bracketed_paste = true, .other_keys = 2 };
	struct input_modes none = { 0 };

	input_mode(&modes, 1003, true);
	input_kitty_push(&modes, true, 1);
	input_soft_reset(&modes);
	assert_false(modes.application_cursor || modes.application_keypad || modes.other_keys);
	assert_int_equal(input_kitty_flags(&modes, true), 0);
	assert_true(modes.bracketed_paste);
	assert_int_equal(modes.mouse, TERM_MOUSE_ANY);
	input_reset(&modes);
	assert_memory_equal(&modes, &none, sizeof(modes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_are_set_reset_and_asked_for),
		cmocka_unit_test(of_the_mouse_modes_the_last_one_holds),
		cmocka_unit_test(unknown_levels_of_other_keys_change_nothing),
		cmocka_unit_test(kitty_flags_are_pushed_and_popped_per_screen),
		cmocka_unit_test(a_full_stack_forgets_the_oldest),
		cmocka_unit_test(a_soft_reset_keeps_mouse_and_paste),
	};

	return cmocka_run_group_tests_name("input modes", tests, NULL, NULL);
}
