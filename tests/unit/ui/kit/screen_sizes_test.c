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

/* Each screen at each supported size, and in ASCII. */

static const struct {
	const char *name, *item, *keys;
	const char *field, *more;	/* of the form that the keys have opened, and keys in it; NULL: none */
} screens[] = {
	{ "list", "web", "", NULL, NULL },
	{ "overview", "web", "1", NULL, NULL },
	{ "settings", "web", "3", NULL, NULL },
	{ "log", "web", "5", NULL, NULL },
	{ "help", "web", "?", NULL, NULL },
	{ "power", "web", "p", NULL, NULL },
	{ "problems", "db", "s", NULL, NULL },	/* a profile without its QEMU and image */
	{ "rename", "torn", "r", NULL, NULL },
	{ "delete", "torn", "d", NULL, NULL },
	{ "clone", "web", "c", NULL, NULL },
	{ "form", "web", "e", NULL, NULL },
	{ "form-wrong", "web", "e", "cpus", "0" },
	{ "form-command", "web", "e", "cpus", "3 C-t" },
	{ "form-leave", "web", "e", "description", "x Esc" },
	{ "filter", "web", "/ w e", NULL, NULL },
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
	go_to(f, screens[screen].item);
	press(f, screens[screen].keys);
	if (screens[screen].field) {
		go_to_field(f, screens[screen].field);
		press(f, screens[screen].more);
	}
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
