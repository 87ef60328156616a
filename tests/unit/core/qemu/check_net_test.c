/* SPDX-License-Identifier: MIT */
/* What is said about a host's interfaces before a start, from facts written by hand. */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan.h"
#include "fake/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define CONF "/etc/qemu/bridge.conf"
#define ADD_TAP "as root: ip tuntap add dev tap0 mode tap user 1000 && ip link set tap0 up"
#define ADD_BRIDGE "as root: ip link add tap0 type bridge && ip link set tap0 up"

enum { MISSING, OTHER, TAP, BRIDGE };

struct host {
	const char *mode;		/* of the network */
	int what;			/* the interface is */
	struct link_fact link;
	bool admin;
	int tun_error;
	struct bridge_helper helper;
	const char *said;		/* all of it, a line each */
};

#define OPEN { .known = true, .is_tap = true, .owner = -1, .group = -1 }
#define OWNED(o, g, in) { .known = true, .is_tap = true, .owner = (o), .group = (g), .in_group = (in) }
#define GOOD_HELPER { .path = (char[]){ "/h" }, .privileged = true, .acl = BRIDGE_ALLOWED, .acl_file = CONF }

static const struct host hosts[] = {
	{ "tap,tap0", TAP, OPEN, false, 0, { 0 }, "" },
	{ "tap,tap0", MISSING, { 0 }, false, 0, { 0 }, "interface tap0 does not exist; " ADD_TAP "\n" },
	{ "tap,tap0", MISSING, { 0 }, true, 0, { 0 }, "interface tap0 does not exist; " ADD_TAP "\n" },
	{ "tap,tap0", BRIDGE, { .known = true }, true, 0, { 0 }, "tap0 is a bridge; write bridge,tap0\n" },
	{ "tap,tap0", OTHER, { .known = true }, true, 0, { 0 }, "tap0 is not a tap interface\n" },
	/* /sys is another network namespace's: nothing is known, nothing is said */
	{ "tap,tap0", OTHER, { 0 }, false, 0, { 0 }, "" },
	{ "bridge,tap0", OTHER, { 0 }, false, 0, GOOD_HELPER, "" },
	{ "tap,tap0", TAP, OWNED(1000, -1, false), false, 0, { 0 }, "" },
	{ "tap,tap0", TAP, OWNED(-1, 27, true), false, 0, { 0 }, "" },
	{ "tap,tap0", TAP, OWNED(1000, 27, true), false, 0, { 0 }, "" },
	{ "tap,tap0", TAP, OWNED(0, -1, false), true, 0, { 0 }, "" },
	{ "tap,tap0", TAP, OWNED(0, -1, false), false, 0, { 0 },
	  "tap0 belongs to another user; as root: ip tuntap del dev tap0 mode tap, then add it again with 'user 1000'\n" },
	{ "tap,tap0", TAP, OWNED(1000, 27, false), false, 0, { 0 },
	  "tap0 belongs to another user; as root: ip tuntap del dev tap0 mode tap, then add it again with 'user 1000'\n" },
	{ "tap,tap0", TAP, { .known = true, .is_tap = true, .owner = -1, .group = -1, .in_use = true }, false, 0, { 0 },
	  "tap0 is in use by another process\n" },
	{ "tap,tap0", TAP, OPEN, false, EACCES, { 0 },
	  "/dev/net/tun: Permission denied; as root: chmod 666 /dev/net/tun\n" },
	{ "tap,tap0", TAP, OPEN, true, ENODEV, { 0 }, "/dev/net/tun: No such device; as root: modprobe tun\n" },

	{ "bridge,tap0", BRIDGE, { .known = true }, false, 0, GOOD_HELPER, "" },
	/* the helper opens it, with its own rights */
	{ "bridge,tap0", BRIDGE, { .known = true }, false, EACCES, GOOD_HELPER, "" },
	{ "bridge,tap0", BRIDGE, { .known = true }, false, ENOENT, GOOD_HELPER,
	  "/dev/net/tun: No such file or directory; as root: modprobe tun\n" },
	{ "bridge,tap0", MISSING, { 0 }, false, 0, GOOD_HELPER, "interface tap0 does not exist; " ADD_BRIDGE "\n" },
	{ "bridge,tap0", TAP, OPEN, true, 0, GOOD_HELPER, "tap0 is not a bridge\n" },
	{ "bridge,tap0", BRIDGE, { .known = true }, true, 0, { .acl = BRIDGE_ALLOWED, .acl_file = CONF },
	  "qemu-bridge-helper not found; it is part of QEMU's system emulators\n" },
	{ "bridge,tap0", BRIDGE, { .known = true }, false, 0, { .path = (char[]){ "/h" }, .acl_file = CONF },
	  "/h is not allowed to create taps; as root: chmod u+s /h\n" },
	{ "bridge,tap0", BRIDGE, { .known = true }, true, 0, { .path = (char[]){ "/h" }, .acl_file = CONF }, "" },
	{ "bridge,tap0", BRIDGE, { .known = true }, true, 0,
	  { .path = (char[]){ "/h" }, .acl = BRIDGE_NO_FILE, .acl_file = CONF },
	  CONF " is missing; as root: mkdir -p /etc/qemu && echo allow tap0 >" CONF "\n" },
	{ "bridge,tap0", BRIDGE, { .known = true }, true, 0,
	  { .path = (char[]){ "/h" }, .acl = BRIDGE_DENIED, .acl_file = CONF },
	  CONF " does not allow tap0; as root, add the line: allow tap0\n" },
	{ "bridge,tap0,helper=/mine", BRIDGE, { .known = true }, false, 0, { .acl = BRIDGE_NO_FILE, .acl_file = CONF }, "" },
	{ "none", MISSING, { 0 }, false, ENOENT, { 0 }, "" },
	{ "user", MISSING, { 0 }, false, ENOENT, { 0 }, "" },
};

