/* SPDX-License-Identifier: MIT */
/* Modes and pens of a terminal, which a guest sets, saves, restores and asks for. */
#include "core/terminal/terminal_impl.h"
#include "fake/twins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void write_text(struct twin *twin, const char *text)
{
	terminal_write(twin->term, text, strlen(text));
}

/* Returns what DECRQM says: 0 not known, 1 set, 2 reset, 4 always reset. */
static int state_of(struct twin *twin, bool private, int mode)
{
	char text[32];
	int state = -1;

	snprintf(text, sizeof(text), "\033[%s%d$p", private ? "?" : "", mode);
	str_clear(&twin->heard);
	write_text(twin, text);
	sscanf(twin->heard.text, private ? "\033[?%*d;%d$y" : "\033[%*d;%d$y", &state);
	return state;
}

static void set(struct twin *twin, int mode, char final)
{
	char text[32];

	snprintf(text, sizeof(text), "\033[?%d%c", mode, final);
	write_text(twin, text);
}

/* Mode 40 lets mode 3 be set; 1048 and the screens 47, 1047 and 1049, which are one, say nothing of themselves alone. */
static bool is_plain(int mode)
{
	return mode != 1048 && mode != 47 && mode != 1047 && mode != 1049;
}

static void a_private_mode_that_is_known_can_be_set_reset_saved_and_restored(void **state)
{
	int known = 0;
	struct twin twin;

	(void)state;
	twin_open(&twin, 24, 80, 0);
	set(&twin, 40, 'h');
	for (int mode = 1; mode < 3000; mode++) {
		int before = state_of(&twin, true, mode);

		if (before == 0 || !is_plain(mode))
			continue;
		known++;
		set(&twin, mode, 'h');
		assert_int_equal(state_of(&twin, true, mode), 1);
		set(&twin, mode, 's');
		set(&twin, mode, 'l');
		assert_int_equal(state_of(&twin, true, mode), 2);
		set(&twin, mode, 'r');
		assert_int_equal(state_of(&twin, true, mode), 1);
		set(&twin, mode, 'l');
		set(&twin, mode, 's');
		set(&twin, mode, 'h');
		set(&twin, mode, 'r');
		assert_int_equal(state_of(&twin, true, mode), 2);
		set(&twin, mode, before == 1 ? 'h' : 'l');
		if (mode != 40)
			set(&twin, 40, 'h');
	}
	assert_in_range(known, 40, 60);
	twin_close(&twin);
}

static void a_reset_brings_back_every_mode(void **state)
{
	struct twin twin, fresh;
	char *what;

	(void)state;
	twin_open(&twin, 24, 80, 0);
	twin_open(&fresh, 24, 80, 0);
	for (int mode = 1; mode < 3000; mode++) {
		bool on = state_of(&twin, true, mode) == 1;

		if (is_plain(mode))
			set(&twin, mode, on ? 'l' : 'h');
	}
	write_text(&twin, "\033[4;20;2h\033[12l\033[3;9r\033[1;31m\033(0\033*>\033}\033[5;5H\0337\033[1\"q\033[2*x\033[5 q\033]4;1;#123\a\033[#{");
	write_text(&twin, "\033[?1s\033[3g\033[62;1\"p\033[>4;2m\033[=5u\033 Gx\033c");
	/* 8 bits or 7, titles: nothing is left. What a reset erases has other versions, and nothing else. */
	str_clear(&twin.heard);
	what = twins_differ(&twin, &fresh);
	if (what)
		fail_msg("%s", what);
	twin_close(&twin);
	twin_close(&fresh);
}

static void modes_of_ansi_are_told_from_private_ones(void **state)
{
	struct twin twin;

	(void)state;
	twin_open(&twin, 24, 80, 0);
	assert_int_equal(state_of(&twin, false, 4), 2);
	write_text(&twin, "\033[4h");
	assert_int_equal(state_of(&twin, false, 4), 1);
	assert_int_equal(state_of(&twin, true, 7), 1);
	write_text(&twin, "\033[7l");
	assert_int_equal(state_of(&twin, true, 7), 1);
	assert_int_equal(state_of(&twin, false, 7), 4);
	assert_int_equal(state_of(&twin, false, 99), 0);
	twin_close(&twin);
}

static void assert_same_pen(const struct pen *a, const struct pen *b, const char *text)
{
	if (a->foreground != b->foreground || a->background != b->background || a->underline_colour != b->underline_colour ||
	    a->attributes != b->attributes || a->underline != b->underline)
		fail_msg("%s is another pen", text);
}

/* Numbers of a small generator, for pens of all kinds. */
static unsigned draw(uint64_t *random, unsigned below)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*random >> 33) % below;
}

static int random_colour(uint64_t *random)
{
	switch (draw(random, 4)) {
	case 0:
		return -1;
	case 1:
		return (int)draw(random, 16);
	case 2:
		return (int)draw(random, 256);
	default:
		return TERMINAL_RGB | (int)draw(random, 1 << 24);
	}
}

static void the_text_of_a_pen_read_again_is_the_pen(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct scan scan;
		struct pen read = { .foreground = 3, .attributes = CELL_BOLD | CELL_UNDERLINE, .underline = UNDERLINE_CURLY };
		struct pen pen = {
			.foreground = random_colour(&random), .background = random_colour(&random),
			.underline_colour = random_colour(&random), .underline = (uint8_t)draw(&random, 6),
			.attributes = (uint16_t)(draw(&random, 0x400) & ~(unsigned)(CELL_WIDE | CELL_UNDERLINE)),
		};
		char text[160], sequence[170];
		const unsigned char *at = (const unsigned char *)sequence;

		if (pen.underline)
			pen.attributes |= CELL_UNDERLINE;
		terminal_sgr_text(&pen, text, sizeof(text));
		snprintf(sequence, sizeof(sequence), "\033[%sm", text);
		scan_init(&scan);
		assert_int_equal(scan_next(&scan, &at, at + strlen(sequence)), SCAN_CSI);
		terminal_sgr(&scan, &read);
		assert_same_pen(&read, &pen, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_private_mode_that_is_known_can_be_set_reset_saved_and_restored),
		cmocka_unit_test(a_reset_brings_back_every_mode),
		cmocka_unit_test(modes_of_ansi_are_told_from_private_ones),
		cmocka_unit_test(the_text_of_a_pen_read_again_is_the_pen),
	};

	return cmocka_run_group_tests_name("terminal, modes", tests, NULL, NULL);
}
