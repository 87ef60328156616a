/* SPDX-License-Identifier: MIT */
#include "core/machines/disk_use.h"
#include "core/machines/ssh_line.h"

#include "core/base/alloc.h"
#include "core/vm/spec.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIB (1024ULL * 1024)

static void read_spec(struct vm_spec *spec, const char *const settings[][2])
{
	static const enum vm_setting keys[] = { SET_IMAGE, SET_BOOT_MODE, SET_DISK, SET_PUBLISH, SET_NETWORK };
	static const char *const names[] = { "image", "mode", "disk", "publish", "network" };
	struct vm_config config;
	struct problems problems = { 0 };

	vm_config_init(&config, CONFIG_PROFILE);
	for (size_t i = 0; settings[i][0]; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strcmp(settings[i][0], names[k]) == 0)
				vm_config_add(&config, keys[k], settings[i][1]);
	vm_spec_read(&config, NULL, spec, &problems);
	problems_finish(&problems);
	vm_config_finish(&config);
}

static void disks_are_found_and_measured(void **state)
{
	char *image = mem_printf("%s/boot.qcow2", (const char *)*state);
	const char *const settings[][2] = {
		{ "image", image }, { "mode", "disk" }, { "disk", "raw.img" }, { "disk", "size=1G" }, { NULL, NULL },
	};
	unsigned char qcow2[512] = "QFI\xfb\0\0\0\3";
	struct vm_spec spec = { 0 };
	struct disk_uses uses;

	qcow2[28] = 0x40;	/* of a size of 8 bytes, big endian, at 24 */
	scratch_put("boot.qcow2", qcow2, sizeof(qcow2), 0);
	scratch_put("state/raw.img", "x", 1, 3 * MIB);
	read_spec(&spec, settings);
	disk_uses_of(&spec, "state", &uses);
	assert_int_equal(uses.count, 3);
	assert_string_equal(uses.items[0].path, image);
	assert_string_equal(uses.items[1].path, "state/raw.img");
	assert_string_equal(uses.items[2].path, "state/disk1.img");
	disk_uses_read(&uses);
	assert_int_equal(uses.items[0].size, 0x40000000);
	assert_in_range(uses.items[0].used, 1, MIB);
	assert_int_equal(uses.items[1].size, 3 * MIB);
	assert_in_range(uses.items[1].used, 1, MIB);
	assert_int_equal(uses.items[2].size, 0);
	assert_int_equal(uses.items[2].used, DISK_USE_UNKNOWN);
	/* It has grown. */
	scratch_put("state/raw.img", "x", 1, 5 * MIB);
	disk_uses_read(&uses);
	assert_int_equal(uses.items[1].size, 5 * MIB);
	disk_uses_finish(&uses);
	disk_uses_finish(&uses);
	vm_spec_finish(&spec);
	free(image);
}

static void a_cd_is_no_disk_of_the_vm(void **state)
{
	static const char *const settings[][2] = { { "image", "/x/installer.iso" }, { "mode", "iso" }, { NULL, NULL } };
	struct vm_spec spec = { 0 };
	struct disk_uses uses;

	(void)state;
	read_spec(&spec, settings);
	disk_uses_of(&spec, "state", &uses);
	assert_int_equal(uses.count, 0);
	disk_uses_finish(&uses);
	vm_spec_finish(&spec);
}

static void a_published_port_22_is_a_command(void **state)
{
	static const struct { const char *publish, *line; } cases[] = {
		{ "2222:22", "ssh -p 2222 127.0.0.1" },
		{ "127.0.0.1:2222:22", "ssh -p 2222 127.0.0.1" },
		{ "192.168.7.3:22:22", "ssh 192.168.7.3" },
		{ "2222:22/udp", "" },
		{ "8080:80", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const settings[][2] = {
			{ "image", "/x" }, { "publish", "9999:99" }, { "publish", cases[i].publish }, { NULL, NULL },
		};
		char line[SSH_LINE_SIZE];
		struct vm_spec spec = { 0 };

		read_spec(&spec, settings);
		assert_int_equal(ssh_line(&spec, line, sizeof(line)), cases[i].line[0] != '\0');
		assert_string_equal(line, cases[i].line);
		vm_spec_finish(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(disks_are_found_and_measured, scratch_enter, scratch_leave),
		cmocka_unit_test(a_cd_is_no_disk_of_the_vm),
		cmocka_unit_test(a_published_port_22_is_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
