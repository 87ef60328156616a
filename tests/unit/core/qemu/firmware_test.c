/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/qemu/host/firmware.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void put(const char *root, const char *path, const char *text)
{
	char *full = mem_printf("%s%s", root, path);

	scratch_put(full, text, strlen(text), 0);
	free(full);
}

static char *descriptor(const char *name, const char *feature)
{
	return mem_printf("{\"interface-types\":[\"uefi\"],\"mapping\":{\"device\":\"flash\","
	                  "\"executable\":{\"filename\":\"/fw/%s_CODE.fd\",\"format\":\"raw\"},"
	                  "\"nvram-template\":{\"filename\":\"/fw/%s_VARS.fd\",\"format\":\"raw\"}},"
	                  "\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[\"pc-i440fx-*\",\"pc-q35-*\"]}],"
	                  "\"features\":[\"%s\"]}", name, name, feature);
}

static void put_firmware(const char *root, const char *where, const char *name, const char *feature)
{
	char *text = descriptor(name, feature), *code = mem_printf("/fw/%s_CODE.fd", name);
	char *vars = mem_printf("/fw/%s_VARS.fd", name);

	put(root, where, text);
	put(root, code, "c");
	put(root, vars, "v");
	free(text);
	free(code);
	free(vars);
}

static void descriptors_come_in_the_order_of_their_names_plain_ones_first(void **state)
{
	struct host_facts facts = { 0 };
	const char *root = *state;

	put_firmware(root, "/usr/share/qemu/firmware/40-secure.json", "SB", "secure-boot");
	put_firmware(root, "/usr/share/qemu/firmware/50-smm.json", "SMM", "requires-smm");
	put_firmware(root, "/usr/share/qemu/firmware/60-plain.json", "PLAIN", "acpi-s3");
	put_firmware(root, "/usr/share/qemu/firmware/70-hidden.json", "HIDDEN", "acpi-s3");
	put_firmware(root, "/etc/qemu/firmware/55-local.json", "LOCAL", "acpi-s3");
	put(root, "/etc/qemu/firmware/70-hidden.json", "");
	put(root, "/etc/qemu/firmware/10-broken.json", "{ no");
	put(root, "/usr/share/OVMF/OVMF_CODE_4M.fd", "c");
	put(root, "/usr/share/OVMF/OVMF_VARS_4M.fd", "v");
	put(root, "/usr/share/OVMF/OVMF_CODE.fd", "c");		/* its VARS are missing */

	firmware_search(root, ARCH_X86_64, &facts);
	assert_int_equal(facts.firmware_count, 5);
	assert_string_equal(facts.firmwares[0].code, "/fw/LOCAL_CODE.fd");
	assert_string_equal(facts.firmwares[0].vars, "/fw/LOCAL_VARS.fd");
	assert_string_equal(facts.firmwares[0].origin, "/etc/qemu/firmware/55-local.json");
	assert_string_equal(facts.firmwares[1].code, "/fw/PLAIN_CODE.fd");
	assert_string_equal(facts.firmwares[2].origin, "known path");
	assert_true(facts.firmwares[3].secure_boot);
	assert_true(firmware_is_default(&facts.firmwares[3]));
	assert_string_equal(facts.firmwares[4].code, "/fw/SMM_CODE.fd");
	assert_false(firmware_is_default(&facts.firmwares[4]));
	host_facts_finish(&facts);

	firmware_search(root, ARCH_AARCH64, &facts);
	assert_int_equal(facts.firmware_count, 0);
	host_facts_finish(&facts);
}

static void the_users_own_descriptors_count_first(void **state)
{
	struct host_facts facts = { 0 };
	const char *root = *state;
	char *code = mem_printf("%s/own_CODE.fd", root), *vars = mem_printf("%s/own_VARS.fd", root);
	char *text = mem_printf("{\"interface-types\":[\"uefi\"],\"mapping\":{\"device\":\"flash\","
	                        "\"executable\":{\"filename\":\"%s\",\"format\":\"raw\"},"
	                        "\"nvram-template\":{\"filename\":\"%s\",\"format\":\"raw\"}},"
	                        "\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[\"pc-q35-*\"]}]}", code, vars);

	put(root, "/own_CODE.fd", "c");
	put(root, "/own_VARS.fd", "v");
	put(root, "/config/qemu/firmware/00-own.json", text);
	free(text);
	text = mem_printf("%s/config", root);
	setenv("XDG_CONFIG_HOME", text, true);
	firmware_search("", ARCH_X86_64, &facts);
	unsetenv("XDG_CONFIG_HOME");
	assert_true(facts.firmware_count > 0);
	assert_string_equal(facts.firmwares[0].code, code);
	assert_string_equal(facts.firmwares[0].vars, vars);
	host_facts_finish(&facts);
	free(text);
	free(code);
	free(vars);
}

