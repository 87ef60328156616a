/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/machines/discard.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cmocka.h>

#define UUID "1b4e28ba-2fa1-11d2-883f-0016d3cca427\n"

struct scene {
	struct store *store;
	char *dir, *state;
};

static int set_up(void **state)
{
	struct scene *scene = mem_alloc(sizeof(*scene));

	scene->store = store_memory_new();
	scene->dir = scratch_new();
	scene->state = mem_printf("%s/web-state", scene->dir);
	scratch_put("web-state/uuid", UUID, strlen(UUID), 0);
	scratch_put("web-state/disk.img", "", 0, 4096);
	scratch_put("web-state/data.qcow2", "", 0, 4096);
	scratch_put("web-state/console.log", "", 0, 10);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	store_memory_free(scene->store);
	free(scene->state);
	scratch_free(scene->dir);
	free(scene);
	return 0;
}

static void put(const struct scene *scene, const char *name, const char *fmt)
{
	char text[1024], *at;

	snprintf(text, sizeof(text), "[vm]\ncpus = 1\n");
	for (; *fmt; fmt++) {
		at = text + strlen(text);
		snprintf(at, sizeof(text) - (size_t)(at - text), *fmt == '@' ? "%s" : "%.1s", *fmt == '@' ? scene->dir : fmt);
	}
	store_memory_put(scene->store, name, text);
}

static void assert_refused(const struct scene *scene, const char *own, const char *state, const char *reason)
{
	struct error err;

	if (discard_state_check(scene->store, own, state, &err))
		fail_msg("%s may be deleted", state);
	if (!strstr(err.text, reason))
		fail_msg("%s: %s", state, err.text);
}

static void a_state_directory_may_go_unless_another_profile_needs_it(void **state)
{
	static const struct { const char *other, *reason; } rows[] = {
		{ "[boot]\nimage = @/other.img\n", NULL },
		{ "[boot]\nimage = @/other.img\n[state]\ndirectory = @/web-state-2\n", NULL },
		{ "[state]\ndirectory = @/web-state\n", "the profile db has its state directory in " },
		{ "[state]\ndirectory = @/x/../web-state\n", "the profile db has its state directory in " },
		{ "[state]\ndirectory = @/web-state/db\n", "the profile db has its state directory in " },
		{ "[boot]\nimage = @/web-state/disk.img\n", "the profile db has its " },
		{ "[boot]\nimage = @/other.img\n[disks]\ndisk = @/web-state/data.qcow2\n", "the profile db has its disk in " },
	};
	const struct scene *scene = *state;
	struct error err;

	put(scene, "web", "[boot]\nimage = @/web.img\n[disks]\ndisk = @/web-state/data.qcow2\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(scene, "db", rows[i].other);
		if (rows[i].reason)
			assert_refused(scene, "web", scene->state, rows[i].reason);
		else if (!discard_state_check(scene->store, "web", scene->state, &err))
			fail_msg("%zu: %s", i, err.text);
	}
	put(scene, "db", "");
	assert_refused(scene, NULL, scene->state, "the profile web has its ");
}

static void only_a_state_directory_may_go(void **state)
{
	const struct scene *scene = *state;
	char *link_path = mem_printf("%s/link-state", scene->dir);

	assert_int_equal(symlink("web-state", link_path), 0);
	assert_refused(scene, NULL, link_path, "is not a directory");
	assert_refused(scene, NULL, scene->dir, "is not a state directory of its own");
	assert_refused(scene, NULL, "/nowhere", "No such file");
	assert_refused(scene, NULL, "", "No such file");
	scratch_put("uuid", UUID, strlen(UUID), 0);
	setenv("HOME", scene->state, 1);
	assert_refused(scene, NULL, scene->dir, "is not a state directory of its own");
	free(link_path);
}

static void what_is_locked_stays(void **state)
{
	const struct scene *scene = *state;
	struct error err;
	int fd;

	scratch_put("web-state/lock", "1 web\n", 6, 0);
	fd = open("web-state/lock", O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_refused(scene, NULL, scene->state, "is in use by 'web' (pid 1)");
	close(fd);
	assert_true(discard_state_check(scene->store, NULL, scene->state, &err));
}

static void the_disks_in_it_are_counted(void **state)
{
	const struct scene *scene = *state;
	char *text = discard_state_text(scene->state);

	assert_non_null(strstr(text, ", 2 disks"));
	free(text);
	unlink("web-state/disk.img");
	text = discard_state_text(scene->state);
	assert_non_null(strstr(text, ", 1 disk"));
	assert_null(strstr(text, "disks"));
	free(text);
}

#define in_scene(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_scene(a_state_directory_may_go_unless_another_profile_needs_it),
		in_scene(only_a_state_directory_may_go),
		in_scene(what_is_locked_stays),
		in_scene(the_disks_in_it_are_counted),
	};

	return cmocka_run_group_tests_name("discard", tests, NULL, NULL);
}
