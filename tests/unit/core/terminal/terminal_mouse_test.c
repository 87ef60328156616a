/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_mouse.h"

#include "core/terminal/terminal_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Sends the event and expects these bytes. */
static void expect(struct input_modes *modes, struct mouse_event event, const char *want)
{
	char out[65];
	size_t len = encode_mouse(modes, &event, out);

	out[len] = '\0';
	assert_string_equal(out, want);
}

#define PRESS(button, row, column, ...) (struct mouse_event){ row, column, button, true, __VA_ARGS__ }
#define RELEASE(button, row, column, ...) (struct mouse_event){ row, column, button, false, __VA_ARGS__ }
#define MOVE(row, column, ...) (struct mouse_event){ row, column, 0, true, __VA_ARGS__ }

static void mouse_says_nothing_unless_asked(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	for (int button = 0; button <= TERM_BUTTON_LAST; button++)
		expect(&modes, PRESS(button, 1, 1, 0), "");
}

static void clicks_wheel_and_motion_are_told_as_far_as_wanted(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	input_mode(&modes, 1000, true);
	expect(&modes, PRESS(1, 2, 4, 0), "\033[M %#");
	expect(&modes, MOVE(3, 4, 0), "");
	expect(&modes, RELEASE(1, 3, 4, 0), "\033[M#%$");
	expect(&modes, PRESS(1, 3, 300, 0), "");
	expect(&modes, RELEASE(1, 3, 300, 0), "");
	input_mode(&modes, 1006, true);
	expect(&modes, PRESS(3, 3, 300, TERM_CTRL), "\033[<18;301;4M");
	expect(&modes, RELEASE(3, 3, 300, TERM_CTRL), "\033[<18;301;4m");
	expect(&modes, PRESS(5, 0, 0, 0), "\033[<65;1;1M");
	expect(&modes, RELEASE(5, 0, 0, 0), "");
	input_mode(&modes, 1002, true);
	expect(&modes, MOVE(1, 0, 0), "");	/* nothing held */
	expect(&modes, PRESS(1, 1, 0, 0), "\033[<0;1;2M");
	expect(&modes, MOVE(1, 0, 0), "");	/* did not move */
	expect(&modes, MOVE(1, 1, 0), "\033[<32;2;2M");
	input_mode(&modes, 1003, true);
	expect(&modes, MOVE(1, 2, TERM_SHIFT), "\033[<39;3;2M");
	input_mode(&modes, 9, true);
	expect(&modes, PRESS(2, 1, 2, TERM_SHIFT), "\033[<1;3;2M");
	expect(&modes, RELEASE(2, 1, 2, 0), "");
	expect(&modes, PRESS(4, 1, 2, 0), "");	/* X10 knows three buttons */
	input_mode(&modes, 9, false);
	expect(&modes, PRESS(2, 1, 2, 0), "");
}

static void each_encoding_writes_all_buttons_and_modifiers(void **state)
{
	(void)state;
	static const struct {
		int mode;
		struct mouse_event event;
		const char *want;
	} table[] = {
		{ 0, { 4, 9, TERM_WHEEL_LEFT, true, 0 }, "\033[Mb*%" },
		{ 0, { 4, 9, 8, true, TERM_SHIFT | TERM_ALT | TERM_CTRL }, "\033[M\xbc*%" },
		{ 0, { 4, 9, 8, false, TERM_ALT }, "\033[M+*%" },
		{ 0, { 222, 222, 1, true, 0 }, "\033[M \xff\xff" },
		{ 0, { 223, 0, 1, true, 0 }, "" },
		{ 0, { 4, 9, TERM_WHEEL_LEFT, false, 0 }, "" },
		{ 1005, { 4, 9, 1, true, 0 }, "\033[M *%" },
		{ 1005, { 94, 95, 8, true, 0 }, "\033[M\xc2\xa0\xc2\x80\x7f" },
		{ 1005, { 2014, 222, 1, false, 0 }, "\033[M#\xc3\xbf\xdf\xbf" },
		{ 1005, { 2015, 0, 1, true, 0 }, "" },
		{ 1006, { 4, 9, TERM_WHEEL_LEFT, true, 0 }, "\033[<66;10;5M" },
		{ 1006, { 4, 9, TERM_WHEEL_RIGHT, true, TERM_ALT }, "\033[<75;10;5M" },
		{ 1006, { 4, 9, TERM_WHEEL_RIGHT, false, 0 }, "\033[<67;10;5m" },
		{ 1006, { 4, 9, 8, true, 0 }, "\033[<128;10;5M" },
		{ 1006, { 4, 9, 11, false, TERM_SHIFT }, "\033[<135;10;5m" },
		{ 1006, { 9998, 9999, 2, true, 0 }, "\033[<1;10000;9999M" },
		{ 1006, { 4, 9, 12, true, 0 }, "" },
		{ 1006, { -1, 9, 1, true, 0 }, "" },
		{ 1015, { 4, 9, 1, true, TERM_CTRL }, "\033[48;10;5M" },
		{ 1015, { 4, 9, 1, false, 0 }, "\033[35;10;5M" },
		{ 1015, { 4, 9, 9, true, 0 }, "\033[161;10;5M" },
		{ 1016, { 0, 0, 1, true, 0 }, "\033[<0;5;9M" },
		{ 1016, { 2, 3, 1, false, 0 }, "\033[<0;29;41m" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct input_modes modes = { 0 };

		input_mode(&modes, 1000, true);
		input_mode(&modes, table[i].mode, true);
		expect(&modes, table[i].event, table[i].want);
	}
}

static void a_drag_says_the_first_button_that_is_down(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };

	input_mode(&modes, 1002, true);
	input_mode(&modes, 1006, true);
	expect(&modes, PRESS(8, 0, 0, 0), "\033[<128;1;1M");
	expect(&modes, MOVE(0, 1, 0), "\033[<160;2;1M");
	expect(&modes, PRESS(2, 0, 1, 0), "\033[<1;2;1M");
	expect(&modes, MOVE(0, 2, 0), "\033[<33;3;1M");
	expect(&modes, PRESS(TERM_WHEEL_UP, 0, 2, 0), "\033[<64;3;1M");
	expect(&modes, RELEASE(2, 0, 2, 0), "\033[<1;3;1m");
	expect(&modes, MOVE(0, 3, 0), "\033[<160;4;1M");
	expect(&modes, RELEASE(8, 0, 3, 0), "\033[<128;4;1m");
	expect(&modes, MOVE(0, 4, 0), "");
}

static void focus_is_told_where_it_was_asked_for(void **state)
{
	(void)state;
	struct input_modes modes = { 0 };
	char out[64];

	assert_int_equal(encode_focus(&modes, true, out), 0);
	input_mode(&modes, 1004, true);
	assert_int_equal(encode_focus(&modes, true, out), 3);
	assert_memory_equal(out, "\033[I", 3);
	assert_int_equal(encode_focus(&modes, false, out), 3);
	assert_memory_equal(out, "\033[O", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mouse_says_nothing_unless_asked),
		cmocka_unit_test(clicks_wheel_and_motion_are_told_as_far_as_wanted),
		cmocka_unit_test(each_encoding_writes_all_buttons_and_modifiers),
		cmocka_unit_test(a_drag_says_the_first_button_that_is_down),
		cmocka_unit_test(focus_is_told_where_it_was_asked_for),
	};

	return cmocka_run_group_tests_name("terminal mouse", tests, NULL, NULL);
}