static void tell(const struct host *host, struct str *out)
{
	struct host_facts facts = {
		.cwd = (char[]){ "/" }, .state = (char[]){ "/s" }, .new_uuid = (char[]){ "u" }, .new_mac = (char[]){ "m" },
		.uid = 1000, .link = host->link, .net_admin = host->admin, .tun_error = host->tun_error,
		.bridge_helper = host->helper,
	};
	struct problems problems = { 0 };
	struct vm_config config;
	struct vm_spec spec = { 0 };
	struct plan plan;

	if (host->what != MISSING)
		strv_add(&facts.interfaces, "tap0");
	if (host->what == BRIDGE)
		strv_add(&facts.bridges, "tap0");
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_NETWORK, host->mode);
	vm_spec_read(&config, NULL, &spec, &problems);
	plan_build(&spec, &facts, &plan, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		if (problems.items[i].setting != SET_NETWORK)
			continue;
		assert_int_equal(problems.items[i].severity, PROBLEM_HOST);
		str_addf(out, "%s\n", problems.items[i].text);
	}
	plan_finish(&plan);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	problems_finish(&problems);
	strv_finish(&facts.interfaces);
	strv_finish(&facts.bridges);
}

static void each_trouble_with_an_interface_is_told_with_its_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct str said;

		str_init(&said);
		tell(&hosts[i], &said);
		if (strcmp(said.text, hosts[i].said))
			print_error("host %zu:\n", i);
		assert_string_equal(said.text, hosts[i].said);
		str_finish(&said);
	}
}

static void put(const char *name, const char *what, const char *text)
{
	char *path = mem_printf("sys/class/net/%s/%s", name, what);

	scratch_put(path, text, strlen(text), 0);
	free(path);
}

