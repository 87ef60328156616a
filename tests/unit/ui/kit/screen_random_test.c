/* SPDX-License-Identifier: MIT */
#include "core/base/loop.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"
#include "ui/model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <curses.h>

/*
 * Keys, clicks, sizes, and a world that changes underneath: profiles come and go, the machine's keeper tells, ends and
 * is there again. Nothing is expected but that the screen lives; the sanitizers see the rest. Each round is its
 * seed's, which is printed, so that it can be had again.
 */
#define ROUNDS 30
#define STEPS 1500

static unsigned next_random;

static unsigned below(unsigned limit)
{
	next_random = next_random * 1664525u + 1013904223u;
	return (next_random >> 8) % limit;
}

static void key(struct fixture *f)
{
	/* Without the keys that start an editor or stop the process. */
	static const char *const names[] = {
		"Up", "Down", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Enter", "Esc", "Esc", "Tab", "S-Tab",
		"Space", "Backspace", "Del", "1", "2", "3", "4", "5", "/", ":", "?", "a", "c", "d", "e", "g", "G", "h", "j", "k", "l",
		"n", "p", "r", "s", "w", "x", "y", "z", "[", "C-g", "C-s", "C-u", "C-w", "A-x",
	};
	struct key one;

	if (key_parse(names[below(sizeof(names) / sizeof(names[0]))], &one))
		app_key(f->app, &one);
}

static void click(struct fixture *f)
{
	static const struct key_mouse acts[] = {
		{ .button = 1, .pressed = true }, { .button = 1 }, { .button = 4, .pressed = true }, { .button = 5, .pressed = true },
	};
	int column = (int)below((unsigned)COLS), row = (int)below((unsigned)LINES);
	struct key mouse = { .code = KEY_MOUSE, .is_code = true, .mouse = acts[below(4)] };

	mouse.mouse.row = row;
	mouse.mouse.column = column;
	app_key(f->app, &mouse);
}

static void resize(struct fixture *f)
{
	static const int sizes[][2] = { { 24, 80 }, { 30, 100 }, { 12, 40 }, { 50, 200 }, { 2, 2 }, { 1, 1 }, { 24, 79 } };
	unsigned i = below(sizeof(sizes) / sizeof(sizes[0]));

	resizeterm(sizes[i][0], sizes[i][1]);
	app_resized(f->app);
}

static void profiles(struct fixture *f)
{
	unsigned first = below(20), count = 1 + below(8);
	bool there = below(2);

	for (unsigned i = first; i < first + count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%u", i);
		store_memory_put(f->store, name, there ? "[boot]\nimage = /lab/vm/alpine.iso\n" : NULL);
	}
	if (below(8) == 0)
		store_memory_put(f->store, "web", below(2) ? NULL : "[vm]\nmemory = 1G\n[boot]\nimage = /lab/vm/web.qcow2\n");
}

static void keeper(struct fixture *f, bool *runs)
{
	struct keeper_state tells = {
		.phase = below(4) ? VM_RUNNING : VM_STOPPING, .name = "web", .pid = 4242, .clients = below(3), .paused = below(4) == 0,
	};
	struct keeper_end end = { .started = true, .reason = "exited", .error = "" };

	if (*runs && below(6) > 0) {
		keepers.events->state(keepers.data, &tells);
	} else if (*runs && keepers.consoles == 0) {
		/* An open console would need the event too. */
		keepers.list.count = 0;
		*runs = false;
		keepers.events->ended(keepers.data, &end);
	}
	loop_turn(f->loop, 0);
}

static void step(struct fixture *f, bool *runs)
{
	unsigned what = below(20);

	if (what < 12)
		key(f);
	else if (what < 14)
		click(f);
	else if (what < 15)
		resize(f);
	else if (what < 18)
		profiles(f);
	else
		keeper(f, runs);
	for (unsigned turns = below(4); turns > 0; turns--)
		loop_turn(f->loop, 0);
	if (below(3) == 0)
		app_draw(f->app);
}

static void random_events_do_not_crash_the_screen(void **state)
{
	struct fixture *f = *state;

	for (unsigned seed = 1; seed <= ROUNDS; seed++) {
		bool runs = true;

		print_message("seed %u\n", seed);
		next_random = seed;
		web_runs();
		open_small_world(f, 30, 100);
		screen_mouse_wanted(true);
		/* A broken profile would open an editor. */
		store_memory_put(f->store, "torn", NULL);
		web_tells(f);
		for (int i = 0; i < STEPS && !app_done(f->app); i++)
			step(f, &runs);
		turn(f);
		close_world(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { world_test(random_events_do_not_crash_the_screen) };

	/* A real editor would wait for a person and outlive the test. */
	setenv("VISUAL", "true", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
