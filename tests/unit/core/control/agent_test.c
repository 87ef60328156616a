/* SPDX-License-Identifier: MIT */
#include "core/control/agent.h"

#include "core/base/error.h"
#include "core/qemu/plan/plan_data.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void addresses_are_addresses_and_those_of_the_link_come_last(void **state)
{
	static const char answer[] =
		"[{\"name\":\"lo\",\"ip-addresses\":[{\"ip-address\":\"127.0.0.1\",\"prefix\":8},{\"ip-address\":\"::1\",\"prefix\":128}]},"
		"{\"name\":\"no addresses\"},7,"
		"{\"name\":\"en\\u001b[2Jp1\",\"ip-addresses\":[{\"ip-address\":\"FE80::0:1\",\"prefix\":64},"
		"{\"ip-address\":\"192.168.1.7\",\"prefix\":24},{\"ip-address\":\"2001:DB8::0:7\",\"prefix\":999},"
		"{\"ip-address\":\"rm -rf /\"},{\"ip-address\":7},[]]}]";
	struct guest_info info = { 0 };

	(void)state;
	guest_info_read(&info, "guest-network-get-interfaces", answer);
	assert_int_equal(info.address_count, 3);
	assert_string_equal(info.addresses[0].interface, "en?[2Jp1");
	assert_string_equal(info.addresses[0].address, "192.168.1.7");
	assert_int_equal(info.addresses[0].prefix, 24);
	assert_string_equal(info.addresses[1].address, "2001:db8::7");
	assert_int_equal(info.addresses[1].prefix, 0);
	assert_string_equal(info.addresses[2].address, "fe80::1");
	guest_info_read(&info, "guest-network-get-interfaces", "{\"return\":");
	assert_int_equal(info.address_count, 3);
	guest_info_read(&info, "guest-network-get-interfaces", "{}");
	assert_int_equal(info.address_count, 0);
}

static void texts_are_shortened_and_have_no_control_characters(void **state)
{
	struct guest_info info = { 0 };
	char answer[1000];

	(void)state;
	snprintf(answer, sizeof(answer), "{\"host-name\":\"%0200d\"}", 0);
	guest_info_read(&info, "guest-get-host-name", answer);
	assert_int_equal(strlen(info.host_name), GUEST_TEXT - 1);
	/* Not in the middle of a character. */
	snprintf(answer, sizeof(answer), "{\"host-name\":\"%094d\u00e4\"}", 0);
	guest_info_read(&info, "guest-get-host-name", answer);
	assert_int_equal(strlen(info.host_name), GUEST_TEXT - 2);
	guest_info_read(&info, "guest-get-host-name", "{\"host-name\":[\"x\"]}");
	guest_info_read(&info, "guest-get-users", "{\"host-name\":\"x\"}");
	assert_int_equal(strlen(info.host_name), GUEST_TEXT - 2);
	guest_info_read(&info, "guest-get-osinfo", "{\"name\":\"Debian\",\"pretty-name\":\"Debian\\n12\",\"kernel-release\":\"6.1\\u202e\"}");
	assert_string_equal(info.system, "Debian 12");
	assert_string_equal(info.kernel, "6.1?");
	guest_info_read(&info, "guest-get-osinfo", "{\"name\":\"BusyBox\"}");
	assert_string_equal(info.system, "BusyBox");
}

