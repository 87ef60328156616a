/* SPDX-License-Identifier: MIT */
/* What is changed of a machine while it runs, on the screen. */
#include "core/base/error.h"
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

static const char *const started[] = { "boot.image", "/lab/vm/web.qcow2", "network.publish", "127.0.0.1:8080:80", NULL };

#define TABLE "\"Hub -1 (t0):\\r\\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\\r\\n" \
	"  TCP[ESTABLISHED]   36       127.0.0.1  8080       10.0.2.15    80     3     7\\r\\n" \
	"  TCP[HOST_FORWARD]  12       127.0.0.1  8080       10.0.2.15    80     0     0\\r\\n" \
	"  TCP[ESTABLISHED]   40       10.0.2.15 45678         9.9.9.9   443     0     0\\r\\n\""

#define NETWORK "\"virtio-net-pci.0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:11:22:33\\r\\n" \
	" \\\\ t0: index=0,type=user,net=10.0.2.0,restrict=off\\r\\n\""

#define BLOCKS "[{\"device\":\"ide1-cd0\",\"qdev\":\"/machine/cd\",\"removable\":true,\"locked\":false,\"tray_open\":false,\"type\":\"unknown\"}," \
	"{\"device\":\"virtio0\",\"qdev\":\"/machine/disk\",\"removable\":false,\"locked\":false,\"type\":\"unknown\",\"inserted\":" \
	"{\"file\":\"/lab/vm/web.qcow2\",\"node-name\":\"#block1\",\"drv\":\"qcow2\",\"ro\":false,\"image\":" \
	"{\"filename\":\"/lab/vm/web.qcow2\",\"virtual-size\":21474836480,\"actual-size\":6549825126,\"format\":\"qcow2\"}}}]"

static const struct fake_reply replies[] = {
	{ "info usernet", TABLE, NULL },
	{ "info network", NETWORK, NULL },
	{ "query-block", BLOCKS, NULL },
	{ "query-named-block-nodes", "[]", NULL },
	{ "query-memory-size-summary", "{\"base-memory\":1073741824}", NULL },
	{ "query-balloon", "{\"actual\":536870912}", NULL },
	{ "qom-list", "[]", NULL },
	{ "qom-", NULL, "Property 'guest-stats' not found" },
	{ "guest-", NULL, "no guest agent runs in the guest" },
	{ "block_resize", "{}", NULL },
	{ "eject", "{}", NULL },
	{ "blockdev-", "{}", NULL },
	{ "balloon {\"value\":268435456}", "{}", NULL },
	{ "set_link {\"name\":\"t0\",\"up\":false}", "{}", NULL },
	{ "hostfwd_add t0 tcp:127.0.0.1:47999-:22", "\"\"", NULL },
	{ "hostfwd_add t0 udp:127.0.0.1:47998-:53", "\"Could not set up host forwarding rule\\r\\n\"", NULL },
	{ "hostfwd_remove t0 tcp:127.0.0.1:8080", "\"host forwarding rule for tcp:127.0.0.1:8080 removed\\r\\n\"", NULL },
	{ "network.publish ", NULL, NULL },
	{ NULL, NULL, NULL },
};

static void open_hardware(struct fixture *f, int rows, int columns)
{
	world_started = started;
	web_runs();
	open_world(f, rows, columns, "xterm", "C.UTF-8", a_small_world);
	web_tells(f);
	go_to(f, "web");
	press(f, "H");
	keepers_answer(replies);
	turn(f);
}

static void type(struct fixture *f, const char *text)
{
	for (; *text; text++)
		press(f, (const char[]){ *text, '\0' });
}

static void ports_are_listed_with_their_connections(void **state)
{
	struct fixture *f = *state;

	open_hardware(f, 24, 80);
	hold_against_golden("hardware-80x24");
	resize_world(f, 12, 40);
	hold_against_golden("hardware-40x12");
	press(f, "H");
	assert_true(sees_not("while it runs"));
}

