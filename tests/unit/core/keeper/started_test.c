/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/keeper/run/started.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "fake/scratch.h"
#include "persist/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* Plans it from the command line's words, keeps that in DIR/s and reads it back. */
static void keep(const char *dir, struct vm_config *given, struct vm_config *kept, struct plan *argv)
{
	struct plan plan = { 0 };
	struct problems problems = { 0 };
	struct error err;

	setenv("XDG_STATE_HOME", dir, 1);
	plan_make(given, false, &plan, &problems);
	free(plan.state_absolute);
	plan.state_absolute = mem_strdup(dir);
	assert_true(started_write(records_on_files(), &plan, &err));
	vm_config_init(kept, CONFIG_PROFILE);
	assert_true(started_read(records_on_files(), dir, kept, argv));
	assert_int_equal(argv->arg_count, plan.arg_count);
	for (size_t i = 0; i < plan.arg_count; i++) {
		assert_string_equal(argv->args[i].text, plan.args[i].text);
		assert_string_equal(argv->args[i].origin, plan.args[i].origin);
	}
	problems_finish(&problems);
	plan_finish(&plan);
}

static char *below(const char *dir, const char *name)
{
	return mem_printf("%s/%s", dir, name);
}

static void a_command_line_is_kept_as_a_profile_has_it(void **state)
{
	const char *dir = *state;
	struct vm_config given, kept;
	struct plan argv = { 0 };
	char *image = below(dir, "web.img"), *disk = below(dir, "sub/b,c.img"), *quoted = mem_printf("%s/sub/b,,c.img", dir);

	scratch_put("web.img", "", 0, 1048576);
	scratch_put("sub/b,c.img", "", 0, 1048576);
	vm_config_init(&given, CONFIG_COMMAND_LINE);
	given.name = mem_strdup("web.img");
	vm_config_set(&given, SET_IMAGE, "web.img");
	vm_config_set(&given, SET_MEMORY, "256");
	vm_config_set(&given, SET_ARCH, "");
	vm_config_set(&given, SET_DATA, "a secret");
	vm_config_add(&given, SET_PUBLISH, "8080:80");
	vm_config_add(&given, SET_PUBLISH, "127.0.0.1:8443:443");
	vm_config_add(&given, SET_DISK, "sub/b,,c.img");
	vm_config_add(&given, SET_DISK, "size=1G");
	keep(dir, &given, &kept, &argv);
	assert_string_equal(kept.name, "web.img");
	assert_int_equal(kept.origin, CONFIG_PROFILE);
	assert_string_equal(vm_config_get(&kept, SET_IMAGE), image);
	assert_string_equal(vm_config_get(&kept, SET_MEMORY), "256");
	assert_null(vm_config_get(&kept, SET_ARCH));
	assert_null(vm_config_get(&kept, SET_DATA));
	assert_int_equal(kept.value[SET_PUBLISH].count, 2);
	assert_string_equal(kept.value[SET_PUBLISH].items[1], "127.0.0.1:8443:443");
	assert_int_equal(kept.value[SET_DISK].count, 2);
	assert_string_equal(kept.value[SET_DISK].items[0], quoted);
	assert_string_equal(kept.value[SET_DISK].items[1], "size=1G");
	plan_finish(&argv);
	vm_config_finish(&kept);
	vm_config_finish(&given);
	free(quoted);
	free(disk);
	free(image);
}

static void a_profile_is_kept_as_it_was_written(void **state)
{
	const char *dir = *state;
	struct vm_config given, kept;
	struct plan argv = { 0 };

	vm_config_init(&given, CONFIG_PROFILE);
	given.name = mem_strdup("web");
	vm_config_set(&given, SET_IMAGE, "~/web.img");
	vm_config_set(&given, SET_DESCRIPTION, "line\n\ttwo; # \"three\"");
	vm_config_set(&given, SET_DATA, "a secret");
	vm_config_add(&given, SET_ARG, "-name");
	vm_config_add(&given, SET_ARG, "");
	vm_config_add(&given, SET_ARG, " x ");
	keep(dir, &given, &kept, &argv);
	assert_false(started_differs(&kept, &given));
	assert_string_equal(vm_config_get(&kept, SET_DESCRIPTION), "line\n\ttwo; # \"three\"");
	/* Neither of these says another machine. */
	vm_config_set(&given, SET_DESCRIPTION, "other words");
	vm_config_set(&given, SET_DATA, "other data");
	assert_false(started_differs(&kept, &given));
	vm_config_set(&given, SET_MEMORY, "2G");
	assert_true(started_differs(&kept, &given));
	plan_finish(&argv);
	vm_config_finish(&kept);
	vm_config_finish(&given);
}