/* Whatever a descriptor lacks, it is left out, and nothing is kept of it. */
static void a_descriptor_cut_anywhere_is_of_no_use(void **state)
{
	char *text = descriptor("X", "acpi-s3");
	struct firmware firmware;

	(void)state;
	for (size_t len = 0; len < strlen(text); len++)
		assert_false(firmware_parse(text, len, ARCH_X86_64, &firmware));
	assert_true(firmware_parse(text, strlen(text), ARCH_X86_64, &firmware));
	free(firmware.code);
	free(firmware.vars);
	assert_false(firmware_parse(text, strlen(text), ARCH_RISCV64, &firmware));
	free(text);
}

static void members_of_the_wrong_type_are_of_no_use(void **state)
{
	static const char *const texts[] = {
		"[]", "1", "{\"interface-types\":\"uefi\"}", "{\"interface-types\":[1,\"uefi\"],\"targets\":{}}",
		"{\"interface-types\":[\"uefi\"],\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[1,\"q35\"]}],\"mapping\":[]}",
		"{\"interface-types\":[\"uefi\"],\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[\"q35\"]}],"
		"\"mapping\":{\"device\":\"flash\",\"executable\":{\"filename\":1,\"format\":\"raw\"}}}",
		"{\"interface-types\":[\"bios\"],\"targets\":[{\"architecture\":\"x86_64\",\"machines\":[\"q35\"]}],"
		"\"mapping\":{\"device\":\"memory\",\"filename\":\"/x\"}}",
	};
	struct firmware firmware;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(firmware_parse(texts[i], strlen(texts[i]), ARCH_X86_64, &firmware));
}

/* Keys that are enrolled refuse most systems; what needs SMM does not start without it. */
static void firmware_that_would_refuse_a_guest_is_no_default(void **state)
{
	static const struct { const char *feature; enum vm_arch arch; bool fits; } cases[] = {
		{ "acpi-s3", ARCH_X86_64, true }, { "secure-boot", ARCH_X86_64, true },
		{ "enrolled-keys", ARCH_X86_64, false }, { "requires-smm", ARCH_X86_64, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = descriptor("X", cases[i].feature);
		struct firmware firmware;

		assert_true(firmware_parse(text, strlen(text), cases[i].arch, &firmware));
		assert_int_equal(firmware_is_default(&firmware), cases[i].fits);
		free(firmware.code);
		free(firmware.vars);
		free(text);
	}
}

static void a_stateless_image_has_no_variables(void **state)
{
	static const char text[] =
		"{\"interface-types\":[\"uefi\"],\"targets\":[{\"architecture\":\"aarch64\",\"machines\":[\"virt-*\"]}],"
		"\"mapping\":{\"device\":\"flash\",\"mode\":\"stateless\",\"executable\":{\"filename\":\"/x\",\"format\":\"raw\"}}}";
	struct firmware firmware;

	(void)state;
	assert_true(firmware_parse(text, strlen(text), ARCH_AARCH64, &firmware));
	assert_string_equal(firmware.code, "/x");
	assert_null(firmware.vars);
	assert_true(firmware.stateless);
	assert_false(firmware_is_default(&firmware));
	free(firmware.code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_come_in_the_order_of_their_names_plain_ones_first),
		cmocka_unit_test(the_users_own_descriptors_count_first),
		cmocka_unit_test(a_descriptor_cut_anywhere_is_of_no_use),
		cmocka_unit_test(members_of_the_wrong_type_are_of_no_use),
		cmocka_unit_test(firmware_that_would_refuse_a_guest_is_no_default),
		cmocka_unit_test(a_stateless_image_has_no_variables),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
