/* SPDX-License-Identifier: MIT */
/* What running machines use, in the list and in the title. */
#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/clients/protocol.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/model/model_impl.h"
#include "ui/model/model_usage.h"
#include "ui/session.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define QEMU 4242	/* of web, as its keeper says */
#define LATER (UINT64_C(1) << 40)	/* ms; no timer is due before that */

static void put(const struct fixture *f, const char *name, const char *text)
{
	char *path = mem_printf("%s/%s", f->scratch, name);

	scratch_put(path, text, strlen(text), 0);
	free(path);
}

static void put_qemu(const struct fixture *f, double cpu_seconds)
{
	char text[256];

	snprintf(text, sizeof(text), "%d (qemu) S 4241 1 1 0 -1 0 0 0 0 0 %.0f 0 0 0 20 0 5 0 77 0 %lld 1\n", QEMU,
	         cpu_seconds * (double)sysconf(_SC_CLK_TCK), (300LL << 20) / sysconf(_SC_PAGESIZE));
	put(f, "proc/4242/stat", text);
}

/* web has used 1.5 CPUs for a second, and has written 1 MiB. */
static void sample(struct fixture *f)
{
	struct model *model = session_model(f->app);

	put_qemu(f, 10);
	put(f, "proc/4242/io", "read_bytes: 2048\nwrite_bytes: 1048576\n");
	model_usage_sample(model, LATER);
	put_qemu(f, 11.5);
	put(f, "proc/4242/io", "read_bytes: 2048\nwrite_bytes: 2097152\n");
	model_usage_sample(model, LATER + 1000);
	app_notice(f->app);
	turn(f);
}

static void open_measured(struct fixture *f, int rows, int columns, const char *term, const char *locale)
{
	put(f, "proc/meminfo", "MemTotal:       32505856 kB\n");
	put_qemu(f, 10);
	/* The recorded screens are where the test was started. */
	assert_int_equal(chdir(f->back), 0);
	setenv("WORLD_ROOT", f->scratch, true);
	world_usage = true;
	web_runs();
	open_world(f, rows, columns, term, locale, a_small_world);
	web_tells(f);
	unsetenv("WORLD_ROOT");
	sample(f);
}

static void figures_are_in_the_list_as_far_as_there_is_room(void **state)
{
	static const struct { int rows, columns; const char *term, *locale, *name; } sizes[] = {
		{ 16, 140, "xterm", "C.UTF-8", "usage-140x16" },
		{ 12, 100, "xterm", "C.UTF-8", "usage-100x12" },
		{ 12, 80, "vt100", "C", "usage-80x12-ascii" },
		{ 12, 40, "xterm", "C.UTF-8", "usage-40x12" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		open_measured(f, sizes[i].rows, sizes[i].columns, sizes[i].term, sizes[i].locale);
		press(f, "Home");
		hold_against_golden(sizes[i].name);
		close_world(f);
	}
}

/* The machine was started with a disk that holds nothing yet. */
static void the_overview_says_what_is_used_and_how_the_guest_is_reached(void **state)
{
	static const struct { int rows, columns; const char *term, *locale, *name; } sizes[] = {
		{ 20, 100, "xterm", "C.UTF-8", "usage-overview-100x20" },
		{ 20, 80, "vt100", "C", "usage-overview-80x20-ascii" },
		{ 14, 40, "xterm", "C.UTF-8", "usage-overview-40x14" },
	};
	struct fixture *f = *state;
	char disk[128];
	const char *const started[] = {
		"vm.uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "vm.arch", "x86_64", "vm.accel", "tcg", "vm.memory", "512",
		"vm.cpus", "2", "boot.image", "/lab/vm/web.qcow2", "boot.mode", "disk", "disks.disk", disk,
		"network.mac", "52:54:00:12:34:56", "network.publish", "127.0.0.1:2222:22", NULL
	};

	snprintf(disk, sizeof(disk), "%s/data.img", f->scratch);
	scratch_put(disk, "", 0, 5 << 20);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		world_started = started;
		open_measured(f, sizes[i].rows, sizes[i].columns, sizes[i].term, sizes[i].locale);
		go_to(f, "web");
		press(f, "1");
		sample(f);
		press(f, "End Home");
		hold_against_golden(sizes[i].name);
		close_world(f);
	}
}

