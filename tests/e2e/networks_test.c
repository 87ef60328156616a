/* SPDX-License-Identifier: MIT */
/* A Linux guest on each kind of network: published ports, a tap, a bridge, none. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct sockaddr_in at(const char *address, unsigned port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	assert_int_equal(inet_pton(AF_INET, address, &in.sin_addr), 1);
	return in;
}

/* A socket on 127.0.0.1 with a port that was free, which is told. */
static int hold_port(int type, unsigned *port)
{
	struct sockaddr_in in = at("127.0.0.1", 0);
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&in, sizeof(in)), 0);
	assert_true(type == SOCK_DGRAM || listen(fd, 1) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

/* Ask for the page again and again: the guest's server may not be up yet. */
static void wait_page(unsigned port, const char *text)
{
	static const char request[] = "GET /index.html HTTP/1.0\r\n\r\n";
	const struct sockaddr_in in = at("127.0.0.1", port);
	long end = now_ms() + E2E_DEADLINE;
	char answer[4096] = "";

	while (!strstr(answer, text)) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		size_t len = 0;
		ssize_t n;

		if (now_ms() >= end)
			fail_msg("port %u does not answer '%s' but '%s'", port, text, answer);
		if (connect(fd, (const struct sockaddr *)&in, sizeof(in)) == 0 &&
		    send(fd, request, strlen(request), MSG_NOSIGNAL) > 0)
			while (len < sizeof(answer) - 1 && poll(&ready, 1, 500) > 0 &&
			       (n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0)
				len += (size_t)n;
		answer[len] = '\0';
		close(fd);
	}
}

/* Each time the guest says that it waits, it is sent another datagram. */
static bool datagram_came(struct tty *tty, const void *port)
{
	const struct sockaddr_in in = at("127.0.0.1", *(const unsigned *)port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sendto(fd, "hello", 5, 0, (const struct sockaddr *)&in, sizeof(in));
	close(fd);
	return tty_shows(tty, "a datagram came");
}

static struct tty *shell(struct tty *tty)
{
	tty_wait(tty, "/ #");
	return tty;
}

static void power_off(struct tty *tty)
{
	tty_type(tty, "poweroff -f\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_published_port_leads_into_the_guest(void **state)
{
	struct home *home = *state;
	char tcp[64], udp[64], ini[256];
	unsigned web = home_free_port(SOCK_STREAM), datagrams = home_free_port(SOCK_DGRAM);

	home_demo_guest(home);
	snprintf(tcp, sizeof(tcp), "127.0.0.1:%u:80", web);
	snprintf(udp, sizeof(udp), "127.0.0.1:%u:7777/udp", datagrams);
	struct tty *tty = shell(tty_open(home, 24, 80, "run", "--mem", "256", "--publish", tcp, "--publish", udp, "demo"));

	tty_type(tty, "echo page of the guest > /tmp/index.html; httpd -h /tmp\r");
	wait_page(web, "page of the guest");
	/* who has it is told by the name of its machine */
	snprintf(ini, sizeof(ini), "[boot]\nimage = @/demo\n[state]\ndirectory = @/other\n[network]\npublish = %u:80\n", web);
	home_profile(home, "other", ini);
	expect_refused(home, WORDS("network.publish", "is in use by demo (qemu-system-", "pid"), "start", "other");
	/* busybox has no server for UDP: the guest's kernel counts what nobody listens for. */
	tty_type(tty, "while set -- $(grep '^Udp: [0-9]' /proc/net/snmp); [ $3 = 0 ]; do echo none; usleep 100000; done; "
	         "echo a datagram $(echo came)\r");
	tty_wait_for(tty, datagram_came, &datagrams, "a datagram");
	power_off(tty);
}

static void a_port_that_is_taken_is_told_with_its_holder_before_the_start(void **state)
{
	struct home *home = *state;
	char ini[256], me[64], name[64];
	unsigned tcp, udp;
	int fds[] = { hold_port(SOCK_STREAM, &tcp), hold_port(SOCK_DGRAM, &udp) };

	home_fake_qemu(home, "vm/disk.img");
	snprintf(ini, sizeof(ini), "[boot]\nimage = @/disk.img\n[network]\npublish = %u:80\npublish = 127.0.0.1:%u:53/udp\n",
	         tcp, udp);
	home_profile(home, "web", ini);
	snprintf(me, sizeof(me), "networks_test (pid %d)", (int)getpid());
	snprintf(name, sizeof(name), "port %u is in use by", tcp);

	struct result result = cli(home, "start", "web");
	assert_int_equal(result.status, 1);
	assert_non_null(strstr(result.err, name));
	assert_non_null(strstr(result.err, me));
	snprintf(name, sizeof(name), "port %u is in use by", udp);
	assert_non_null(strstr(result.err, name));
	result_finish(&result);
	assert_false(home_has(home, "vm/disk.img-state"));
	/* `run` goes on: QEMU would say it itself. */
	snprintf(ini, sizeof(ini), "%u:80", tcp);
	result = cli(home, "argv", "--publish", ini, "disk.img");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "warning: --publish"));
	result_finish(&result);
	close(fds[0]);
	close(fds[1]);
	expect(home, 0, "start", "web");
	/* its own ports are nobody else's */
	result = cli(home, "check", "web");
	assert_null(strstr(result.out, "in use"));
	assert_int_equal(result.status, 0);
	result_finish(&result);
	result = cli(home, "argv", "web");
	assert_null(strstr(result.err, "in use"));
	assert_int_equal(result.status, 0);
	result_finish(&result);
	expect(home, 0, "kill", "web");
}

static void an_address_that_a_running_machine_has_is_warned_of(void **state)
{
	struct home *home = *state;
	struct result result;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "web", "[boot]\nimage = @/other.img\n[network]\nmac = 52:54:00:00:00:07\n");
	home_write(home, "vm/other.img", HOME_DISK);
	expect(home, 0, "run", "--detached", "--mem", "64", "--mac", "52:54:00:00:00:07", "tiny.img");
	result = cli(home, "check", "web");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "network.mac: 52:54:00:00:00:07 is also used by tiny.img, which is running"));
	result_finish(&result);
	expect(home, 0, "kill", "tiny.img");
	result = cli(home, "check", "web");
	assert_null(strstr(result.out, "52:54:00:00:00:07"));
	result_finish(&result);
	home_profile(home, "db", "[boot]\nimage = @/other.img\n[state]\ndirectory = @/db\n"
	             "[network]\nmac = 52:54:00:00:00:07\n");
	result = cli(home, "check", "db");
	assert_non_null(strstr(result.out, "52:54:00:00:00:07 is also used by web"));
	assert_null(strstr(result.out, "state.directory"));
	result_finish(&result);
	home_profile(home, "twin", "[boot]\nimage = @/other.img\n");
	result = cli(home, "check", "twin");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "state.directory: web uses the same directory"));
	result_finish(&result);
}

