/* SPDX-License-Identifier: MIT */
/* A running machine whose profile has changed since its start. */
#include "core/base/alloc.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "fake/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IDENTITY "vm.uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "vm.description", "an old text", "vm.arch", "x86_64", \
	"vm.accel", "tcg", "boot.image", "/lab/vm/web.qcow2", "network.mac", "52:54:00:12:34:56"

/* web was started with less memory, one other port and a disk. */
static const char *const older[] = {
	IDENTITY, "vm.memory", "256", "network.publish", "127.0.0.1:8080:80", "network.publish", "9000:90",
	"disks.disk", "/lab/vm/data.img,size=4G", "state.directory", "/lab/vm/web.qcow2-state", NULL
};

static void open_changed(struct fixture *f, int rows, int columns, const char *term, const char *locale)
{
	world_started = older;
	web_runs();
	open_world(f, rows, columns, term, locale, a_small_world);
	web_tells(f);
	go_to(f, "web");
}

static void what_runs_is_shown_with_what_the_next_start_changes(void **state)
{
	struct fixture *f = *state;
	static const char *const tabs[] = { "1", "3" };

	open_changed(f, 30, 100, "xterm", "C.UTF-8");
	for (size_t i = 0; i < sizeof(tabs) / sizeof(tabs[0]); i++) {
		char *name = mem_printf("pending-tab-%s", tabs[i]);

		press(f, tabs[i]);
		hold_against_golden(name);
		free(name);
	}
}

static void a_terminal_without_utf8_shows_it_too(void **state)
{
	struct fixture *f = *state;

	open_changed(f, 24, 80, "vt100", "C");
	hold_against_golden("pending-80x24-ascii");
}

static void the_mark_goes_when_the_profile_is_as_it_was(void **state)
{
	struct fixture *f = *state;
	char *text = NULL;

	open_changed(f, 24, 80, "xterm", "C.UTF-8");
	assert_true(sees("running \xe2\x89\xa0"));
	text = mem_printf("[vm]\nuuid = 1b4e28ba-2fa1-11d2-883f-0016d3cca427\narch = x86_64\naccel = tcg\nmemory = 256M\n"
	                  "[boot]\nimage = /lab/vm/web.qcow2\n[network]\nmac = 52:54:00:12:34:56\n"
	                  "publish = 9000:90\npublish = 127.0.0.1:8080:80\n[disks]\ndisk = /lab/vm/data.img,size=4096M\n%s",
	                  "[state]\ndirectory = /lab/vm/web.qcow2-state\n");
	store_memory_put(f->store, "web", text);
	turn(f);
	assert_true(sees_not("\xe2\x89\xa0"));
	store_memory_put(f->store, "web", "[vm]\nuuid = 1b4e28ba-2fa1-11d2-883f-0016d3cca427\nmemory = lots\n"
	                 "[boot]\nimage = /lab/vm/web.qcow2\n");
	turn(f);
	assert_true(sees("the next start will fail"));
	free(text);
}

static void both_are_shown_side_by_side(void **state)
{
	struct fixture *f = *state;

	open_changed(f, 24, 80, "xterm", "C.UTF-8");
	press(f, "D");
	hold_against_golden("changes-80x24");
	resize_world(f, 12, 40);
	hold_against_golden("changes-40x12");
	press(f, "G");
	assert_true(sees("/lab/bin/qemu"));
	press(f, "D");
	assert_true(sees_not("next start"));
}

/* As another program has changed it, from the settings that its keeper has recorded. */
static void a_live_change_is_no_longer_pending(void **state)
{
	static const char *const changed[] = {
		IDENTITY, "vm.memory", "256", "network.publish", "127.0.0.1:8080:80", "network.publish", "8443:443", NULL
	};
	struct fixture *f = *state;
	struct keeper_state state_now = { .phase = VM_RUNNING, .name = "web", .pid = 4242, .changes = 1 };

	open_changed(f, 24, 80, "xterm", "C.UTF-8");
	assert_true(sees("disk, qemu"));
	assert_true(sees("can be applied now"));
	world_started = changed;
	keeper_says(f, &state_now);
	assert_true(sees("\xe2\x89\xa0 2 changes wait for a restart: memory,"));
	assert_true(sees_not("can be applied now"));
	assert_true(sees("*:8443"));
	assert_true(sees_not("*:9000"));
	assert_true(sees("running \xe2\x89\xa0 :8080+"));
}