static void what_was_forgotten_cannot_be_read(void **state)
{
	const char *dir = *state;
	struct vm_config config;

	scratch_put("started.ini", "[started]\nname = web\nvm.nothing = 1\nvm.memory = 512\n", 51, 0);
	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(started_read(records_on_files(), dir, &config, NULL));
	assert_string_equal(vm_config_get(&config, SET_MEMORY), "512");
	started_forget(dir);
	assert_false(started_read(records_on_files(), dir, &config, NULL));
	vm_config_finish(&config);
}

static bool is_offered(const char *dir)
{
	struct vm_config now;
	struct last_options last;

	vm_config_init(&now, CONFIG_COMMAND_LINE);
	vm_config_set(&now, SET_IMAGE, "web.img");

	bool offered = started_offer(records_on_files(), dir, &now, &last);

	last_options_finish(&last);
	vm_config_finish(&now);
	return offered;
}

/* It may name any program: a guest that shares the directory, or an archive, must not decide what runs. */
static void what_a_keeper_did_not_write_is_never_offered(void **state)
{
	static const char theirs[] = "[started]\nname = web\nvm.memory = 512\nqemu.binary = /tmp/theirs\n";
	const char *dir = *state;
	struct vm_config given, kept;
	struct plan argv = { 0 };

	scratch_put("web.img", "", 0, 1048576);
	vm_config_init(&given, CONFIG_COMMAND_LINE);
	given.name = mem_strdup("web.img");
	vm_config_set(&given, SET_IMAGE, "web.img");
	vm_config_set(&given, SET_MEMORY, "256");
	for (int turn = 0; turn < 3; turn++) {
		plan_finish(&argv);
		keep(dir, &given, &kept, &argv);
		vm_config_finish(&kept);
		assert_true(is_offered(dir));
		if (turn == 0) {		/* written over, the same file */
			scratch_put("started.ini", theirs, sizeof(theirs) - 1, 0);
		} else if (turn == 1) {		/* another file in its place */
			scratch_put("other", theirs, sizeof(theirs) - 1, 0);
			assert_int_equal(rename("other", "started.ini"), 0);
		} else {			/* a directory that somebody has packed */
			assert_int_equal(system("cp -a started.ini other && mv other started.ini"), 0);
		}
		assert_false(is_offered(dir));
	}
	plan_finish(&argv);
	vm_config_finish(&given);
}

static void a_change_of_the_running_vm_is_recorded(void **state)
{
	static const struct { const char *key; enum setting_action action; const char *value, *then; } cases[] = {
		{ "network.publish", SETTING_ADD, "3:3", "network.publish 1:1 network.publish 2:2 network.publish 3:3" },
		{ "network.publish", SETTING_REMOVE, "1:1", "network.publish 2:2" },
		{ "network.publish", SETTING_SET, "4:4", "network.publish 4:4" },
		{ "vm.memory", SETTING_ADD, "300", "network.publish 1:1 network.publish 2:2 vm.memory 300" },
		{ "network.publish", SETTING_REMOVE, "9:9", NULL },
		{ "network.shout", SETTING_SET, "1", NULL },
		{ "publish", SETTING_SET, "1", NULL },
		{ "metadata.data", SETTING_SET, "a secret", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan plan = { 0 };
		struct error err;
		struct str text;

		strv_add(&plan.settings, "network.publish");
		strv_add(&plan.settings, "1:1");
		strv_add(&plan.settings, "network.publish");
		strv_add(&plan.settings, "2:2");
		assert_int_equal(started_change(&plan, cases[i].key, cases[i].action, cases[i].value, &err), cases[i].then != NULL);
		str_init(&text);
		for (size_t j = 0; j < plan.settings.count; j++)
			str_addf(&text, "%s%s", j ? " " : "", plan.settings.items[j]);
		assert_string_equal(text.text, cases[i].then ? cases[i].then : "network.publish 1:1 network.publish 2:2");
		str_finish(&text);
		plan_finish(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_of_the_running_vm_is_recorded),
		cmocka_unit_test_setup_teardown(a_command_line_is_kept_as_a_profile_has_it, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_profile_is_kept_as_it_was_written, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(what_a_keeper_did_not_write_is_never_offered, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(what_was_forgotten_cannot_be_read, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