static void without_a_network_the_guest_has_no_card(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	struct tty *tty = shell(tty_open(home, 24, 80, "run", "--mem", "256", "--networking", "none", "demo"));

	tty_type(tty, "echo cards: $(ls /sys/class/net)\r");
	tty_wait(tty, "cards: lo");
	power_off(tty);
}

/* ---- in a network of the test's own ---- */

static void command(const char *text)
{
	int status = system(text);

	if (status != 0)
		fail_msg("status %d of: %s", status, text);
}

/* Where the test came from, which is not the namespace's root in a chroot; open while it is away. */
static int host_network = -1, host_mounts = -1, host_root = -1;

static bool leave_host(void)
{
	int network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int root = open("/", O_PATH | O_CLOEXEC);

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
		close(network);
		close(mounts);
		close(root);
		return false;
	}
	host_network = network;
	host_mounts = mounts;
	host_root = root;
	return true;
}

/*
 * A network namespace with its sysfs, and an /etc of our own. Skips the test where the machine does not allow that;
 * what we could have installed must be there in CI.
 */
static void enter_network(const struct home *home)
{
	const char *why = NULL;
	char text[512];

	if (access("/dev/net/tun", R_OK | W_OK) != 0)
		why = "/dev/net/tun cannot be opened";
	else if (system("ip -V >/dev/null 2>&1") != 0)
		why = "iproute2 is not installed";
	else if (!leave_host())
		why = "no right to make a network namespace";
	else if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		why = "in a chroot, mounts would be seen outside";
	if (why && strstr(why, "installed") && getenv("CI"))
		fail_msg("%s", why);
	if (why) {
		print_message("skipped: %s\n", why);
		skip();
	}
	assert_int_equal(mount("sys", "/sys", "sysfs", 0, NULL), 0);
	snprintf(text, sizeof(text), "cp -a /etc %s/etc && rm -rf %s/etc/qemu", home->dir, home->dir);
	command(text);
	assert_int_equal(mount(home_path(home, "etc"), "/etc", NULL, MS_BIND, NULL), 0);
	command("ip link set lo up");
}

