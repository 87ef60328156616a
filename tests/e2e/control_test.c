/* SPDX-License-Identifier: MIT */
/* What can be changed of a machine while it runs. */
#include "core/base/alloc.h"
#include "e2e/cli.h"
#include "e2e/home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#define WEB "[vm]\nmemory = 64\naccel = tcg\n[boot]\nimage = @/guest.img\n"

static void expect_output(struct home *home, const char *wanted, const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	assert_int_equal(result.status, 0);
	assert_string_equal(result.out, wanted);
	result_finish(&result);
}

#define LIST_PORTS (const char *const[]){ "paddock", "port", "web", NULL }

/* One of eight buffers that take turns. */
static const char *__attribute__((format(printf, 1, 2))) text(const char *format, ...)
{
	static char buffers[8][256];
	static unsigned turn;
	char *out = buffers[turn++ % 8];
	va_list args;

	va_start(args, format);
	vsnprintf(out, sizeof(buffers[0]), format, args);
	va_end(args);
	return out;
}

static void ports_come_and_go_while_it_runs(void **state)
{
	struct home *home = *state;
	unsigned first = home_free_port(SOCK_STREAM), second = home_free_port(SOCK_DGRAM), third = home_free_port(SOCK_STREAM);
	char *ini;

	home_tiny_guest(home, "vm/guest.img");
	home_profile(home, "web", WEB);
	expect_refused(home, WORDS("web is not running", "--save"), "port", "web", "add", text("127.0.0.1:%u:80", first));
	expect(home, 0, "start", "web");
	expect_output(home, "", LIST_PORTS);
	expect(home, 0, "port", "web", "add", text("127.0.0.1:%u:80", first));
	expect(home, 0, "port", "web", "add", "--save", text("127.0.0.1:%u:81/udp", second));
	expect_output(home, text("127.0.0.1:%u/tcp -> 80\n127.0.0.1:%u/udp -> 81\n", first, second), LIST_PORTS);
	/* What only this run has is a difference. */
	expect(home, 1, "diff", "web");
	/* QEMU itself has it now. */
	expect_refused(home, WORDS(text("%u:80 is published already", first)), "port", "web", "add", text("127.0.0.1:%u:80", first));
	expect_refused(home, WORDS(text("port %u is in use by web (qemu-system", first)), "port", "web", "add", text("127.0.0.1:%u:81", first));
	expect_refused(home, WORDS("is not published"), "port", "web", "remove", text("127.0.0.1:%u:80", third));
	expect_refused(home, WORDS("publish none"), "port", "web", "add", "none");
	expect_refused(home, WORDS("nobody"), "port", "nobody", "add", "1:1");
	expect(home, 0, "port", "web", "remove", text("127.0.0.1:%u:80/tcp", first));
	expect_output(home, text("127.0.0.1:%u/udp -> 81\n", second), LIST_PORTS);
	expect(home, 0, "diff", "web");
	expect(home, 0, "kill", "web");
	/* Only what was to be kept is. */
	ini = home_read(home, "config/paddock/vms/web.ini");
	assert_non_null(ini);
	assert_non_null(strstr(ini, text("%u:81/udp", second)));
	assert_null(strstr(ini, text("%u", first)));
	free(ini);
	expect(home, 0, "port", "web", "remove", "--save", text("127.0.0.1:%u:81/udp", second));
	expect_output(home, "", LIST_PORTS);
}

