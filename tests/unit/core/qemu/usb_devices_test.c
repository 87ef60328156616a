/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/qemu/host/usb_devices.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void put(const char *device, const char *attribute, const char *text)
{
	char *path = mem_printf("sys/bus/usb/devices/%s/%s", device, attribute);

	scratch_put(path, text, strlen(text), 0);
	free(path);
}

static void plug(const char *place, const char *vendor, const char *product, const char *class, const char *name)
{
	put(place, "idVendor", vendor);
	put(place, "idProduct", product);
	put(place, "bDeviceClass", class);
	put(place, "busnum", "1\n");
	put(place, "devnum", "7\n");
	if (name)
		put(place, "product", name);
}

static void read_here(struct usb_devices *list)
{
	usb_devices_read(".", list);
}

static void expect_device(const struct usb_device *device, const char *argument, const char *text)
{
	char *got = usb_device_argument(device), *shown = usb_device_text(device);

	assert_string_equal(got, argument);
	assert_string_equal(shown, text);
	free(got);
	free(shown);
}

static void a_host_without_usb_has_no_devices(void **state)
{
	struct usb_devices list;

	(void)state;
	read_here(&list);
	assert_int_equal(list.count, 0);
	usb_devices_finish(&list);
}

static void devices_are_told_in_the_order_of_their_ports_without_hubs(void **state)
{
	struct usb_devices list;

	(void)state;
	plug("usb1", "1d6b\n", "0002\n", "09\n", "xHCI Host Controller\n");
	plug("1-1", "8087\n", "0024\n", "09\n", NULL);
	plug("1-1.10", "0781\n", "5581\n", "00\n", "Ultra\n");
	plug("1-1.4", "1050\n", "0407\n", "00\n", "YubiKey OTP+FIDO \n");
	put("1-1.4", "manufacturer", "Yubico\n");
	put("1-1.4:1.0", "bInterfaceNumber", "00\n");
	plug("2-3", "046d\n", "c52b\n", "ef\n", NULL);
	scratch_put("dev/bus/usb/001/007", "", 0, 0);
	read_here(&list);
	assert_int_equal(list.count, 3);
	expect_device(&list.items[0], "usb-host,vendorid=0x1050,productid=0x0407",
	              "1050:0407 Yubico YubiKey OTP+FIDO, port 1-1.4");
	expect_device(&list.items[1], "usb-host,vendorid=0x0781,productid=0x5581", "0781:5581 Ultra, port 1-1.10");
	expect_device(&list.items[2], "usb-host,vendorid=0x046d,productid=0xc52b", "046d:c52b port 2-3");
	usb_devices_finish(&list);
}

static void two_of_a_kind_are_told_apart_by_their_ports(void **state)
{
	struct usb_devices list;

	(void)state;
	plug("1-2", "0403\n", "6001\n", "00\n", "UART\n");
	plug("3-1.2", "0403\n", "6001\n", "00\n", "UART\n");
	read_here(&list);
	assert_int_equal(list.count, 2);
	expect_device(&list.items[0], "usb-host,hostbus=1,hostport=2", "0403:6001 UART, port 1-2 (no permission to open it)");
	expect_device(&list.items[1], "usb-host,hostbus=3,hostport=1.2", "0403:6001 UART, port 3-1.2 (no permission to open it)");
	usb_devices_finish(&list);
}

/* A device that is unplugged while it is read, and one that lies. */
static void what_is_broken_is_passed_over_or_shown_harmless(void **state)
{
	struct usb_devices list;

	(void)state;
	put("1-5", "busnum", "1\n");
	plug("1-6", "dead\n", "beef\n", "00\n", "\033[2J\x01 evil\n");
	plug("no-device", "1234\n", "5678\n", "00\n", NULL);
	plug("-2", "1234\n", "5678\n", "00\n", NULL);
	read_here(&list);
	assert_int_equal(list.count, 1);
	expect_device(&list.items[0], "usb-host,vendorid=0xdead,productid=0xbeef",
	              "dead:beef ?[2J? evil, port 1-6 (no permission to open it)");
	usb_devices_finish(&list);
}

#define in_scratch(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_scratch(a_host_without_usb_has_no_devices),
		in_scratch(devices_are_told_in_the_order_of_their_ports_without_hubs),
		in_scratch(two_of_a_kind_are_told_apart_by_their_ports),
		in_scratch(what_is_broken_is_passed_over_or_shown_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
