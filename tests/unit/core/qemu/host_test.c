/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void a_fresh_identity_is_valid_and_never_the_same(void **state)
{
	struct strv seen = { 0 };

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		struct vm_spec spec = { .image = mem_strdup("none"), .origin = CONFIG_COMMAND_LINE };
		struct problems problems = { 0 };
		struct host_facts facts;
		struct error err;
		char mac[18], uuid[37];

		host_gather(&spec, true, &facts, &problems);
		assert_true(vm_mac_parse(facts.new_mac, mac, &err));	/* six bytes, unicast */
		assert_true(strtoul(mac, NULL, 16) & 2);		/* locally administered */
		assert_true(vm_uuid_parse(facts.new_uuid, uuid, &err));
		assert_false(strv_has(&seen, mac) || strv_has(&seen, uuid));
		strv_add(&seen, mac);
		strv_add(&seen, uuid);
		host_facts_finish(&facts);
		problems_finish(&problems);
		vm_spec_finish(&spec);
	}
	strv_finish(&seen);
}

static void who_only_asks_gets_no_identity(void **state)
{
	struct vm_spec spec = { .image = mem_strdup("none"), .origin = CONFIG_COMMAND_LINE };
	struct problems problems = { 0 };
	struct host_facts facts;

	(void)state;
	host_gather(&spec, false, &facts, &problems);
	assert_string_equal(facts.new_uuid, "<UUID>");
	assert_string_equal(facts.new_mac, "<MAC>");
	assert_string_equal(facts.state, "none-state");
	assert_int_equal(access("none-state", F_OK), -1);
	host_facts_finish(&facts);
	problems_finish(&problems);
	vm_spec_finish(&spec);
}

/* As somebody who may not write here; root may, so a child becomes nobody. */
static int state_beside(const char *image, const char *name, const char *wanted)
{
	struct vm_spec spec = { .image = mem_strdup(image), .origin = CONFIG_COMMAND_LINE, .name = mem_strdup(name) };
	struct problems problems = { 0 };
	struct host_facts facts, again;
	bool good;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	setenv("XDG_STATE_HOME", "/xdg", 1);
	host_gather(&spec, false, &facts, &problems);
	host_gather(&spec, false, &again, &problems);
	good = !strcmp(facts.state, again.state) && text_starts(facts.state, wanted);
	if (text_starts(wanted, "/xdg"))
		good &= facts.state_fallback && strlen(facts.state) == strlen(wanted) + 8;
	else
		good &= !facts.state_fallback;
	return good ? 0 : 1;
}

static void check_state_beside(const char *image, const char *name, const char *wanted)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(state_beside(image, name, wanted));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_place_that_cannot_be_written_is_left_alone(void **state)
{
	(void)state;
	scratch_put("mine/web.img", "x", 1, 0);
	scratch_put("open/web.img", "x", 1, 0);
	assert_int_equal(chmod("open", 0777), 0);
	assert_int_equal(chmod("mine", 0555), 0);
	check_state_beside("mine/web.img", "web.img", "/xdg/paddock/state/web.img-");
	check_state_beside("mine/web.img", "a/b", "/xdg/paddock/state/web.img-");
	check_state_beside("open/web.img", "web.img", "open/web.img-state");
	check_state_beside("none/web.img", "web.img", "none/web.img-state");
}

static void a_configuration_becomes_a_plan_without_touching_anything(void **state)
{
	struct vm_config config;
	struct problems problems = { 0 };
	struct plan plan;

	(void)state;
	scratch_put("disk.img", "x", 1, 0);
	vm_config_init(&config, CONFIG_COMMAND_LINE);
	config.name = mem_strdup("disk.img");
	vm_config_set(&config, SET_IMAGE, "disk.img");
	vm_config_add(&config, SET_DISK, "size=1G");
	plan_make(&config, true, &plan, &problems);
	assert_string_equal(plan.name, "disk.img");
	assert_string_equal(plan.kind, "run");
	assert_string_equal(plan.state, "disk.img-state");
	assert_int_equal(plan.state_absolute[0], '/');
	assert_string_equal(plan.args[plan.first_extra_arg].text, "-name");
	for (size_t i = 0; i < plan.arg_count; i++)
		assert_true(*plan.args[i].origin);
	assert_int_equal(plan.steps[0].kind, STEP_MKDIR);
	assert_int_equal(plan.steps[0].mode, 0700);
	assert_int_equal(access("disk.img-state", F_OK), -1);
	plan_finish(&plan);
	problems_finish(&problems);
	vm_config_finish(&config);
}