static void answer(struct fixture *f, const char *result, const char *error)
{
	keepers_answer_one(result, error);
	turn(f);
}

/* Ports are removed and added one after the other, each in QEMU and then in the record. */
static void what_can_be_applied_is_applied_at_a_key(void **state)
{
	struct fixture *f = *state;

	open_changed(f, 24, 80, "xterm", "C.UTF-8");
	assert_true(sees("1 change can be applied now with A"));
	press(f, "A");
	assert_non_null(strstr(keepers.requests[0].text, "hostfwd_remove t0 tcp::9000"));
	press(f, "A");
	assert_true(sees("web is being changed"));
	answer(f, "\"host forwarding rule for tcp::9000 removed\\r\\n\"", NULL);
	assert_string_equal(keepers.requests[0].text, "network.publish remove 9000:90");
	answer(f, NULL, NULL);
	assert_non_null(strstr(keepers.requests[0].text, "hostfwd_add t0 tcp::8443-:443"));
	answer(f, NULL, "no such netdev");
	assert_true(sees("web: 1 change applied; publish 8443:443: no such netdev; memory, disk, qemu"));
	assert_int_equal(keepers.request_count, 0);
	press(f, "D A");
	assert_non_null(strstr(keepers.requests[0].text, "hostfwd_remove"));
	/* The world is closed while a change is under way. */
	close_world(f);
}

static void what_cannot_be_applied_says_why(void **state)
{
	static const char *const memory[] = {
		IDENTITY, "vm.memory", "256", "network.publish", "127.0.0.1:8080:80", "network.publish", "8443:443",
		"qemu.binary", "/lab/bin/qemu", NULL
	};
	struct fixture *f = *state;

	world_started = memory;
	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "A");
	assert_true(sees("nothing can be applied now; memory waits for a restart"));
	go_to(f, "db");
	press(f, "A");
	assert_true(sees("db does not run; its next start has its profile's settings"));
}

/* The page follows the profile, and says why when it has nothing to show. */
static void side_by_side_follows_the_profile(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest" };

	open_changed(f, 24, 80, "xterm", "C.UTF-8");
	press(f, "Tab D");
	assert_true(sees("2G"));
	store_memory_put(f->store, "web", "[vm]\nuuid = 1b4e28ba-2fa1-11d2-883f-0016d3cca427\nmemory = 3G\n"
	                 "[boot]\nimage = /lab/vm/web.qcow2\n");
	turn(f);
	assert_true(sees("3G"));
	keepers.list.count = 0;
	keeper_ends(f, &end);
	assert_true(sees_not("3G  "));
	assert_true(sees("web does not run; its next start has its profile's settings"));
	press(f, "D D");
	assert_true(sees("web does not run; its next start has its profile's settings"));
	press(f, "Tab");
	go_to(f, "alpine.iso");
	press(f, "D");
	assert_true(sees("only a profile can differ from what runs"));
}

static void nothing_is_compared_with_a_start_that_is_not_known(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "D");
	assert_true(sees("what web was started with is not known"));
	press(f, "4 t");
	assert_true(sees_not("t shows"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(what_runs_is_shown_with_what_the_next_start_changes),
		world_test(both_are_shown_side_by_side),
		world_test(a_live_change_is_no_longer_pending),
		world_test(what_can_be_applied_is_applied_at_a_key),
		world_test(what_cannot_be_applied_says_why),
		world_test(side_by_side_follows_the_profile),
		world_test(nothing_is_compared_with_a_start_that_is_not_known),
		world_test(a_terminal_without_utf8_shows_it_too),
		world_test(the_mark_goes_when_the_profile_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
