/* SPDX-License-Identifier: MIT */
/* What the list looked like when the screen was left is there again. */
#include "core/base/alloc.h"
#include "core/base/strv.h"
#include "core/vm/store.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/screen_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct strv kept_keys, kept_values;

static bool keep(const char *path, const char *section, const struct strv *keys, const struct strv *values, struct error *err)
{
	(void)err;
	assert_non_null(strstr(path, "/paddock/screen.ini"));
	assert_string_equal(section, "screen");
	strv_copy(&kept_keys, keys);
	strv_copy(&kept_values, values);
	return true;
}

static bool give(const char *path, struct strv *keys, struct strv *values, struct error *err)
{
	(void)path;
	(void)err;
	strv_copy(keys, &kept_keys);
	strv_copy(values, &kept_values);
	return true;
}

static void what_is_written_is_read(void **state)
{
	static const struct record_io io = { .write = keep, .read = give };
	struct screen_state written = { .folded = { false, true, true }, .kind = ITEM_IMAGE, .tab = 2 }, read;

	(void)state;
	setenv("XDG_STATE_HOME", "/nowhere", true);
	written.order = mem_strdup("cpu");
	written.name = mem_strdup("/vm/a = b.iso");
	screen_state_write(&written, &io);
	screen_state_read(&read, &io);
	assert_string_equal(read.order, written.order);
	assert_memory_equal(read.folded, written.folded, sizeof(read.folded));
	assert_int_equal(read.kind, ITEM_IMAGE);
	assert_string_equal(read.name, written.name);
	assert_int_equal(read.tab, 2);
	screen_state_finish(&written);
	screen_state_finish(&read);
	strv_finish(&kept_keys);
	strv_finish(&kept_values);
}

static void the_screen_is_as_it_was_left(void **state)
{
	static const char *const left[] = { "order", "state", "folded", "state", "profile", "web", "tab", "3", NULL };
	struct fixture *f = *state;

	setenv("XDG_STATE_HOME", "/nowhere", true);
	world_screen = left;
	open_running_web(f, 16, 100);
	hold_against_golden("restored-100x16");
	press(f, "o");
	close_world(f);
	assert_string_equal(world_record, "[screen] order = cpu");
}

/* An image is found only when the library is searched. */
static void an_image_is_selected_again(void **state)
{
	static const char *const left[] = { "image", "/lab/vm/lk", NULL };
	struct fixture *f = *state;

	setenv("XDG_STATE_HOME", "/nowhere", true);
	world_screen = left;
	open_small_world(f, 16, 100);
	assert_true(sees("boot      kernel   /lab/vm/lk"));
}

static void nonsense_is_ignored(void **state)
{
	static const char *const left[] = {
		"order", "colour", "folded", "everything", "profile", "gone", "tab", "9", "tab", "-1", "", "", "x", "y", NULL
	};
	struct fixture *f = *state;

	setenv("XDG_STATE_HOME", "/nowhere", true);
	world_screen = left;
	open_small_world(f, 16, 100);
	assert_true(sees("Machines ─"));
	assert_true(sees("old-state"));
	assert_true(sees("[1 Overview]"));
	assert_true(sees("/lab/vm/ci-arm"));	/* the first one is selected */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		world_test(the_screen_is_as_it_was_left),
		world_test(an_image_is_selected_again),
		world_test(nonsense_is_ignored),
	};

	return cmocka_run_group_tests_name("state of the screen", tests, NULL, NULL);
}