static void sizes_that_cannot_be_are_not_known(void **state)
{
	struct guest_info info = { 0 };
	struct str many;

	(void)state;
	guest_info_read(&info, "guest-get-fsinfo",
	                "[{\"mountpoint\":\"/\",\"type\":\"ext4\",\"used-bytes\":5,\"total-bytes\":9},"
	                "{\"mountpoint\":\"/a\",\"used-bytes\":10,\"total-bytes\":9},{\"type\":\"ext4\"},"
	                "{\"mountpoint\":\"/b\",\"used-bytes\":-1,\"total-bytes\":9}]");
	assert_int_equal(info.filesystem_count, 3);
	assert_string_equal(info.filesystems[0].place, "/");
	assert_string_equal(info.filesystems[0].type, "ext4");
	assert_int_equal(info.filesystems[0].used, 5);
	assert_int_equal(info.filesystems[0].total, 9);
	assert_int_equal(info.filesystems[1].total, 0);
	assert_int_equal(info.filesystems[2].total, 0);
	str_init(&many);
	for (unsigned i = 0; i < 100; i++)
		str_adds(&many, i ? ",{\"mountpoint\":\"/\"}" : "[{\"mountpoint\":\"/\"}");
	str_addc(&many, ']');
	guest_info_read(&info, "guest-get-fsinfo", many.text);
	assert_int_equal(info.filesystem_count, GUEST_FILESYSTEMS);
	str_finish(&many);
}

struct outcome {
	unsigned calls;
	struct guest_info info;
	char error[1100];
};

static void on_info(void *data, const struct guest_info *info, const struct error *err)
{
	struct outcome *outcome = data;

	outcome->calls++;
	assert_true(!info == (err != NULL));
	if (info)
		outcome->info = *info;
	snprintf(outcome->error, sizeof(outcome->error), "%s", err ? err->text : "");
}

static void on_done(void *data, const struct error *err)
{
	struct outcome *outcome = data;

	outcome->calls++;
	snprintf(outcome->error, sizeof(outcome->error), "%s", err ? err->text : "");
}

static void the_agent_of_a_running_vm_is_asked_through_its_keeper(void **state)
{
	struct rig *rig = *state;
	struct outcome info = { 0 }, ping = { 0 }, off = { 0 }, gone = { 0 };
	struct seen seen;

	rig_arg(rig, "-chardev");
	rig_arg(rig, PLAN_AGENT_CHARDEV);
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	control_guest_ping(&vm, on_done, &off);
	until(rig, off.calls == 1);
	assert_string_equal(off.error, "guest: no guest agent runs in the guest");
	rig_type(&seen, "!agent 1\n");
	until(rig, rig_sees(&seen, "agent's port 1"));
	control_guest_info(&vm, on_info, &info);
	control_guest_ping(&vm, on_done, &ping);
	until(rig, info.calls == 1 && ping.calls == 1);
	assert_string_equal(ping.error, "");
	assert_string_equal(info.error, "");
	assert_string_equal(info.info.host_name, "fa?[2Jke");
	assert_int_equal(info.info.address_count, 1);
	assert_string_equal(info.info.addresses[0].address, "10.0.2.15");
	/* It does not know this one. */
	assert_string_equal(info.info.system, "");
	rig_type(&seen, "!agent 0\n");
	until(rig, rig_sees(&seen, "agent's port 0"));
	control_guest_info(&vm, on_info, &gone);
	until(rig, gone.calls == 1);
	assert_string_equal(gone.error, "guest: no guest agent runs in the guest");
	rig_type(&seen, "!agent 2\n");
	until(rig, rig_sees(&seen, "agent's port 2"));
	control_guest_shutdown(&vm, GUEST_POWERDOWN, on_done, &off);
	until(rig, seen.ended);
	assert_string_equal(seen.reason, "guest-shutdown");
	rig_close(&seen);
	assert_int_equal(off.calls, 2);
}

static void a_vm_without_the_port_has_no_agent(void **state)
{
	struct rig *rig = *state;
	struct outcome outcome = { 0 };
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	control_guest_shutdown(&vm, GUEST_REBOOT, on_done, &outcome);
	until(rig, outcome.calls == 1);
	assert_string_equal(outcome.error, "guest: this VM was started without a port for the guest agent");
	rig_run_ends(rig, &seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_addresses_and_those_of_the_link_come_last),
		cmocka_unit_test(texts_are_shortened_and_have_no_control_characters),
		cmocka_unit_test(sizes_that_cannot_be_are_not_known),
		rig_test(the_agent_of_a_running_vm_is_asked_through_its_keeper),
		rig_test(a_vm_without_the_port_has_no_agent),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("the guest agent of a running VM", tests, NULL, NULL);
}
