/* SPDX-License-Identifier: MIT */
#include "core/vm/config.h"
#include "core/machines/state_dir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* NULL stands for not set. */
static void assert_state(const char *image, const char *directory, const char *want)
{
	struct vm_config config;
	char *state;

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, image);
	vm_config_set(&config, SET_STATE, directory);
	state = state_dir_of(&config);
	if (want)
		assert_string_equal(state, want);
	else
		assert_null(state);
	free(state);
	vm_config_finish(&config);
}

static void the_state_directory_of_a_profile_is_told_or_beside_its_image(void **state)
{
	(void)state;
	setenv("HOME", "/home/me", 1);
	assert_state("/vm/web.iso", NULL, "/vm/web-state");
	assert_state("~/vm/web.qcow2", NULL, "/home/me/vm/web.qcow2-state");
	assert_state("/vm/web.iso", "~/st//web/", "/home/me/st/web");
	assert_state("/vm/web.iso", "", "/vm/web-state");
	assert_state(NULL, "/st", "/st");
	assert_state(NULL, NULL, NULL);
	assert_state("", NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_directory_of_a_profile_is_told_or_beside_its_image),
	};

	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