static void the_overview_says_which_screens_show_the_console(void **state)
{
	const struct attached_screen screens[] = { { getpid(), false, 24, 80 }, { INT_MAX, true, 30, 100 } };
	struct fixture *f = *state;

	open_measured(f, 30, 100, "xterm", "C.UTF-8");
	go_to(f, "web");
	assert_true(sees_not("screens "));
	keeper_says(f, &(struct keeper_state){ .phase = VM_RUNNING, .pid = QEMU, .clients = 2, .screens = screens, .screen_count = 2 });
	assert_true(sees("screens   2: this one, pid 2147483647 (read-only) 100x30"));
	/* A keeper that runs since before they were listed. */
	keeper_says(f, &(struct keeper_state){ .phase = VM_RUNNING, .pid = QEMU, .clients = 2 });
	assert_true(sees_not("screens "));
}

static void what_runs_comes_first_in_another_order(void **state)
{
	static const char *const titles[] = { "Machines by state", "Machines by cpu", "Machines by memory", "Machines by uptime" };
	struct fixture *f = *state;

	open_measured(f, 12, 100, "xterm", "C.UTF-8");
	go_to(f, "db");
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		press(f, "o");
		assert_true(sees(titles[i]));
		if (i == 1)
			hold_against_golden("usage-by-cpu-100x12");
	}
	press(f, "o");
	assert_true(sees("Machines ─"));
	/* A filter keeps the order, and the other way round. */
	press(f, "o o / w e Enter");
	assert_true(sees("by cpu / we"));
	press(f, "o o o");
	assert_true(sees("Machines / we"));
}

static bool is_due(const struct fixture *f)
{
	return loop_timer_armed(session_model(f->app)->usage.timer);
}

static void nothing_is_measured_while_nobody_looks(void **state)
{
	struct fixture *f = *state;

	open_measured(f, 12, 40, "xterm", "C.UTF-8");
	assert_true(is_due(f));
	go_to(f, "web");
	/* The details have the whole screen, at a tab without figures. */
	press(f, "5");
	loop_timer_arm(session_model(f->app)->usage.timer, 0);
	turn(f);
	assert_false(is_due(f));
	press(f, "Esc");
	assert_true(is_due(f));
}

static void nothing_is_measured_while_nothing_runs(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest-shutdown", .error = "" };

	open_measured(f, 12, 100, "xterm", "C.UTF-8");
	assert_true(is_due(f));
	keeper_ends(f, &end);
	loop_timer_arm(session_model(f->app)->usage.timer, 0);
	turn(f);
	assert_false(is_due(f));
	assert_true(sees_not("cpu"));
}

static void it_can_be_turned_off(void **state)
{
	struct fixture *f = *state;
	struct usage_sums sums;

	open_running_web(f, 12, 100);
	assert_null(session_model(f->app)->usage.timer);
	assert_false(model_usage_sums(session_model(f->app), &sums));
}

static void a_qemu_that_is_gone_has_no_figures(void **state)
{
	struct fixture *f = *state;

	open_measured(f, 12, 100, "xterm", "C.UTF-8");
	assert_true(sees("150% 300M"));
	put(f, "proc/4242/stat", "gone");
	model_usage_sample(session_model(f->app), LATER + 2000);
	app_notice(f->app);
	turn(f);
	assert_true(sees_not("150%"));
	/* Whatever comes under its PID is another process. */
	put_qemu(f, 99);
	model_usage_sample(session_model(f->app), LATER + 3000);
	app_notice(f->app);
	turn(f);
	assert_true(sees_not("300M"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_scratch_test(figures_are_in_the_list_as_far_as_there_is_room),
		world_scratch_test(the_overview_says_what_is_used_and_how_the_guest_is_reached),
		world_scratch_test(the_overview_says_which_screens_show_the_console),
		world_scratch_test(what_runs_comes_first_in_another_order),
		world_scratch_test(nothing_is_measured_while_nobody_looks),
		world_scratch_test(nothing_is_measured_while_nothing_runs),
		world_scratch_test(it_can_be_turned_off),
		world_scratch_test(a_qemu_that_is_gone_has_no_figures),
	};

	return cmocka_run_group_tests_name("usage on the screen", tests, NULL, NULL);
}