static void apply_does_what_it_can_and_says_what_waits(void **state)
{
	struct home *home = *state;
	unsigned first = home_free_port(SOCK_STREAM), second = home_free_port(SOCK_STREAM), third = home_free_port(SOCK_STREAM);
	struct result result;

	home_tiny_guest(home, "vm/guest.img");
	home_profile(home, "web", text(WEB "[network]\npublish = 127.0.0.1:%u:80\n", first));
	expect_refused(home, WORDS("web is not running"), "apply", "web");
	expect(home, 0, "start", "web");
	expect_output(home, "", (const char *const[]){ "paddock", "apply", "web", NULL });
	home_profile(home, "web", text("[vm]\nmemory = 96\naccel = tcg\n[boot]\nimage = @/guest.img\n"
	             "[network]\npublish = 127.0.0.1:%u:80\n", second));
	expect_output(home, text("network.publish 127.0.0.1:%u:80: removed\nnetwork.publish 127.0.0.1:%u:80: added\n"
	              "vm.memory 96: waits for a restart\n", first, second), (const char *const[]){ "paddock", "apply", "web", NULL });
	expect_output(home, text("127.0.0.1:%u/tcp -> 80\n", second), LIST_PORTS);
	result = cli(home, "diff", "web");
	assert_int_equal(result.status, 1);
	assert_string_equal(result.out, "--- web: running\n+++ web: next start\n[vm]\n-memory = 64\n+memory = 96\n");
	result_finish(&result);
	/* A port that is in use is named, and the others are done. */
	home_profile(home, "web", text("[vm]\nmemory = 64\naccel = tcg\n[boot]\nimage = @/guest.img\n"
	             "[network]\npublish = %u:81\npublish = 127.0.0.1:%u:80\npublish = 127.0.0.1:%u:80\n", second, second, third));
	result = cli(home, "apply", "web");
	assert_int_equal(result.status, 1);
	assert_string_equal(result.out, text("network.publish 127.0.0.1:%u:80: added\n", third));
	assert_non_null(strstr(result.err, text("%u", second)));
	result_finish(&result);
	expect(home, 0, "kill", "web");
}

static void what_qemu_says_cannot_control_a_terminal(void **state)
{
	struct home *home = *state;
	char *answers = mem_strdup(home_path(home, "answers")), *fake = mem_printf("answers=%s", answers);

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[vm]\naccel = tcg\n");
	home_write(home, "answers", "human-monitor-command {\"return\": \"  TCP[\\u001b[31m]  12  \\u001bc 80  10.0.2.15 81 0 0\\r\\n\"}\n");
	home_set(home, "FAKE_QEMU", fake);
	expect(home, 0, "start", "web");
	expect_output(home, "TCP ?c:80 -> 10.0.2.15:81  ?[31m\n", LIST_PORTS);
	expect(home, 0, "kill", "web");
	home_set(home, "FAKE_QEMU", NULL);
	free(fake);
	free(answers);
}

/* The MAC address and all behind it, which the VM's identity decides, are not compared. */
static void expect_link(struct home *home, const char *wanted)
{
	struct result result = cli_run(home, NULL, (const char *const[]){ "paddock", "link", "web", NULL });

	assert_int_equal(result.status, 0);
	assert_memory_equal(result.out, wanted, strlen(wanted));
	result_finish(&result);
}

static void the_link_goes_down_and_up(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/guest.img");
	home_profile(home, "web", WEB);
	expect_refused(home, WORDS("web is not running"), "link", "web", "down");
	expect(home, 0, "start", "web");
	expect_link(home, "up  virtio-net-pci ");
	expect(home, 0, "link", "web", "down");
	/* As anybody sees it, until it is up again. */
	expect_link(home, "down  virtio-net-pci ");
	expect(home, 2, "link", "web", "sideways");
	expect(home, 0, "link", "web", "up");
	expect_link(home, "up  virtio-net-pci ");
	expect(home, 0, "kill", "web");
	home_profile(home, "web", WEB "[network]\nmode = none\n");
	expect(home, 0, "start", "web");
	expect_refused(home, WORDS("no network card"), "link", "web", "down");
	expect_refused(home, WORDS("no network card"), "link", "web");
	expect(home, 0, "kill", "web");
}

