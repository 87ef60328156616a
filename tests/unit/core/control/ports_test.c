/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/ports.h"
#include "core/keeper/run/started.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

static const char table[] =
	"Hub -1 (t0):\r\n"
	"  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n"
	"  TCP[ESTABLISHED]   36       127.0.0.1  8080       10.0.2.15    80     3     7\r\n"
	"  TCP[HOST_FORWARD]  12               *  8080       10.0.2.15    80     0     0\r\n"
	"  UDP[236 sec]       25       10.0.2.15 33291        10.0.2.3    53     0     0\r\n"
	"  ICMP[10 sec]       26       10.0.2.15     -        10.0.2.2     -     0     0\r\n"
	"  TCP[\r\n  [x]\r\n  TOOLONGPROTO[x] 1 a 1 b 1 1 1\r\n";

static void flows_are_read_and_other_lines_skipped(void **state)
{
	(void)state;
	struct net_flow flows[4];

	assert_int_equal(net_flows_read(table, flows, 4), 3);
	assert_string_equal(flows[0].protocol, "TCP");
	assert_string_equal(flows[0].state, "ESTABLISHED");
	assert_string_equal(flows[0].source, "127.0.0.1");
	assert_int_equal(flows[0].source_port, 8080);
	assert_string_equal(flows[0].destination, "10.0.2.15");
	assert_int_equal(flows[0].destination_port, 80);
	assert_int_equal(flows[0].received, 3);
	assert_int_equal(flows[0].sent, 7);
	assert_string_equal(flows[1].state, "HOST_FORWARD");
	assert_string_equal(flows[1].source, "*");
	assert_string_equal(flows[2].state, "236 sec");
	assert_true(net_flow_is_forward(&flows[1]));
	assert_false(net_flow_is_forward(&flows[0]));
	assert_int_equal(net_flow_connections(flows, 3, &(struct vm_port){ .host = 8080, .guest = 80 }), 1);
	assert_int_equal(net_flow_connections(flows, 3, &(struct vm_port){ .host = 8080, .guest = 80, .udp = true }), 0);
	assert_int_equal(net_flow_connections(flows, 3, &(struct vm_port){ .host = 33291, .udp = true }), 1);
	assert_int_equal(net_flows_read(table, flows, 1), 1);
	assert_int_equal(net_flows_read("", flows, 4), 0);
}

struct outcome {
	unsigned calls;
	char error[1100];
};

static void on_done(void *data, const struct error *err)
{
	struct outcome *outcome = data;

	outcome->calls++;
	snprintf(outcome->error, sizeof(outcome->error), "%s", err ? err->text : "");
}

/* The ports that the record says are published, separated by blanks. The caller frees it. */
static char *published(const struct rig *rig)
{
	struct vm_config config;
	struct str text;

	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(started_read(records_on_files(), rig->state, &config, NULL));
	str_init(&text);
	for (size_t i = 0; i < config.value[SET_PUBLISH].count; i++)
		str_addf(&text, "%s%s", i ? " " : "", config.value[SET_PUBLISH].items[i]);
	vm_config_finish(&config);
	return str_detach(&text);
}

static void expect_published(const struct rig *rig, const char *wanted)
{
	char *ports = published(rig);

	assert_string_equal(ports ? ports : "", wanted);
	free(ports);
}

static void expect_done(struct rig *rig, struct control_job *job, struct outcome *outcome, const struct error *err)
{
	if (!job)
		fail_msg("%s", err->text);
	until(rig, outcome->calls == 1);
	assert_string_equal(outcome->error, "");
	*outcome = (struct outcome){ 0 };
}