/* Nor is anything read there: not its UUID. */
static void a_state_directory_of_everybody_stops_the_plan(void **state)
{
	struct vm_config config;
	struct problems problems = { 0 };
	struct plan plan;

	(void)state;
	scratch_put("open.img", "x", 1, 0);
	scratch_put("open.img-state/uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", 36, 0);
	assert_int_equal(chmod("open.img-state", 0777), 0);
	vm_config_init(&config, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_IMAGE, "open.img");
	assert_false(plan_make(&config, false, &plan, &problems));
	assert_string_equal(problems_of(&problems, SET_STATE, -1)->text,
	                    "other users can write to open.img-state; run: chmod go-w 'open.img-state'");
	assert_string_equal(plan.uuid, "<UUID>");
	plan_finish(&plan);
	problems_finish(&problems);
	vm_config_finish(&config);
}

/* An argument ends there, and with it what the guest would get. */
static void a_command_line_with_a_nul_is_refused(void **state)
{
	struct vm_config config;
	struct problems problems = { 0 };
	struct plan plan;

	(void)state;
	scratch_put("lk-kernel", "k", 1, 0);
	scratch_put("lk-initrd.img", "i", 1, 0);
	scratch_put("lk-cmdline", "quiet\0root=/dev/vda", 19, 0);
	vm_config_init(&config, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_IMAGE, "lk");
	plan_make(&config, true, &plan, &problems);
	assert_string_equal(problems_of(&problems, SET_IMAGE, -1)->text, "command line lk-cmdline contains a NUL byte");
	plan_finish(&plan);
	problems_finish(&problems);
	vm_config_finish(&config);
}

/* A firmware volume of variables, as descriptors name it for a template; "QFI" makes a disk image of it. */
static void put_flash(const char *path, const char *first)
{
	static const unsigned char mark[] = {
		0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
		0, 1, 0, 0, 0, 0, 0, 0, '_', 'F', 'V', 'H',
	};
	char image[4096] = { 0 };

	memcpy(image, first, strlen(first));
	memcpy(image + 16, mark, sizeof(mark));
	scratch_put(path, image, sizeof(image), 0);
}

static void check_firmware(const char *path, const char *wanted)
{
	struct problems problems = { 0 };
	struct vm_config config;
	const struct problem *found;
	struct plan plan;

	vm_config_init(&config, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_IMAGE, "disk.img");
	vm_config_set(&config, SET_ARCH, "x86_64");
	vm_config_set(&config, SET_UEFI, "yes");
	vm_config_set(&config, SET_FIRMWARE, path);
	assert_false(plan_make(&config, false, &plan, &problems));
	found = problems_of(&problems, SET_FIRMWARE, -1);
	assert_non_null(found);
	assert_non_null(strstr(found->text, wanted));
	plan_finish(&plan);
	problems_finish(&problems);
	vm_config_finish(&config);
}

/* The template is looked at twice: for its size, as the descriptor's, and for what it is. */
static void what_holds_no_code_is_no_firmware(void **state)
{
	char *here = getcwd(NULL, 0), *code = mem_printf("%s/X_CODE.fd", here), *vars = mem_printf("%s/X_VARS.fd", here);
	char *config = mem_printf("%s/config", here);
	char *text = mem_printf("{\"interface-types\":[\"uefi\"],\"mapping\":{\"device\":\"flash\","
	                        "\"executable\":{\"filename\":\"%s\",\"format\":\"raw\"},"
	                        "\"nvram-template\":{\"filename\":\"%s\",\"format\":\"raw\"}},"
	                        "\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[\"pc-q35-*\"]}]}", code, vars);

	(void)state;
	setenv("XDG_CONFIG_HOME", config, 1);
	scratch_put("config/qemu/firmware/10-mine.json", text, strlen(text), 0);
	scratch_put("disk.img", "x", 1, 0);
	scratch_put("X_CODE.fd", "c", 1, 4096);
	put_flash("X_VARS.fd", "");
	put_flash("image.fd", "QFI\xfb");
	check_firmware(vars, "X_VARS.fd holds only variables; set the file that holds the code");
	check_firmware("image.fd", "image.fd is a qcow2 image, not a raw one; convert it with qemu-img convert -O raw");
	unsetenv("XDG_CONFIG_HOME");
	free(text);
	free(config);
	free(vars);
	free(code);
	free(here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fresh_identity_is_valid_and_never_the_same),
		cmocka_unit_test(who_only_asks_gets_no_identity),
		cmocka_unit_test(a_place_that_cannot_be_written_is_left_alone),
		cmocka_unit_test(a_configuration_becomes_a_plan_without_touching_anything),
		cmocka_unit_test(what_holds_no_code_is_no_firmware),
		cmocka_unit_test(a_state_directory_of_everybody_stops_the_plan),
		cmocka_unit_test(a_command_line_with_a_nul_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