static void memory_needs_a_balloon_and_its_driver(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/guest.img");
	home_profile(home, "web", "[vm]\nmemory = 96\naccel = tcg\n[boot]\nimage = @/guest.img\n[devices]\nlive = no\n");
	expect_refused(home, WORDS("web is not running"), "memory", "web");
	expect(home, 2, "memory", "web", "much");
	expect(home, 0, "start", "web");
	expect_refused(home, WORDS("memory 64M: ", "without a balloon", "restart"), "memory", "web", "64M");
	expect_refused(home, WORDS("memory 97M: ", "started with 96M"), "memory", "web", "97M");
	expect_output(home, "given       96M of 96M\nballoon     none, so this cannot be changed while it runs\n",
	              (const char *const[]){ "paddock", "memory", "web", NULL });
	expect(home, 0, "kill", "web");
	home_profile(home, "web", WEB "[devices]\nlive = yes\n");
	expect(home, 0, "start", "web");
	expect_output(home, "given       64M of 64M\nguest       does not report; its system needs the driver virtio_balloon\n",
	              (const char *const[]){ "paddock", "memory", "web", NULL });
	expect(home, 0, "memory", "web", "64M");
	expect(home, 0, "kill", "web");
}

/* A usb-host whose device is not plugged in is there for QEMU. */
static void usb_devices_are_taken_back(void **state)
{
	struct home *home = *state;
	const char *const list[] = { "paddock", "usb", "web", NULL };
	struct result result;

	home_tiny_guest(home, "vm/guest.img");
	home_profile(home, "web", WEB "[devices]\nusb = yes\ndevice = usb-host,vendorid=0x1234,productid=0x5678\n"
	             "device = usb-host,hostbus=77,hostport=1.4\n");
	expect_refused(home, WORDS("web is not running"), "usb", "web", "remove", "1234:5678");
	expect(home, 2, "usb", "web", "add");
	expect_refused(home, WORDS("'stick' is not a USB device", "1-1.4"), "usb", "web", "add", "stick");
	expect_refused(home, WORDS("no device is plugged in at port 77-9"), "usb", "web", "add", "77-9");
	expect(home, 0, "start", "web");
	result = cli_run(home, NULL, list);
	assert_non_null(strstr(result.out, "waits    1234:5678\n"));
	assert_non_null(strstr(result.out, "waits    port 77-1.4\n"));
	result_finish(&result);
	expect_refused(home, WORDS("the VM has it already"), "usb", "web", "add", "1234:5678");
	expect_refused(home, WORDS("no such device is plugged in"), "usb", "web", "add", "1234:5679");
	expect_refused(home, WORDS("the VM does not have it"), "usb", "web", "remove", "1234:5679");
	expect(home, 0, "usb", "web", "remove", "--save", "1234:5678");
	expect(home, 0, "usb", "web", "remove", "usb-host,hostbus=77,hostport=1.4");
	result = cli_run(home, NULL, list);
	assert_null(strstr(result.out, "waits"));
	result_finish(&result);
	expect_refused(home, WORDS("hostport=1.4", "no such device is plugged in"), "apply", "web");
	/* Only the one that was to be saved is gone from the profile. */
	result = cli(home, "diff", "web");
	assert_int_equal(result.status, 1);
	assert_non_null(strstr(result.out, "+device = usb-host,hostbus=77,hostport=1.4\n"));
	assert_null(strstr(result.out, "0x1234"));
	result_finish(&result);
	expect(home, 0, "kill", "web");
	expect(home, 0, "start", "web");
	home_profile(home, "web", WEB "[devices]\nusb = yes\n");
	expect_output(home, "devices.device usb-host,hostbus=77,hostport=1.4: removed\n",
	              (const char *const[]){ "paddock", "apply", "web", NULL });
	expect(home, 0, "kill", "web");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(what_qemu_says_cannot_control_a_terminal),
		story(apply_does_what_it_can_and_says_what_waits),
		story(ports_come_and_go_while_it_runs),
		story(the_link_goes_down_and_up),
		story(usb_devices_are_taken_back),
		story(memory_needs_a_balloon_and_its_driver),
	};

	return cmocka_run_group_tests_name("control of a running machine", tests, NULL, NULL);
}
