/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct reading {
	struct vm_config config;
	struct vm_spec spec;
	struct problems problems;
};

static int begin(void **state)
{
	static struct reading reading;

	memset(&reading, 0, sizeof(reading));
	vm_config_init(&reading.config, CONFIG_PROFILE);
	vm_config_set(&reading.config, SET_IMAGE, "/vm/web");
	setenv("HOME", "/home/me", 1);
	*state = &reading;
	return 0;
}

static int end(void **state)
{
	struct reading *r = *state;

	problems_finish(&r->problems);
	vm_spec_finish(&r->spec);
	vm_config_finish(&r->config);
	return 0;
}

/* Reads again from the beginning; nothing may be wrong. */
static const struct vm_spec *read_with(struct reading *r, const char *environment)
{
	vm_spec_finish(&r->spec);
	vm_spec_read(&r->config, environment, &r->spec, &r->problems);
	if (r->problems.count)
		fail_msg("%s", r->problems.items[0].text);
	return &r->spec;
}

static const struct vm_spec *set_and_read(struct reading *r, enum vm_setting setting, const char *text)
{
	vm_config_set(&r->config, setting, text);
	return read_with(r, NULL);
}

static void what_nobody_set_has_its_default(void **state)
{
	const struct vm_spec *spec = read_with(*state, NULL);

	assert_int_equal(spec->cpus, 1);
	assert_int_equal(spec->memory_mib, 1024);
	assert_int_equal(spec->boot, BOOT_AUTO);
	assert_int_equal(spec->net, NET_USER);
	assert_string_equal(spec->image, "/vm/web");
	assert_false(spec->arch_given || spec->uefi || spec->usb || spec->gui || spec->nocloud || spec->accel_empty);
	assert_true(!spec->uuid && !spec->cpu && !spec->accel && !spec->firmware && !spec->ifname && !spec->mac);
	assert_true(!spec->data && !spec->data_file && !spec->qemu && !spec->virtiofsd && !spec->qmp && !spec->state);
}

/* A file that lists every key with nothing behind it says nothing. */
static void an_empty_value_in_a_profile_is_not_set(void **state)
{
	struct reading *r = *state;

	for (int i = 0; i < VM_SETTINGS; i++) {
		if (i != SET_IMAGE && i != SET_PUBLISH && i != SET_DISK && i != SET_SHARE)
			vm_config_set(&r->config, (enum vm_setting)i, "");
	}

	const struct vm_spec *spec = read_with(r, NULL);

	assert_int_equal(spec->cpus, 1);
	assert_int_equal(spec->memory_mib, 1024);
	assert_int_equal(spec->devices.count + spec->args.count, 0);
	assert_false(spec->accel_empty);
}

static void auto_is_not_set_either(void **state)
{
	static const enum vm_setting settings[] = { SET_CPU, SET_ACCEL, SET_FIRMWARE, SET_MAC };

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		set_and_read(*state, settings[i], "auto");

	const struct vm_spec *spec = set_and_read(*state, SET_BOOT_MODE, "auto");

	assert_true(!spec->cpu && !spec->accel && !spec->firmware && !spec->mac);
}

