/* SPDX-License-Identifier: MIT */
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "core/vm/unknown_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void what_looks_misspelt_is_told_with_what_was_meant(void **state)
{
	/* NULL: nothing is said */
	static const char *const rows[][3] = {
		{ "network", "modee", "network.modee: unknown setting; did you mean mode in section [network]?" },
		{ "net", "mode", "net.mode: unknown setting; did you mean mode in section [network]?" },
		{ "vm", "Memroy", "vm.Memroy: unknown setting; did you mean memory in section [vm]?" },
		{ "vm", "image", "vm.image: unknown setting; did you mean image in section [boot]?" },
		{ "", "memory", "memory: unknown setting; did you mean memory in section [vm]?" },
		{ "", "colour", "colour: unknown setting, ignored" },
		{ "disk", "disk", "disk.disk: unknown setting; did you mean disk in section [disks]?" },
		{ "vm", "vegetables", "vm.vegetables: unknown setting, ignored" },
		{ "backup", "when", NULL },
		{ "backup", "disk", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vm_config config;

		vm_config_init(&config, CONFIG_PROFILE);
		unknown_key_note(&config, rows[i][0], rows[i][1]);
		assert_int_equal(config.unknown_keys.count, rows[i][2] != NULL);
		if (rows[i][2])
			assert_string_equal(config.unknown_keys.items[0], rows[i][2]);
		vm_config_finish(&config);
	}
}

static void it_is_a_warning_and_goes_with_a_copy(void **state)
{
	struct vm_config config, copy;
	struct vm_spec spec;
	struct problems problems = { 0 };

	(void)state;
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_init(&copy, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/vm/web.img");
	unknown_key_note(&config, "vm", "memroy");
	vm_config_copy(&copy, &config);
	vm_spec_read(&copy, NULL, &spec, &problems);
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.items[0].severity, PROBLEM_WARNING);
	assert_non_null(strstr(problems.items[0].text, "vm.memroy"));
	problems_finish(&problems);
	vm_spec_finish(&spec);
	vm_config_finish(&copy);
	vm_config_finish(&config);
	assert_int_equal(config.unknown_keys.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_looks_misspelt_is_told_with_what_was_meant),
		cmocka_unit_test(it_is_a_warning_and_goes_with_a_copy),
	};

	return cmocka_run_group_tests_name("unknown_key", tests, NULL, NULL);
}
