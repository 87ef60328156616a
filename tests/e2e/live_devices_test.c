/* SPDX-License-Identifier: MIT */
/* What a profile's machine has for changes while it runs, as the guest finds it: slots, a balloon, the agent's port, pvpanic. */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/control/agent.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"
#include "persist/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool up_or_panicked(struct tty *tty, const void *unused)
{
	(void)unused;
	return tty_shows(tty, "/ #") || tty_shows(tty, "the guest has panicked");
}

/* Booted to its shell; again if QEMU's emulation of s390x breaks the kernel, as foreign_test.c says. */
static struct tty *boot(struct home *home, const char *arch)
{
	char profile[400];

	snprintf(profile, sizeof(profile),
	         "[vm]\narch = %s\naccel = tcg\nmemory = 256\n[boot]\nmode = kernel\nimage = @/demo\n[state]\ndirectory = @/state\n", arch);
	home_profile(home, "vm", profile);
	for (int boots = 1;; boots++) {
		expect(home, 0, "start", "vm");

		struct tty *tty = tty_open(home, 24, 80, "attach", "vm");

		tty_wait_for(tty, up_or_panicked, NULL, "the shell");
		if (tty_shows(tty, "/ #") || boots == 3) {
			tty_wait(tty, "/ #");
			return tty;
		}
		print_message("the emulated kernel panicked; once more\n");
		tty_wait_end(tty);
		tty_close(tty);
	}
}

static void end(struct tty *tty)
{
	tty_type(tty, "poweroff\r");
	tty_wait_end(tty);
	tty_close(tty);
}

static void expect_devices(struct tty *tty)
{
	tty_type(tty, "echo port $(cat /sys/class/virtio-ports/*/name)\r");
	tty_wait(tty, "port org.qemu.guest_agent.0");
	tty_type(tty, "echo balloons $(ls -d /sys/bus/virtio/drivers/virtio_balloon/virtio* | wc -l)\r");
	tty_wait(tty, "balloons 1");
}

static void an_aarch64_guest_finds_slots_a_balloon_and_the_port(void **state)
{
	home_foreign_guest(*state, "aarch64");

	struct tty *tty = boot(*state, "aarch64");

	expect_devices(tty);
	tty_type(tty, "echo slots $(ls /sys/bus/pci/slots)\r");
	tty_wait(tty, "slots 201 202 203 204");
	end(tty);
}

static void an_s390x_guest_finds_a_balloon_and_the_port(void **state)
{
	home_foreign_guest(*state, "s390x");

	struct tty *tty = boot(*state, "s390x");

	expect_devices(tty);
	end(tty);
}

/* ---- a guest agent ---- */

struct question {
	struct loop *loop;
	struct guest_info info;
	char error[1100];
	bool answered;
};

static void on_info(void *data, const struct guest_info *info, const struct error *err)
{
	struct question *question = data;

	question->answered = true;
	if (info)
		question->info = *info;
	snprintf(question->error, sizeof(question->error), "%s", err ? err->text : "");
	loop_quit(question->loop, 0);
}

static void on_done(void *data, const struct error *err)
{
	on_info(data, NULL, err);
}

static void on_lost(void *data, const char *why)
{
	(void)data;
	fail_msg("%s", why);
}

/* Asks the only VM that runs; or has its guest shut down. */
static void ask(const struct home *home, struct question *question, bool shut_down)
{
	static const struct keeper_events events = { .lost = on_lost };
	struct registry_list list = { 0 };
	struct error err;

	setenv("HOME", home->dir, 1);
	setenv("XDG_STATE_HOME", home_path(home, "state"), 1);
	memset(question, 0, sizeof(*question));
	if (!registry_read(records_on_files(), &list, &err))
		fail_msg("%s", err.text);
	assert_int_equal(list.count, 1);
	question->loop = loop_new();

	struct control_vm vm = { .client = keeper_connect(question->loop, &list.items[0], &keeper_watch, &events, NULL, &err) };

	if (!vm.client)
		fail_msg("%s", err.text);
	if (shut_down)
		control_guest_shutdown(&vm, GUEST_POWERDOWN, on_done, question);
	else
		control_guest_info(&vm, on_info, question);
	loop_run(question->loop);
	keeper_close(vm.client);
	loop_free(question->loop);
	registry_list_finish(&list);
	assert_true(question->answered);
}