static void a_port_is_published_for_this_run_and_for_the_profile(void **state)
{
	struct fixture *f = *state;
	struct error err;
	char *text;

	open_hardware(f, 24, 80);
	press(f, "a");
	type(f, "127.0.0.1:47999:22");
	press(f, "Enter");
	assert_non_null(strstr(keepers.requests[0].text, "hostfwd_add t0 tcp:127.0.0.1:47999-:22"));
	keepers_answer(replies);
	turn(f);
	assert_true(sees("127.0.0.1:47999:22 is published"));
	text = f->store->text(f->store, "web", &err);
	assert_null(strstr(text, "47999"));
	free(text);
	press(f, "s a");
	type(f, "127.0.0.1:47999:22");
	press(f, "Enter");
	keepers_answer(replies);
	turn(f);
	assert_true(sees("in the profile too"));
	text = f->store->text(f->store, "web", &err);
	assert_non_null(strstr(text, "47999"));
	free(text);
}

static void what_qemu_refuses_is_told_in_its_words(void **state)
{
	struct fixture *f = *state;

	open_hardware(f, 24, 80);
	press(f, "a");
	type(f, "127.0.0.1:47998:53/udp");
	press(f, "Enter");
	keepers_answer(replies);
	turn(f);
	assert_true(sees("Not changed"));
	assert_true(sees("Could not set up host forwarding rule"));
	press(f, "Esc a");
	type(f, "none");
	press(f, "Enter");
	assert_int_equal(keepers.request_count, 0);
	press(f, "Esc");
}

static void enter_pulls_the_cable(void **state)
{
	struct fixture *f = *state;

	open_hardware(f, 24, 80);
	press(f, "g Down Down Down Down Down Down");
	assert_true(sees("52:54:00:11:22:33"));
	assert_true(sees("Enter link up or down"));
	press(f, "Enter");
	keepers_answer(replies);
	turn(f);
	assert_true(sees("the link is down"));
}

static void answered(struct fixture *f, const char *shown)
{
	keepers_answer(replies);
	turn(f);
	assert_true(sees(shown));
}

static void drives_and_memory_are_changed(void **state)
{
	struct fixture *f = *state;

	open_hardware(f, 24, 80);
	press(f, "g Down Down Down Down Down Down Down Down");
	assert_true(sees("Enter insert   d eject"));
	press(f, "Enter");
	type(f, "web.iso");
	assert_true(sees("an absolute path"));
	press(f, "Esc d");
	answered(f, "there is no CD in the drive");
	press(f, "Esc Down");
	press(f, "d");
	assert_true(sees("Remove web.qcow2 from the running VM?"));
	press(f, "n Enter");
	type(f, "20G");
	press(f, "Enter");
	answered(f, "Not changed");
	press(f, "Esc Enter");
	type(f, "30");
	press(f, "Enter");
	answered(f, "the disk has grown");
	press(f, "Down Down Down Down Down Enter");
	type(f, "2G");
	assert_true(sees("from 64 to 1024 MiB"));
	press(f, "Esc");
}

static void only_what_can_go_is_removed(void **state)
{
	struct fixture *f = *state;

	open_hardware(f, 24, 80);
	press(f, "d");
	assert_true(sees("this cannot be removed"));
	press(f, "Down d");
	keepers_answer(replies);
	turn(f);
	assert_true(sees("127.0.0.1:8080:80 is no longer published"));
}

static void the_view_closes_with_the_machine(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest" };

	open_hardware(f, 24, 80);
	keepers.list.count = 0;
	keeper_ends(f, &end);
	assert_true(sees_not("while it runs"));
	press(f, "H");
	assert_true(sees("is not running"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(ports_are_listed_with_their_connections),
		world_test(a_port_is_published_for_this_run_and_for_the_profile),
		world_test(what_qemu_refuses_is_told_in_its_words),
		world_test(enter_pulls_the_cable),
		world_test(drives_and_memory_are_changed),
		world_test(only_what_can_go_is_removed),
		world_test(the_view_closes_with_the_machine),
	};

	return cmocka_run_group_tests_name("hardware of a running machine", tests, NULL, NULL);
}