static void a_port_is_published_and_withdrawn_and_the_record_follows(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	expect_done(rig, control_port_add(&vm, "127.0.0.1:28080:80", on_done, &outcome, &err), &outcome, &err);
	expect_done(rig, control_port_add(&vm, "28081:81/udp", on_done, &outcome, &err), &outcome, &err);
	expect_published(rig, "127.0.0.1:28080:80 28081:81/udp");
	assert_int_equal(seen.state.changes, 2);
	assert_null(control_port_add(&vm, "127.0.0.1:28080:80/tcp", on_done, &outcome, &err));
	assert_non_null(strstr(err.text, "published already"));
	assert_null(control_port_remove(&vm, "28081:81", on_done, &outcome, &err));
	assert_non_null(strstr(err.text, "is not published"));
	assert_null(control_port_add(&vm, "none", on_done, &outcome, &err));
	expect_done(rig, control_port_remove(&vm, "127.0.0.1:28080:80/tcp", on_done, &outcome, &err), &outcome, &err);
	expect_published(rig, "28081:81/udp");
	/* Its refusal in QEMU's words, and nothing is recorded. */
	assert_non_null(control_port_add(&vm, "4:81/udp", on_done, &outcome, &err));
	until(rig, outcome.calls == 1);
	assert_string_equal(outcome.error, "publish 4:81/udp: no way");
	expect_published(rig, "28081:81/udp");
	rig_poweroff(rig, &seen);
	assert_int_equal(outcome.calls, 1);
	rig_close(&seen);
}

static void a_busy_port_is_refused_with_its_holder(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char port[64], pid[32];
	struct error err;

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(port, sizeof(port), "127.0.0.1:%u:80", ntohs(address.sin_port));
	snprintf(pid, sizeof(pid), "pid %d", (int)getpid());
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	assert_null(control_port_add(&vm, port, on_done, NULL, &err));
	assert_non_null(strstr(err.text, "is in use by"));
	assert_non_null(strstr(err.text, pid));
	close(fd);
	rig_run_ends(rig, &seen);
}

static void without_user_networking_there_is_nothing_to_publish(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;

	strv_add(&rig->plan.settings, "network.mode");
	strv_add(&rig->plan.settings, "tap,tap0");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	assert_null(control_port_add(&vm, "28080:80", on_done, NULL, &err));
	assert_non_null(strstr(err.text, "the network is tap,tap0"));
	rig_run_ends(rig, &seen);
}

/* `default` is another word for it, which LinuxKit has. */
static void user_networking_has_several_spellings(void **state)
{
	(void)state;
	static const struct { const char *network; bool can; } cases[] = {
		{ NULL, true }, { "user", true }, { "default", true }, { "", true }, { "none", false }, { "tap,tap0", false },
		{ "bridge,br0", false }, { "users", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vm_config config;

		vm_config_init(&config, CONFIG_PROFILE);
		if (cases[i].network)
			vm_config_set(&config, SET_NETWORK, cases[i].network);
		assert_int_equal(control_port_can(&config, "8080:80"), cases[i].can);
		vm_config_finish(&config);
	}
}

static void a_default_network_publishes_ports(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	strv_add(&rig->plan.settings, "network.mode");
	strv_add(&rig->plan.settings, "default");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	expect_done(rig, control_port_add(&vm, "127.0.0.1:28080:80", on_done, &outcome, &err), &outcome, &err);
	expect_published(rig, "127.0.0.1:28080:80");
	rig_run_ends(rig, &seen);
}

/* Whoever waited is told, whatever ends the connection; a forgotten job says nothing. */
static void an_open_job_ends_with_its_connection(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome told = { 0 }, forgotten = { 0 };
	struct error err;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);

	struct control_vm vm = { .client = seen.client, .state = rig->state, .records = records_on_files() };

	assert_non_null(control_port_add(&vm, "28080:80", on_done, &told, &err));
	control_forget(control_port_add(&vm, "28081:80", on_done, &forgotten, &err));
	keeper_close(seen.client);
	seen.client = NULL;
	assert_string_equal(told.error, "publish 28080:80: the connection was closed");
	assert_int_equal(forgotten.calls, 0);
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_are_read_and_other_lines_skipped),
		rig_test(a_port_is_published_and_withdrawn_and_the_record_follows),
		rig_test(a_busy_port_is_refused_with_its_holder),
		rig_test(without_user_networking_there_is_nothing_to_publish),
		cmocka_unit_test(user_networking_has_several_spellings),
		rig_test(a_default_network_publishes_ports),
		rig_test(an_open_job_ends_with_its_connection),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("published ports of a running VM", tests, NULL, NULL);
}
