/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct expected {
	const char *text;	/* the argument, or its beginning where it ends in '*' */
	const char *origin;
};

static const char *origin_in(const struct plan *plan, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < plan->arg_count; i++) {
		const char *arg = plan->args[i].text;

		if (text[len - 1] == '*' ? !strncmp(arg, text, len - 1) : !strcmp(arg, text))
			return plan->args[i].origin;
	}
	return NULL;
}

static void check(const struct vm_config *config, const struct expected *expected, size_t count)
{
	struct problems problems = { 0 };
	struct plan plan;

	plan_make(config, false, &plan, &problems);
	for (size_t i = 0; i < count; i++) {
		const char *origin = origin_in(&plan, expected[i].text);

		assert_non_null(origin);
		assert_string_equal(origin, expected[i].origin);
	}
	plan_finish(&plan);
	problems_finish(&problems);
}

static void fill(struct vm_config *config)
{
	vm_config_set(config, SET_CPUS, "2");
	vm_config_add(config, SET_PUBLISH, "18080:80");
	vm_config_add(config, SET_DISK, "/x/a.img,size=1G");
	vm_config_add(config, SET_ARG, "-snapshot");
	vm_config_set(config, SET_DATA, "hello");
	vm_config_set(config, SET_ACCEL, "tcg");
	vm_config_set(config, SET_ARCH, "x86_64");
}

static void a_profiles_arguments_name_their_settings(void **state)
{
	static const struct expected expected[] = {
		{ "-smp", "[vm] cpus" }, { "2", "[vm] cpus" }, { "-m", "default" },
		{ "-netdev", "[network] publish" },
		{ "file=/x/a.img*", "[disks] disk" }, { "-snapshot", "[qemu] arg" }, { "-nographic", "default" },
	};
	struct vm_config config;

	(void)state;
	vm_config_init(&config, CONFIG_PROFILE);
	fill(&config);
	vm_config_set(&config, SET_IMAGE, "/x/web.img");
	check(&config, expected, sizeof(expected) / sizeof(expected[0]));
	vm_config_finish(&config);
}

static void a_command_lines_arguments_name_their_options(void **state)
{
	static const struct expected expected[] = {
		{ "-smp", "--cpus" }, { "-pidfile", "default" }, { "-netdev", "--publish" }, { "-cdrom", "--data" },
		{ "file=/x/a.img*", "--disk" }, { "file=disk.img*", "PATH" }, { "-snapshot", "--arg" },
		{ "-name", "paddock: the name in lists and windows" },
	};
	struct vm_config config;

	(void)state;
	scratch_put("disk.img", "x", 1, 0);
	vm_config_init(&config, CONFIG_COMMAND_LINE);
	fill(&config);
	vm_config_set(&config, SET_IMAGE, "disk.img");
	check(&config, expected, sizeof(expected) / sizeof(expected[0]));
	vm_config_finish(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profiles_arguments_name_their_settings),
		cmocka_unit_test(a_command_lines_arguments_name_their_options),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
