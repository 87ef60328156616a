/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/link.h"
#include "core/control/unplug.h"
#include "fake/answers.h"
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

#define CARD "virtio-net-pci.0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:11:22:33\r\n"
#define BACKEND " \\ t0: index=0,type=user,net=10.0.2.0,restrict=off\r\n"

static void the_card_in_front_of_the_backend_is_read(void **state)
{
	(void)state;
	static const char *const none[] = {
		"", "\r\n", CARD, BACKEND, "t0: index=0,type=user\r\n", CARD "t0: index=0,type=user\r\n",
		"e1000.0: index=0,type=nic,model=e1000\r\n" BACKEND,
		"x: model=0123456789012345678901234567890123456789,macaddr=52:54:00:11:22:33\r\n" BACKEND,
		"x: model=e1000,macaddr=52:54:00:11:22:33:44\r\n" BACKEND, CARD " \\ t0: index=0,type=0123456789012345\r\n",
		CARD " \\ t01: index=0,type=user\r\n",
	};
	struct link_state link;

	assert_true(link_state_read("e1000.0: index=0,type=nic,model=e1000,macaddr=52:54:00:00:00:01\r\n"
	                            " \\ n1: index=0,type=tap,ifname=tap0\r\n" CARD BACKEND, &link));
	assert_string_equal(link.model, "virtio-net-pci");
	assert_string_equal(link.mac, "52:54:00:11:22:33");
	assert_string_equal(link.backend, "user");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(link_state_read(none[i], &link));
}

/* The outcome comes first, so that outcome_came takes both. */
struct link_outcome {
	struct outcome outcome;
	struct link_state link;
};

static void on_link(void *data, const struct link_state *link, const struct error *err)
{
	struct link_outcome *seen = data;

	outcome_came(&seen->outcome, err);
	if (link)
		seen->link = *link;
}

static struct control_vm vm_of(const struct rig *rig, const struct seen *seen)
{
	return (struct control_vm){ .client = seen->client, .state = rig->state, .records = records_on_files(), .guest_ms = 30 };
}

static const char one_card[] =
	"human-monitor-command {\"return\": \"virtio-net-pci.0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:11:22:33\\r\\n"
	" \\\\ t0: index=0,type=user,net=10.0.2.0,restrict=off\\r\\n\"}\n";

static void every_client_sees_a_link_that_is_down(void **state)
{
	struct rig *rig = *state;
	struct seen seen, other;
	struct link_outcome told = { 0 }, forgotten = { 0 };
	struct error err;

	answers_set(rig, one_card);
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_attach(rig, &other, ROLE_WATCH);

	struct control_vm vm = vm_of(rig, &seen), watcher = vm_of(rig, &other);

	expect_outcome(rig, control_link_set(&vm, false, outcome_came, &told.outcome, &err), &told.outcome, &err, "");
	until(rig, other.state.link_down);
	expect_outcome(rig, control_link_query(&watcher, on_link, &told), &told.outcome, NULL, "");
	assert_false(told.link.up);
	assert_string_equal(told.link.mac, "52:54:00:11:22:33");
	expect_outcome(rig, control_link_set(&watcher, true, outcome_came, &told.outcome, &err), &told.outcome, &err, "");
	until(rig, !other.state.link_down);
	control_forget(control_link_query(&watcher, on_link, &forgotten));
	expect_outcome(rig, control_link_query(&watcher, on_link, &told), &told.outcome, NULL, "");
	assert_true(told.link.up);
	rig_close(&other);
	rig_run_ends(rig, &seen);
	assert_int_equal(forgotten.outcome.calls, 0);
}

static void a_link_that_qemu_refuses_to_set_is_not_noted(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct link_outcome told = { 0 };
	struct error err;

	answers_set(rig, "set_link {\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"Device 't0' not found\"}}\n"
	                 "human-monitor-command {\"return\": \"\"}\n");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = vm_of(rig, &seen);

	expect_outcome(rig, control_link_set(&vm, false, outcome_came, &told.outcome, &err), &told.outcome, &err,
	               "link: Device 't0' not found");
	expect_outcome(rig, control_link_query(&vm, on_link, &told), &told.outcome, NULL,
	               "link: the VM has no network card; `network` is none");
	assert_false(seen.state.link_down);
	rig_run_ends(rig, &seen);
}

static void without_a_network_there_is_no_link(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;

	strv_add(&rig->plan.settings, "network.mode");
	strv_add(&rig->plan.settings, "none");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = vm_of(rig, &seen);

	assert_null(control_link_set(&vm, false, outcome_came, NULL, &err));
	assert_non_null(strstr(err.text, "no network card"));
	rig_run_ends(rig, &seen);
}


static void on_unplugged(struct control_job *job, const char *error)
{
	control_job_end(job, error);
}

static void expect_unplugged(struct rig *rig, const struct seen *seen, const char *device, const char *error)
{
	struct control_vm vm = vm_of(rig, seen);
	struct outcome outcome = { 0 };
	struct control_job *job = control_job_new(sizeof(*job), &vm, mem_strdup("x"), outcome_came, &outcome);

	control_unplug(job, device, on_unplugged);
	expect_outcome(rig, job, &outcome, NULL, error);
}

static void a_device_is_removed_when_the_guest_has_given_it_up(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	answers_set(rig, "device_del {\"return\": {}}\n"
	                 "device_del! DEVICE_DELETED {\"device\": \"another\", \"path\": \"/p/another\"}\n"
	                 "device_del! DEVICE_DELETED {\"device\": \"one\", \"path\": \"/p/one\"}\n"
	                 "device_del {\"return\": {}}\n"
	                 "device_del! DEVICE_DELETED {\"path\": \"/p/two\"}\n"
	                 "device_del {\"return\": {}}\n"
	                 "device_del! DEVICE_DELETED {\"device\": \"one\"}\n"
	                 "device_del {\"return\": {}}\n"
	                 "device_del! DEVICE_UNPLUG_GUEST_ERROR {\"device\": \"four\"}\n"
	                 "device_del {\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"Device 'five' not found\"}}\n");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	expect_unplugged(rig, &seen, "one", "");
	expect_unplugged(rig, &seen, "/p/two", "");
	expect_unplugged(rig, &seen, "three", "x: the guest has not given it up yet; it may do so later");
	expect_unplugged(rig, &seen, "four", "x: the guest refuses to give it up");
	expect_unplugged(rig, &seen, "five", "x: Device 'five' not found");
	rig_run_ends(rig, &seen);
}

static void a_wait_ends_with_its_connection(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };

	answers_set(rig, "device_del {\"return\": {}}\n");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = vm_of(rig, &seen);

	vm.guest_ms = 60000;
	control_unplug(control_job_new(sizeof(struct control_job), &vm, mem_strdup("x"), outcome_came, &outcome), "six", on_unplugged);
	rig_poweroff(rig, &seen);
	assert_int_equal(outcome.calls, 1);
	assert_memory_equal(outcome.error, "x: ", 3);
	control_unplug(control_job_new(sizeof(struct control_job), &vm, mem_strdup("x"), outcome_came, &outcome), "six", on_unplugged);
	keeper_close(seen.client);
	seen.client = NULL;
	assert_int_equal(outcome.calls, 2);
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_card_in_front_of_the_backend_is_read),
		rig_test(every_client_sees_a_link_that_is_down),
		rig_test(a_link_that_qemu_refuses_to_set_is_not_noted),
		rig_test(without_a_network_there_is_no_link),
		rig_test(a_device_is_removed_when_the_guest_has_given_it_up),
		rig_test(a_wait_ends_with_its_connection),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("the link of a running VM", tests, NULL, NULL);
}
