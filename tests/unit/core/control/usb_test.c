/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/control/usb.h"
#include "fake/answers.h"
#include "fake/vm_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define KEY "usb-host,vendorid=0x1050,productid=0x0407"
#define AT_PORT "usb-host,hostbus=1,hostport=2"

static char hub_port[] = "1.4", port[] = "2", no_name[] = "", key[] = "Yubico YubiKey";
static struct usb_device plugged[] = {
	{ .vendor = 0x1050, .product = 0x0407, .bus = 1, .number = 4, .port = hub_port, .name = key, .usable = true },
	{ .vendor = 0x0781, .product = 0x5581, .bus = 1, .number = 5, .port = port, .name = no_name, .ambiguous = true },
	{ .vendor = 0x0781, .product = 0x5581, .bus = 2, .number = 6, .port = port, .name = no_name, .ambiguous = true, .usable = true },
};
static const struct usb_devices host = { .items = plugged, .count = 3 };

static void what_a_user_names_becomes_the_setting(void **state)
{
	(void)state;
	static const struct { const char *word, *setting; } good[] = {
		{ "1050:0407", KEY }, { "1-1.4", KEY }, { KEY, KEY }, { "1-2", AT_PORT },
		{ "dead:beef", "usb-host,vendorid=0xdead,productid=0xbeef" },
	};
	static const struct { const char *word, *error; } wrong[] = {
		{ "", "is not a USB device" }, { "stick", "is not a USB device" }, { "1050:0407x", "is not a USB device" },
		{ "1050:", "is not a USB device" }, { "1-", "is not a USB device" }, { "1-1.4x", "is not a USB device" },
		{ "usb-host,hostdevice=/dev/x", "is not a USB device" }, { "3-1", "no device is plugged in at port 3-1" },
		{ "0781:5581", "several devices are 0781:5581; write the port instead, such as 1-2" },
	};
	struct error err;
	char *setting;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(usb_setting_for(good[i].word, &host, &setting, &err));
		assert_string_equal(setting, good[i].setting);
		free(setting);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(usb_setting_for(wrong[i].word, &host, &setting, &err));
		assert_non_null(strstr(err.text, wrong[i].error));
	}
}

/* One device in the rig's own /sys and /dev. */
static void plug(struct rig *rig)
{
	char *command = rig_path(rig, "");
	char text[1024];

	snprintf(text, sizeof(text), "cd '%s' && mkdir -p sys/bus/usb/devices/1-1.4 dev/bus/usb/001 && cd sys/bus/usb/devices/1-1.4 && "
	         "echo 1050 >idVendor && echo 0407 >idProduct && echo 0 >bDeviceClass && echo 1 >busnum && echo 4 >devnum && "
	         "echo key >product && : >../../../../../dev/bus/usb/001/004", command);
	assert_int_equal(system(text), 0);
	free(command);
}

#define LISTS "qom-list {\"return\": [{\"name\": \"type\", \"type\": \"string\"}, {\"name\": \"paddock-usb-1050-0407\", \"type\": \"child<usb-host>\"}]}\n" \
	"qom-list {\"return\": [{\"name\": \"device[0]\", \"type\": \"child<usb-host>\"}, {\"name\": \"device[1]\", \"type\": \"child<ich9-usb-ehci1>\"}, {}, 1]}\n"
#define GET(value) "qom-get {\"return\": " value "}\n"
#define VALUES(vendor, product, attached) GET(vendor) GET(product) GET("0") GET("0") GET("\"\"") GET(attached)

static void a_device_is_passed_and_taken_back_and_the_record_follows(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	plug(rig);
	answers_set(rig, GET("true") LISTS VALUES("4176", "1031", "true") VALUES("1", "2", "false")
	            "device_del {\"return\": {}}\n"
	            "device_del! DEVICE_DELETED {\"device\": \"paddock-usb-1050-0407\", "
	            "\"path\": \"/machine/peripheral/paddock-usb-1050-0407\"}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	vm.root = rig->home;
	expect_outcome(rig, control_usb_add(&vm, KEY, outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DEVICE, KEY);
	assert_null(control_usb_add(&vm, "usb-host,vendorid=4176,productid=1031", outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "the VM has it already"));
	assert_null(control_usb_add(&vm, AT_PORT, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "no such device is plugged in"));
	assert_null(control_usb_add(&vm, "usb-kbd", outcome_came, &outcome, &err));
	assert_null(control_usb_remove(&vm, "usb-kbd", outcome_came, &outcome, &err));
	assert_null(control_usb_remove(&vm, AT_PORT, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "the VM does not have it"));
	expect_outcome(rig, control_usb_remove(&vm, KEY, outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DEVICE, "");
	rig_run_ends(rig, &seen);
}

static void what_cannot_be_attached_is_withdrawn(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	plug(rig);
	answers_set(rig, GET("false")
	            "device_del {\"return\": {}}\n"
	            "device_del! DEVICE_DELETED {\"path\": \"/machine/peripheral/paddock-usb-1050-0407\"}\n"
	            "device_add {\"return\": {}}\n"
	            "device_add {\"error\": {\"class\": \"GenericError\", \"desc\": \"No 'usb-bus' bus found for device 'usb-host'\"}}\n"
	            "device_add {\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	vm.root = rig->home;
	expect_outcome(rig, control_usb_add(&vm, KEY, outcome_came, &outcome, &err), &outcome, &err, "QEMU cannot attach it");
	expect_outcome(rig, control_usb_add(&vm, KEY, outcome_came, &outcome, &err), &outcome, &err, "set usb = yes");
	expect_outcome(rig, control_usb_add(&vm, KEY, outcome_came, &outcome, &err), &outcome, &err, "device " KEY ": no way");
	expect_recorded(rig, SET_DEVICE, "");
	rig_run_ends(rig, &seen);
}

struct passed_outcome {
	struct outcome outcome;	/* first, so that outcome_came takes both */
	struct usb_passed passed[4];
	size_t count;
};

static void on_passed(void *data, const struct usb_passed *passed, size_t count, const struct error *err)
{
	struct passed_outcome *seen = data;

	outcome_came(&seen->outcome, err);
	seen->count = count;
	for (size_t i = 0; i < count && i < 4; i++)
		seen->passed[i] = passed[i];
}

static void devices_of_a_start_are_found_too(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct passed_outcome told = { 0 };

	answers_set(rig, LISTS "qom-list {\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}}\n"
	            VALUES("4176", "1031", "true") GET("\"x\"") GET("2") GET("3") GET("-1") GET("\"1.4\"") GET("{}"));

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_usb(&vm, on_passed, &told), &told.outcome, NULL, "");
	assert_int_equal(told.count, 2);
	assert_string_equal(told.passed[0].path, "/machine/peripheral/paddock-usb-1050-0407");
	assert_int_equal(told.passed[0].match.vendor, 0x1050);
	assert_true(told.passed[0].attached);
	assert_string_equal(told.passed[1].path, "/machine/peripheral-anon/device[0]");
	assert_string_equal(told.passed[1].match.port, "1.4");
	assert_int_equal(told.passed[1].match.bus, 3);
	assert_false(told.passed[1].attached);
	expect_outcome(rig, control_usb(&vm, on_passed, &told), &told.outcome, NULL, "no way");
	rig_run_ends(rig, &seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_user_names_becomes_the_setting),
		rig_test(a_device_is_passed_and_taken_back_and_the_record_follows),
		rig_test(what_cannot_be_attached_is_withdrawn),
		rig_test(devices_of_a_start_are_found_too),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("USB devices of a running VM", tests, NULL, NULL);
}
