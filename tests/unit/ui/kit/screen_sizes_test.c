/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "fake/keepers_impl.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Each screen at each size that is promised to be usable, and in ASCII. */

static const struct { const char *name, *keys; } screens[] = {
	{ "list", "" },
	{ "overview", "1" },
	{ "settings", "3" },
	{ "log", "5" },
	{ "help", "?" },
	{ "power", "p" },
	{ "problems", "Up Up s" },		/* a profile whose QEMU and image are not there */
	{ "rename", "Up r" },
	{ "delete", "Up d" },
	{ "clone", "c" },
	{ "form", "e" },
	{ "form-wrong", "e Down Down Down 0" },
	{ "form-command", "e Down Down Down 3 C-t" },
	{ "form-leave", "e Down x Esc" },
	{ "filter", "/ w e" },
};

static const struct { int rows, columns; const char *term, *locale, *name; } sizes[] = {
	{ 30, 100, "xterm-256color", "C.UTF-8", "100x30" },
	{ 24, 80, "xterm", "C.UTF-8", "80x24" },
	{ 12, 40, "xterm", "C.UTF-8", "40x12" },
	{ 24, 80, "vt100", "C", "ascii" },
};

static void draw_at(struct fixture *f, size_t screen, size_t size)
{
	char *name = mem_printf("sizes/%s-%s", screens[screen].name, sizes[size].name);

	web_runs();
	open_world(f, sizes[size].rows, sizes[size].columns, sizes[size].term, sizes[size].locale, a_small_world);
	web_tells(f);
	go_to(f, "web");
	press(f, screens[screen].keys);
	hold_against_golden(name);
	close_world(f);
	free(name);
}

static void every_screen_is_drawn_at_every_size(void **state)
{
	struct fixture *f = *state;

	for (size_t screen = 0; screen < sizeof(screens) / sizeof(screens[0]); screen++)
		for (size_t size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++)
			draw_at(f, screen, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(every_screen_is_drawn_at_every_size),
	};

	return cmocka_run_group_tests_name("screen sizes", tests, NULL, NULL);
}