/* Whatever became of the test. */
static int leave_network(void **state)
{
	if (host_root >= 0) {
		assert_int_equal(setns(host_network, CLONE_NEWNET), 0);
		assert_int_equal(setns(host_mounts, CLONE_NEWNS), 0);
		assert_int_equal(fchdir(host_root), 0);
		assert_int_equal(chroot("."), 0);
		close(host_network);
		close(host_mounts);
		close(host_root);
	}
	host_network = host_mounts = host_root = -1;
	return home_tear_down(state);
}

static uint16_t checksum(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	unsigned sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (unsigned)(at[i] << 8 | at[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~(sum + (sum >> 16)));
}

/* Until the guest answers. */
static void ping(const char *address)
{
	const struct sockaddr_in in = at(address, 0);
	struct icmphdr echo;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	long end = now_ms() + E2E_DEADLINE;
	unsigned char packet[1500];
	bool answered = false;

	assert_true(fd >= 0);
	memset(&echo, 0, sizeof(echo));
	echo.type = ICMP_ECHO;
	echo.un.echo.id = htons((uint16_t)getpid());
	echo.checksum = checksum(&echo, sizeof(echo));
	while (!answered) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };

		if (now_ms() >= end)
			fail_msg("%s does not answer a ping", address);
		sendto(fd, &echo, sizeof(echo), 0, (const struct sockaddr *)&in, sizeof(in));
		while (!answered && poll(&ready, 1, 200) > 0) {
			ssize_t n = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
			const struct iphdr *ip = (const void *)packet;
			const struct icmphdr *reply = (const void *)(packet + sizeof(*ip));

			answered = n >= (ssize_t)(sizeof(*ip) + sizeof(*reply)) && ip->saddr == in.sin_addr.s_addr &&
			           reply->type == ICMP_ECHOREPLY && reply->un.echo.id == echo.un.echo.id;
		}
	}
	close(fd);
}

/* Starts the profile, gives the guest the address and pings it. */
static void ping_guest(struct home *home, const char *address)
{
	char text[128];

	expect(home, 0, "start", "demo");
	struct tty *tty = shell(tty_open(home, 24, 80, "attach", "demo"));

	snprintf(text, sizeof(text), "killall udhcpc; ip addr add %s/24 dev eth0 && echo now $((40 + 2))\r", address);
	tty_type(tty, text);
	tty_wait(tty, "now 42");
	ping(address);
	power_off(tty);
}

#define PROFILE "[vm]\nmemory = 256\n[boot]\nimage = @/demo\n[state]\ndirectory = @/demo-state\n[network]\n"

static void a_guest_answers_a_ping_over_a_tap(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	enter_network(home);
	home_profile(home, "demo", PROFILE "mode = tap,tap7\n");
	expect_refused(home, WORDS("network.mode", "interface tap7 does not exist", "ip tuntap add dev tap7"), "start", "demo");
	command("ip link add tap7 type bridge");
	expect_refused(home, WORDS("tap7 is a bridge", "bridge,tap7"), "start", "demo");
	command("ip link del tap7 && ip tuntap add dev tap7 mode tun");
	expect_refused(home, WORDS("tap7 is not a tap"), "start", "demo");
	command("ip link del tap7 && ip tuntap add dev tap7 mode tap && ip addr add 10.77.0.1/24 dev tap7 && ip link set tap7 up");
	ping_guest(home, "10.77.0.2");
}

