/* SPDX-License-Identifier: MIT */
#include "core/terminal/palette.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static bool is_grey(int rgb)
{
	return (rgb >> 16 & 255) == (rgb & 255) && (rgb >> 8 & 255) == (rgb & 255);
}

/* Greys are looked for in the ramp, which is finer than the cube. */
static void each_colour_is_the_nearest_to_itself(void **state)
{
	(void)state;
	for (int i = 16; i < 256; i++)
		if (i >= 232 || !is_grey(palette_rgb(i)))
			assert_int_equal(palette_nearest(palette_rgb(i)), i);
}

static void colours_are_those_of_xterm(void **state)
{
	(void)state;
	assert_int_equal(palette_rgb(1), 0xcd0000);
	assert_int_equal(palette_rgb(208), 0xff8700);
	assert_int_equal(palette_rgb(231), 0xffffff);
	assert_int_equal(palette_rgb(244), 0x808080);
	assert_int_equal(palette_nearest(0xff6400), 202);
	assert_int_equal(palette_nearest(0), 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_colour_is_the_nearest_to_itself),
		cmocka_unit_test(colours_are_those_of_xterm),
	};

	return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