/* As much of qemu-ga as a shell can be: a command is a line. */
static const char agent[] =
	"agent() { while read -r line; do case $line in\r"
	"*-sync-*) id=${line##*:}; printf '\\377{\"return\": %s}\\n' ${id%%\\}*} ;;\r"
	"*-ping*) echo '{\"return\": {}}' ;;\r"
	"*-host-name*) echo '{\"return\": {\"host-name\": \"'$(hostname)'\"}}' ;;\r"
	"*-interfaces*) address=$(ip -4 -o addr show scope global | sed 's|.* inet \\([^/]*\\)/.*|\\1|')\r"
	"echo '{\"return\": [{\"name\": \"eth0\", \"ip-addresses\": [{\"ip-address\": \"'$address'\", \"prefix\": 24}]}]}' ;;\r"
	"*-shutdown*) poweroff ;;\r"
	"*) echo '{\"error\": {\"desc\": \"not in this shell\"}}' ;;\r"
	"esac; done; }\r";

static void the_agent_in_a_guest_is_asked_and_shuts_it_down(void **state)
{
	struct home *home = *state;
	struct question question;

	home_demo_guest(home);

	struct tty *tty = boot(home, "x86_64");

	expect_devices(tty);
	ask(home, &question, false);
	assert_string_equal(question.error, "guest: no guest agent runs in the guest");
	tty_type(tty, "until ip addr | grep -q 10.0.2; do usleep 100000; done; echo there is a $((1))network\r");
	tty_wait(tty, "there is a 1network");
	tty_type(tty, agent);
	tty_type(tty, "(exec 3<>/dev/$(ls /sys/class/virtio-ports); echo the port is $((1))open; agent <&3 >&3) &\r");
	tty_wait(tty, "the port is 1open");
	do {
		/* QEMU may report it after the guest has gone on. */
		ask(home, &question, false);
	} while (!strcmp(question.error, "guest: no guest agent runs in the guest"));
	assert_string_equal(question.error, "");
	assert_string_equal(question.info.host_name, "demo");
	assert_int_equal(question.info.address_count, 1);
	assert_string_equal(question.info.addresses[0].address, "10.0.2.15");
	assert_string_equal(question.info.system, "");
	ask(home, &question, true);
	assert_string_equal(question.error, "");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static bool driver_known(struct tty *tty, const void *unused)
{
	(void)unused;
	return tty_shows(tty, "drivers 0") || tty_shows(tty, "drivers 1");
}

/* QEMU's own default would end it. */
static void a_guest_that_panics_may_reboot(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);

	struct tty *tty = boot(home, "x86_64");

	tty_type(tty, "echo drivers $(ls -d /sys/bus/platform/drivers/pvpanic-mmio/QEMU* | wc -l)\r");
	tty_wait_for(tty, driver_known, NULL, "whether the kernel has pvpanic");
	if (tty_shows(tty, "drivers 0")) {
		tty_close(tty);
		print_message("skipped: the demo guest's kernel has no pvpanic\n");
		skip();
	}
	tty_type(tty, "clear; echo c >/proc/sysrq-trigger\r");
	tty_wait_bytes(tty, "the guest has panicked");
	tty_wait_bytes(tty, "A small guest");
	tty_wait(tty, "/ #");
	end(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_aarch64_guest_finds_slots_a_balloon_and_the_port),
		story(an_s390x_guest_finds_a_balloon_and_the_port),
		story(the_agent_in_a_guest_is_asked_and_shuts_it_down),
		story(a_guest_that_panics_may_reboot),
	};

	return cmocka_run_group_tests_name("live devices", tests, NULL, NULL);
}