static void a_tap_that_a_machine_has_is_not_for_another(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	enter_network(home);
	command("ip tuntap add dev tap7 mode tap && ip link set tap7 up");
	home_profile(home, "demo", PROFILE "mode = tap,tap7\n");
	home_profile(home, "other", "[boot]\nimage = @/demo\n[state]\ndirectory = @/other\n[network]\nmode = tap,tap7\n");
	expect(home, 0, "start", "demo");
	expect_refused(home, WORDS("network.mode", "tap7 is in use"), "start", "other");
	expect(home, 0, "check", "demo");
	expect(home, 0, "kill", "demo");
}

static void what_a_user_may_not_do_is_told_with_what_root_may_do(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	enter_network(home);
	assert_int_equal(mknod(home_path(home, "tun"), S_IFCHR | 0600, makedev(10, 200)), 0);
	assert_int_equal(mount(home_path(home, "tun"), "/dev/net/tun", NULL, MS_BIND, NULL), 0);
	command("ip tuntap add dev tap7 mode tap user 0 && ip tuntap add dev tap8 mode tap user 65534");
	command("ip link add br7 type bridge && mkdir -p /etc/qemu && echo allow br7 > /etc/qemu/bridge.conf");
	home_profile(home, "tap", "[boot]\nimage = @/disk.img\n[network]\nmode = tap,tap7\n");
	home_profile(home, "own", "[boot]\nimage = @/disk.img\n[network]\nmode = tap,tap8\n");
	home_profile(home, "bridge", "[boot]\nimage = @/disk.img\n[network]\nmode = bridge,br7\n");
	/* beside QEMU, where QEMU would take it from */
	home_write(home, "lib/qemu/qemu-bridge-helper", "#!/bin/sh\n");
	assert_int_equal(chmod(home_path(home, "lib/qemu/qemu-bridge-helper"), 0755), 0);
	home_profile(home, "low", "[boot]\nimage = @/disk.img\n[network]\npublish = 80:80\n");
	home_without_root(home);
	assert_int_equal(chown(home_path(home, "tun"), 0, 0), 0);
	assert_int_equal(chmod(home_path(home, "tun"), 0666), 0);
	expect_refused(home, WORDS("network.mode", "tap7 belongs to another user", "ip tuntap"), "start", "tap");
	expect(home, 0, "start", "own");
	expect(home, 0, "kill", "own");
	expect_refused(home, WORDS("qemu-bridge-helper is not allowed to create taps", "chmod u+s"), "start", "bridge");
	assert_int_equal(chmod(home_path(home, "tun"), 0600), 0);
	expect_refused(home, WORDS("/dev/net/tun: Permission denied", "chmod 666"), "start", "own");
	expect_refused(home, WORDS("network.publish", "port 80 needs root"), "start", "low");
}

static void a_guest_answers_a_ping_over_a_bridge(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	enter_network(home);
	home_profile(home, "demo", PROFILE "mode = bridge,br7\n");
	home_write(home, "etc/qemu/bridge.conf", "allow br7\n");
	expect_refused(home, WORDS("interface br7 does not exist", "ip link add br7 type bridge"), "start", "demo");
	command("ip link add br7 type bridge && ip addr add 10.78.0.1/24 dev br7 && ip link set br7 up");
	home_write(home, "etc/qemu/bridge.conf", "allow br8\n");
	expect_refused(home, WORDS("bridge.conf does not allow br7", "allow br7"), "start", "demo");
	command("rm -r /etc/qemu");
	expect_refused(home, WORDS("/etc/qemu/bridge.conf is missing"), "start", "demo");
	home_write(home, "etc/qemu/bridge.conf", "allow br7\n");
	ping_guest(home, "10.78.0.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_published_port_leads_into_the_guest),
		story(a_port_that_is_taken_is_told_with_its_holder_before_the_start),
		story(an_address_that_a_running_machine_has_is_warned_of),
		story(without_a_network_the_guest_has_no_card),
		cmocka_unit_test_setup_teardown(a_guest_answers_a_ping_over_a_tap, home_set_up, leave_network),
		cmocka_unit_test_setup_teardown(a_tap_that_a_machine_has_is_not_for_another, home_set_up, leave_network),
		cmocka_unit_test_setup_teardown(what_a_user_may_not_do_is_told_with_what_root_may_do, home_set_up, leave_network),
		cmocka_unit_test_setup_teardown(a_guest_answers_a_ping_over_a_bridge, home_set_up, leave_network),
	};

	return cmocka_run_group_tests_name("networks", tests, NULL, NULL);
}
