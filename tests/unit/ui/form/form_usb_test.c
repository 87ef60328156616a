/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/vm/config.h"
#include "core/vm/store.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/form/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void plug_in(const char *place, const char *attribute, const char *text)
{
	char *path = mem_printf("sys/bus/usb/devices/%s/%s", place, attribute);

	scratch_put(path, text, strlen(text), 0);
	free(path);
}

static void plug_key(void)
{
	plug_in("1-4", "idVendor", "1050\n");
	plug_in("1-4", "idProduct", "0407\n");
	plug_in("1-4", "bDeviceClass", "00\n");
	plug_in("1-4", "product", "YubiKey\n");
}

/* Opens a form for an image, on the row that adds a device. */
static void open_form(struct fixture *f, const char *arch)
{
	struct vm_config config;
	struct error err;

	open_small_world(f, 60, 100);
	vm_config_init(&config, CONFIG_PROFILE);
	config.name = mem_strdup("key");
	vm_config_set(&config, SET_ARCH, arch);
	vm_config_set(&config, SET_IMAGE, "/lab/vm/key.img");
	assert_int_equal(f->store->save(f->store, &config, NULL, NULL, &err), STORE_OK);
	vm_config_finish(&config);
	form_open_edit(f->app, "key");
	turn(f);
	go_to_field(f, "+device");
}

static struct vm_config saved(struct fixture *f)
{
	struct vm_config config;
	struct store_revision revision;
	struct error err;

	vm_config_init(&config, CONFIG_PROFILE);
	if (!f->store->load(f->store, "key", &config, &revision, &err))
		fail_msg("%s", err.text);
	return config;
}

static void a_usb_device_of_the_host_can_be_picked(void **state)
{
	struct fixture *f = *state;

	plug_key();
	open_form(f, "x86_64");
	press(f, "C-p");
	assert_true(sees("1050:0407 YubiKey, port 1-4"));
	press(f, "Enter");
	assert_true(sees("usb-host,vendorid=0x1050"));
	press(f, "C-s");

	struct vm_config config = saved(f);
	assert_int_equal(config.value[SET_DEVICE].count, 1);
	assert_string_equal(config.value[SET_DEVICE].items[0], "usb-host,vendorid=0x1050,productid=0x0407");
	assert_string_equal(vm_config_get(&config, SET_USB), "yes");
	vm_config_finish(&config);
}

static void a_controller_is_added_if_the_machine_has_none(void **state)
{
	struct fixture *f = *state;

	plug_key();
	open_form(f, "aarch64");
	press(f, "C-p Enter C-p Enter C-s");

	struct vm_config config = saved(f);
	assert_int_equal(config.value[SET_DEVICE].count, 2);
	assert_string_equal(config.value[SET_DEVICE].items[0], "qemu-xhci");
	assert_string_equal(config.value[SET_DEVICE].items[1], "usb-host,vendorid=0x1050,productid=0x0407");
	assert_null(vm_config_get(&config, SET_USB));
	vm_config_finish(&config);
}

static void without_a_usb_device_nothing_is_changed(void **state)
{
	struct fixture *f = *state;

	open_form(f, "x86_64");
	press(f, "C-p");
	assert_true(sees("no USB device is plugged in"));
	go_to_field(f, "+disk");
	press(f, "C-p");
	assert_true(sees("picked only in a device row"));
	plug_key();
	go_to_field(f, "+device");
	press(f, "C-p Esc");
	assert_true(sees_not("usb-host,vendorid=0x1050"));
	press(f, "Esc");
	assert_true(sees_not("additional device"));
}

static int set_up(void **state)
{
	struct fixture *f;

	world_scratch_setup(state);
	f = *state;
	setenv("WORLD_ROOT", f->scratch, true);
	return 0;
}

static int tear_down(void **state)
{
	unsetenv("WORLD_ROOT");
	return world_teardown(state);
}

#define on_a_fake_host(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_fake_host(a_usb_device_of_the_host_can_be_picked),
		on_a_fake_host(a_controller_is_added_if_the_machine_has_none),
		on_a_fake_host(without_a_usb_device_nothing_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