static void every_word_for_yes_and_no_is_known(void **state)
{
	static const char *const words[][2] = {
		{ "yes", "no" }, { "on", "off" }, { "true", "false" }, { "1", "0" }, { "YES", "No" }, { "True", "FALSE" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_true(set_and_read(*state, SET_UEFI, words[i][0])->uefi);
		assert_false(set_and_read(*state, SET_UEFI, words[i][1])->uefi);
	}
}

static void numbers_are_decimal(void **state)
{
	assert_int_equal(set_and_read(*state, SET_CPUS, "010")->cpus, 10);
	assert_int_equal(set_and_read(*state, SET_CPUS, "4096")->cpus, 4096);
	assert_int_equal(set_and_read(*state, SET_CPUS, "+2")->cpus, 2);
	assert_int_equal(set_and_read(*state, SET_MEMORY, "512")->memory_mib, 512);
	assert_int_equal(set_and_read(*state, SET_MEMORY, "2G")->memory_mib, 2048);
}

static void every_architecture_has_qemus_name(void **state)
{
	for (int arch = 0; arch < VM_ARCHES; arch++) {
		const struct vm_spec *spec = set_and_read(*state, SET_ARCH, vm_arch_name((enum vm_arch)arch));

		assert_true(spec->arch_given);
		assert_int_equal(spec->arch, arch);
	}
}

static void every_boot_mode_is_read_by_its_name(void **state)
{
	for (int mode = 0; mode < BOOT_MODES; mode++)
		assert_int_equal(set_and_read(*state, SET_BOOT_MODE, boot_mode_name((enum boot_mode)mode))->boot, mode);
}

static void networks_are_read_by_mode_name_and_rest(void **state)
{
	static const struct {
		const char *text;
		enum net_mode mode;
		const char *ifname, *rest;
	} rows[] = {
		{ "user", NET_USER, NULL, NULL },
		{ "default", NET_USER, NULL, NULL },
		{ "none", NET_NONE, NULL, NULL },
		{ "tap,tap0", NET_TAP, "tap0", NULL },
		{ "tap,fifteen-bytes-x", NET_TAP, "fifteen-bytes-x", NULL },
		{ "tap,tap0,vhost=on,queues=2", NET_TAP, "tap0", "vhost=on,queues=2" },
		{ "bridge,br0", NET_BRIDGE, "br0", NULL },
		{ "bridge,br0,helper=/usr/lib/qemu/helper", NET_BRIDGE, "br0", "helper=/usr/lib/qemu/helper" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct vm_spec *spec = set_and_read(*state, SET_NETWORK, rows[i].text);

		assert_int_equal(spec->net, rows[i].mode);
		assert_true(text_equal(spec->ifname, rows[i].ifname));
		assert_true(text_equal(spec->net_rest, rows[i].rest));
	}
}

static void accelerators_keep_their_options(void **state)
{
	static const char *const texts[] = { "kvm", "tcg", "kvm:tcg", "kvm,kernel-irqchip=off", "kvm:tcg,a=b,c=d=e", "xen",
	                                     "hvf:tcg" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_string_equal(set_and_read(*state, SET_ACCEL, texts[i])->accel, texts[i]);
}

/* D08: what the reference's comment promises and its code did not do. */
static void the_environment_counts_where_no_option_is_given(void **state)
{
	static const struct {
		const char *option, *environment, *accel;
		bool empty;
	} rows[] = {
		{ NULL, NULL, NULL, false },
		{ NULL, "", NULL, false },
		{ NULL, "tcg", "tcg", false },
		{ "kvm", "tcg", "kvm", false },
		{ "", "tcg", "tcg", false },
		{ "", NULL, NULL, true },
		{ "", "", NULL, true },
		{ "auto", "tcg", NULL, false },
	};
	struct reading *r = *state;

	r->config.origin = CONFIG_COMMAND_LINE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vm_config_set(&r->config, SET_ACCEL, rows[i].option);

		const struct vm_spec *spec = read_with(r, rows[i].environment);

		assert_true(text_equal(spec->accel, rows[i].accel));
		assert_int_equal(spec->accel_empty, rows[i].empty);
	}
}

static void a_wrong_environment_is_told(void **state)
{
	struct reading *r = *state;

	vm_spec_read(&r->config, "fast", &r->spec, &r->problems);
	assert_int_equal(r->problems.count, 1);
	assert_true(text_starts(r->problems.items[0].text, "LINUXKIT_QEMU_ACCEL: 'fast' is not an accelerator"));
}

static void paths_of_a_profile_may_begin_at_home(void **state)
{
	struct reading *r = *state;

	vm_config_set(&r->config, SET_IMAGE, "~/vm/web");
	vm_config_set(&r->config, SET_STATE, "~/vm/web-state");
	vm_config_add(&r->config, SET_SHARE, "~/src,tag=src");
	vm_config_add(&r->config, SET_DISK, "~/vm/data.img");
	vm_config_add(&r->config, SET_DISK, "data.img");

	const struct vm_spec *spec = read_with(r, NULL);

	assert_string_equal(spec->image, "/home/me/vm/web");
	assert_string_equal(spec->state, "/home/me/vm/web-state");
	assert_string_equal(spec->shares[0].path, "/home/me/src");
	assert_string_equal(spec->disks[0].path, "/home/me/vm/data.img");
	assert_string_equal(spec->disks[1].path, "data.img");
}

static void paths_of_a_command_line_are_the_shells(void **state)
{
	struct reading *r = *state;

	r->config.origin = CONFIG_COMMAND_LINE;
	vm_config_set(&r->config, SET_IMAGE, "web//x/../lk");
	vm_config_set(&r->config, SET_STATE, "~");
	vm_config_set(&r->config, SET_QEMU, "./qemu");
	vm_config_add(&r->config, SET_DISK, "~/x.img");

	const struct vm_spec *spec = read_with(r, NULL);

	assert_string_equal(spec->image, "web//x/../lk");
	assert_string_equal(spec->state, "~");
	assert_string_equal(spec->qemu, "./qemu");
	assert_string_equal(spec->disks[0].path, "~/x.img");
}

static void what_is_raw_stays_raw(void **state)
{
	struct reading *r = *state;

	r->config.origin = CONFIG_COMMAND_LINE;
	vm_config_add(&r->config, SET_ARG, "");
	vm_config_add(&r->config, SET_ARG, "-nodefaults ,,\n");
	vm_config_add(&r->config, SET_DEVICE, "-help");
	vm_config_set(&r->config, SET_DATA, " a\nb;c ");

	const struct vm_spec *spec = read_with(r, NULL);

	assert_int_equal(spec->args.count, 2);
	assert_string_equal(spec->args.items[1], "-nodefaults ,,\n");
	assert_string_equal(spec->devices.items[0], "-help");
	assert_string_equal(spec->data, " a\nb;c ");
}

static void identities_are_normalised(void **state)
{
	assert_string_equal(set_and_read(*state, SET_MAC, "52-54-00-AB-CD-EF")->mac, "52:54:00:ab:cd:ef");
	assert_string_equal(set_and_read(*state, SET_UUID, "1B4E28BA-2FA1-11D2-883F-0016D3CCA427")->uuid,
	                    "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
}

/* Another disk's default name must not depend on whether this one can be read. */
static void a_disk_that_cannot_be_read_keeps_its_place(void **state)
{
	struct reading *r = *state;

	vm_config_add(&r->config, SET_DISK, "size=");
	vm_config_add(&r->config, SET_DISK, "size=1G");
	vm_spec_read(&r->config, NULL, &r->spec, &r->problems);
	assert_int_equal(r->spec.disk_count, 2);
	assert_int_equal(r->spec.disks[1].size_mib, 1024);
	assert_int_equal(r->problems.count, 1);
	assert_int_equal(r->problems.items[0].index, 0);
}

static void a_port_is_taken_by_any_that_overlaps(void **state)
{
	static const struct {
		const char *one, *other;
		bool clash;
	} rows[] = {
		{ "8080:80", "8080:80", true },
		{ "8080:80", "8081:80", false },
		{ "8080:80", "8080:80/udp", false },
		{ "127.0.0.1:8080:80", "127.0.0.2:8080:80", false },
		{ "127.0.0.1:8080:80", "127.0.0.1:8080:81", true },
		{ "127.0.0.1:8080:80", "8080:80", true },
		{ "0.0.0.0:8080:80", "127.0.0.2:8080:80", true },
		{ "8080:80/udp", "0.0.0.0:8080:80/udp", true },
	};
	struct reading *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 2; i++) {
		const char *one = rows[i / 2].one, *other = rows[i / 2].other;

		vm_config_set(&r->config, SET_PUBLISH, i % 2 ? one : other);
		vm_config_add(&r->config, SET_PUBLISH, i % 2 ? other : one);
		vm_spec_finish(&r->spec);
		problems_finish(&r->problems);
		vm_spec_read(&r->config, NULL, &r->spec, &r->problems);
		assert_int_equal(problems_of(&r->problems, SET_PUBLISH, 1) != NULL, rows[i / 2].clash);
		assert_null(problems_of(&r->problems, SET_PUBLISH, 0));
	}
}

/* Every setting says yes to something and, where not every text will do, no to something. */
static void a_field_is_checked_while_it_is_typed(void **state)
{
	static const struct {
		const char *good, *bad;
	} rows[VM_SETTINGS] = {
		[SET_UUID]        = { "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "1b4e" },
		[SET_DESCRIPTION] = { "build box", NULL },
		[SET_ARCH]        = { "s390x", "s390" },
		[SET_CPUS]        = { "2", "0" },
		[SET_MEMORY]      = { "2G", "2GB" },
		[SET_CPU]         = { "host,-avx", "host -avx" },
		[SET_ACCEL]       = { "kvm:tcg", "kvm:" },
		[SET_BOOT_MODE]   = { "squashfs", "squash" },
		[SET_IMAGE]       = { "~/vm/web", "vm/web" },
		[SET_UEFI]        = { "yes", "y" },
		[SET_FIRMWARE]    = { "/usr/share/OVMF/OVMF.fd", "OVMF.fd" },
		[SET_BOOT_BUS]    = { "virtio", "usb" },
		[SET_NETWORK]     = { "bridge,br0", "bridge" },
		[SET_MAC]         = { "52:54:00:12:34:56", "52:54" },
		[SET_PUBLISH]     = { "8080:80", "8080" },
		[SET_DISK]        = { "a.img,size=1G", "a.img," },
		[SET_BOOT_FORMAT] = { "qcow2", "a b" },
		[SET_TRUST_BACKING] = { "yes", "maybe" },
		[SET_FORCE_RAW]   = { "no", "raw" },
		[SET_SHARE]       = { "~/src,tag=s", "~/src,s" },
		[SET_USB]         = { "no", "never" },
		[SET_DEVICE]      = { "usb-tablet", NULL },
		[SET_LIVE]        = { "no", "maybe" },
		[SET_GUI]         = { "off", "of" },
		[SET_DATA]        = { "{}", NULL },
		[SET_DATA_FILE]   = { "/m.json", "m.json" },
		[SET_NOCLOUD]     = { "1", "2" },
		[SET_QEMU]        = { "/usr/bin/qemu-system-x86_64", "qemu" },
		[SET_VIRTIOFSD]   = { "virtiofsd", "./virtiofsd" },
		[SET_QMP]         = { "/run/qmp", "qmp" },
		[SET_SANDBOX]     = { "no", "maybe" },
		[SET_ARG]         = { "-s", NULL },
		[SET_STATE]       = { "~/state", "state" },
	};
	struct error err;

	(void)state;
	for (int i = 0; i < VM_SETTINGS; i++) {
		assert_true(vm_value_check((enum vm_setting)i, rows[i].good, &err));
		assert_true(!rows[i].bad || !vm_value_check((enum vm_setting)i, rows[i].bad, &err));
	}
}

static void the_worst_problem_of_a_value_comes_first(void **state)
{
	struct problems problems = { 0 };

	(void)state;
	assert_false(problems_stop(&problems, false));
	problem_add(&problems, PROBLEM_WARNING, SET_DISK, 1, "a warning");
	assert_false(problems_stop(&problems, false));
	problem_add(&problems, PROBLEM_HOST, SET_DISK, 1, "of the host");
	assert_true(problems_stop(&problems, false));
	assert_false(problems_stop(&problems, true));
	problem_add(&problems, PROBLEM_ERROR, SET_SHARE, -1, "no such daemon");
	assert_true(problems_stop(&problems, true));
	problem_add(&problems, PROBLEM_ERROR, SET_DISK, 0, "an %s", "error");

	assert_string_equal(problems_of(&problems, SET_DISK, 1)->text, "of the host");
	assert_string_equal(problems_of(&problems, SET_DISK, 0)->text, "an error");
	assert_string_equal(problems_of(&problems, SET_DISK, -1)->text, "an error");
	assert_null(problems_of(&problems, SET_DISK, 2));
	/* What concerns the whole setting concerns each value. */
	assert_string_equal(problems_of(&problems, SET_SHARE, 3)->text, "no such daemon");
	assert_null(problems_of(&problems, SET_CPUS, -1));
	problems_finish(&problems);
	assert_int_equal(problems.count, 0);
}

static void a_problem_of_no_setting_stands_alone(void **state)
{
	struct problems problems = { 0 };

	(void)state;
	problem_add(&problems, PROBLEM_ERROR, VM_SETTINGS, -1, "no memory");

	char *line = problem_line(&problems.items[0], CONFIG_PROFILE);

	assert_string_equal(line, "no memory");
	free(line);
	problems_finish(&problems);
}

#define story(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(what_nobody_set_has_its_default),
		story(an_empty_value_in_a_profile_is_not_set),
		story(auto_is_not_set_either),
		story(every_word_for_yes_and_no_is_known),
		story(numbers_are_decimal),
		story(every_architecture_has_qemus_name),
		story(every_boot_mode_is_read_by_its_name),
		story(networks_are_read_by_mode_name_and_rest),
		story(accelerators_keep_their_options),
		story(the_environment_counts_where_no_option_is_given),
		story(a_wrong_environment_is_told),
		story(paths_of_a_profile_may_begin_at_home),
		story(paths_of_a_command_line_are_the_shells),
		story(what_is_raw_stays_raw),
		story(identities_are_normalised),
		story(a_disk_that_cannot_be_read_keeps_its_place),
		story(a_port_is_taken_by_any_that_overlaps),
		cmocka_unit_test(a_field_is_checked_while_it_is_typed),
		cmocka_unit_test(the_worst_problem_of_a_value_comes_first),
		cmocka_unit_test(a_problem_of_no_setting_stands_alone),
	};

	return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