static void a_tap_is_read_from_sysfs(void **state)
{
	struct link_fact link;

	(void)state;
	put("tap0", "ifindex", "7\n");
	put("tap0", "tun_flags", "0x1002\n");
	put("tap0", "owner", "1000\n");
	put("tap0", "group", "-1\n");
	put("tap0", "carrier", "1\n");
	probe_link("sys", "tap0", &link);
	assert_true(link.known && link.is_tap && link.in_use && !link.in_group);
	assert_int_equal(link.owner, 1000);
	assert_int_equal(link.group, -1);
	put("tap0", "carrier", "0\n");
	put("tap0", "owner", "-1\n");
	char *group = mem_printf("%u\n", (unsigned)getegid());
	put("tap0", "group", group);
	free(group);
	probe_link("sys", "tap0", &link);
	assert_true(link.is_tap && !link.in_use && link.in_group && link.owner == -1);
	/* several may have it open */
	put("tap0", "tun_flags", "0x1102\n");
	put("tap0", "carrier", "1\n");
	probe_link("sys", "tap0", &link);
	assert_true(link.is_tap && !link.in_use);
	/* tun is not tap, and what is neither has no flags */
	put("tun0", "ifindex", "8\n");
	put("tun0", "tun_flags", "0x1001\n");
	probe_link("sys", "tun0", &link);
	assert_true(link.known && !link.is_tap);
	put("eth0", "ifindex", "2\n");
	put("eth0", "carrier", "1\n");
	probe_link("sys", "eth0", &link);
	assert_true(link.known && !link.is_tap && !link.in_use);
	probe_link("sys", "eth1", &link);
	assert_false(link.known);
}

static void interfaces_are_the_kernels_and_bridges_have_a_directory(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	probe_interfaces(&facts, "sys");
	assert_true(strv_has(&facts.interfaces, "lo"));
	assert_false(strv_has(&facts.bridges, "lo"));
	strv_finish(&facts.interfaces);
	put("lo", "bridge/bridge_id", "8000\n");
	probe_interfaces(&facts, "sys");
	assert_true(strv_has(&facts.bridges, "lo"));
	host_facts_finish(&facts);
}

static void a_bridge_is_allowed_as_the_helper_reads_its_list(void **state)
{
	static const struct { const char *text; enum bridge_acl acl; } cases[] = {
		{ "", BRIDGE_DENIED },
		{ "allow br0\n", BRIDGE_ALLOWED },
		{ "  allow\tbr0  \n", BRIDGE_ALLOWED },
		{ "allow br0", BRIDGE_ALLOWED },
		{ "allow all\n", BRIDGE_ALLOWED },
		{ "allow br01\n", BRIDGE_DENIED },
		{ "#allow br0\n", BRIDGE_DENIED },
		{ "allow all\ndeny br0\n", BRIDGE_DENIED },
		{ "deny all\nallow br0\n", BRIDGE_DENIED },
		{ "deny br1\nallow br0\n", BRIDGE_ALLOWED },
		{ "include more\n", BRIDGE_ALLOWED },
		{ "include more\ndeny br0\n", BRIDGE_DENIED },
		{ "include nowhere\n", BRIDGE_UNKNOWN },
		{ "include conf\n", BRIDGE_UNKNOWN },
	};

	(void)state;
	assert_int_equal(probe_bridge_acl("conf", "br0"), BRIDGE_NO_FILE);
	scratch_put("more", "allow br0\n", 10, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scratch_put("conf", cases[i].text, strlen(cases[i].text), 0);
		assert_int_equal(probe_bridge_acl("conf", "br0"), cases[i].acl);
	}
	if (geteuid() != 0) {
		assert_int_equal(chmod("conf", 0), 0);
		assert_int_equal(probe_bridge_acl("conf", "br0"), BRIDGE_UNKNOWN);
	}
}

static void a_program_of_roots_with_its_bit_has_rights_of_its_own(void **state)
{
	(void)state;
	scratch_put("helper", "#!", 2, 0);
	assert_int_equal(chmod("helper", 0755), 0);
	assert_false(probe_privileged("helper"));
	assert_false(probe_privileged("missing"));
	assert_int_equal(chmod("helper", 04755), 0);
	assert_int_equal(probe_privileged("helper"), geteuid() == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_trouble_with_an_interface_is_told_with_its_remedy),
		cmocka_unit_test(a_tap_is_read_from_sysfs),
		cmocka_unit_test(interfaces_are_the_kernels_and_bridges_have_a_directory),
		cmocka_unit_test(a_bridge_is_allowed_as_the_helper_reads_its_list),
		cmocka_unit_test(a_program_of_roots_with_its_bit_has_rights_of_its_own),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
